/// What is known about the interrupt handler that this thread runs just now.
package enum HandlerScope {
  /// The object that is all the handler's closure holds on to; nil for a closure that holds more, or nothing.
  ///
  /// Whatever such a handler does, it leaves no trace but in that object: if that is a flag, an event is lost when the
  /// flag was set already.
  @TaskLocal package static var onlyCapture: ObjectIdentifier?
}
