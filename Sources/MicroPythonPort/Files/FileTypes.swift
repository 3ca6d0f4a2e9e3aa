import MicroPython

/// The types of files: text and bytes.
struct FileTypes {
  private let text: TypeHandle
  private let binary: TypeHandle

  /// - Parameter showsAddress: whether a file's text has its address, as with FAT; littlefs's files have none.
  init(_ vm: Interpreter, showsAddress: Bool = true) {
    text = Self.makeType("TextIOWrapper", showsAddress, vm)
    binary = Self.makeType("FileIO", showsAddress, vm)
  }

  /// A file object.
  func make(_ stream: any NativeStream, _ vm: Interpreter) -> Value {
    vm.heap.native(stream.isText ? text : binary, stream, boardBytes: 600)
  }

  private static func makeType(_ name: String, _ showsAddress: Bool, _ vm: Interpreter) -> TypeHandle {
    let type = vm.heap.type(name)
    vm.makeStreams(of: type)
    vm.iterateByLines(type)
    type.info.print = { vm, value, _, output in
      let address = showsAddress ? " \(String(vm.heap.boardAddress(of: value), radix: 16))" : ""
      output.write("<io.\(name)\(address)>")
    }
    vm.define(type) { builder in
      vm.defineStreamMethods(
        [.read, .readinto, .readline, .readlines, .write, .seek, .tell, .flush, .close, .enter, .exit],
        on: builder)
    }
    return type
  }
}
