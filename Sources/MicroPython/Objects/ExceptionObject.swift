/// An exception object of a built-in exception type (or the native part of a firmware one).
package struct ExceptionObject {
  var header: ObjectHeader
  /// Tuple of the constructor's arguments.
  var arguments: Value
  /// Owned by the object.
  var traceback: Unmanaged<Traceback>
}

package struct TracebackEntry: Hashable, Sendable {
  package var file: String
  package var line: Int
  package var function: String
  package init(file: String, line: Int, function: String) {
    self.file = file
    self.line = line
    self.function = function
  }
}

/// The places that an exception has passed, innermost first.
package final class Traceback {
  package var entries: [TracebackEntry] = []
  /// How many entries there were room for while memory could be had; forgetting entries leaves the room.
  var room = 0
}

package struct ExceptionHandle: ObjectHandle {
  package typealias Layout = ExceptionObject
  package static let kind = ObjectKind.exception
  package let pointer: UnsafeMutablePointer<ExceptionObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<ExceptionObject>) { self.pointer = pointer }
  package var arguments: TupleHandle { TupleHandle(unchecked: pointer.pointee.arguments) }
  package var traceback: Traceback { pointer.pointee.traceback.takeUnretainedValue() }
}
