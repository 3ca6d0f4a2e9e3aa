/// Read access to anything with the buffer protocol.
enum ByteView {
  /// A copy of the object's bytes, or nil if it has none.
  static func contents(of value: Value, _ vm: Interpreter) -> [UInt8]? {
    guard let view = vm.type(of: value).info.buffer?(vm, value) else { return nil }
    return Array(view.bytes)
  }
}
