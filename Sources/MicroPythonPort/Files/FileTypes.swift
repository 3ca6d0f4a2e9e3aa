import MicroPython

/// The types of files: text and bytes.
struct FileTypes {
  private let text: TypeHandle
  private let binary: TypeHandle

  init(_ vm: Interpreter) {
    text = Self.makeType("TextIOWrapper", vm)
    binary = Self.makeType("FileIO", vm)
  }

  /// A file object.
  func make(_ stream: any NativeStream, _ vm: Interpreter) -> Value {
    vm.heap.native(stream.isText ? text : binary, stream, boardBytes: 600)
  }

  private static func makeType(_ name: String, _ vm: Interpreter) -> TypeHandle {
    let type = vm.heap.type(name)
    vm.makeStreams(of: type)
    vm.iterateByLines(type)
    type.info.print = { vm, value, _, output in
      output.write("<io.\(name) \(String(vm.heap.boardAddress(of: value), radix: 16))>")
    }
    vm.define(type) { builder in
      vm.defineStreamMethods(
        [.read, .readinto, .readline, .readlines, .write, .seek, .tell, .flush, .close, .enter, .exit],
        on: builder)
    }
    return type
  }
}
