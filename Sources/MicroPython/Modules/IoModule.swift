/// `io`; the port adds `open`.
enum IoModule: PythonModule {
  static let name = "io"
  static let aliases = ["uio"]

  static func define(_ module: PythonModuleBuilder<Interpreter>) {
    module.add(IOBaseClass.self)
    module.add(StringIOClass.self)
    module.add(BytesIOClass.self)
    let open = module.vm.builtins.get(interned: module.vm.heap.intern("open"))
    if !open.isUnbound { module.constant("open", open) }
  }
}

/// `io.IOBase` itself does nothing; classes derived from it become streams through their own methods.
private enum IOBaseClass: PythonClass {
  static let name = "IOBase"

  static func define(_ type: PythonClassBuilder<Interpreter, StreamBase>) {
    type.make(.rest) { _, _ in StreamBase() }
    type.slots.stream = { _, value in FirmwareStream(value) }
  }
}

/// The empty native part of an instance of a class derived from `io.IOBase`.
private final class StreamBase {}

private enum StringIOClass: PythonClass {
  static let name = "StringIO"

  static func define(_ type: PythonClassBuilder<Interpreter, MemoryStream>) {
    type.streamsInMemory(name, isText: true)
    type.method("getvalue") { stream, call in try call.vm.string(ofUTF8: stream.openContents(call.vm)) }
  }
}

private enum BytesIOClass: PythonClass {
  static let name = "BytesIO"

  static func define(_ type: PythonClassBuilder<Interpreter, MemoryStream>) {
    type.streamsInMemory(name, isText: false)
    type.method("getvalue") { stream, call in try stream.openContents(call.vm) }
  }
}

extension PythonClassBuilder<Interpreter, MemoryStream> {
  fileprivate func streamsInMemory(_ name: String, isText: Bool) {
    let objects = objects
    make(.optional("initial_value", .value)) { call, given -> Value in
      var contents: [UInt8] = []
      var capacity = 16
      // An integer reserves room.
      if let given, given.isSmallInt {
        capacity = max(0, try call.vm.int(given))
      } else if let given {
        contents = try call.vm.bytes(given)
        capacity = max(capacity, contents.count)
      }
      try call.vm.requireBoardMemory(capacity)
      let stream = MemoryStream(contents, isText: isText, capacity: capacity)
      stream.object = objects.make(stream, boardBytes: 16 + capacity)
      return stream.object
    }
    print { _, call in "<io.\(name) 0x\(String(call.vm.heap.boardAddress(of: call.object), radix: 16))>" }
    streams([.read, .readinto, .readline, .write, .seek, .tell, .flush, .close, .enter, .exit])
  }
}
