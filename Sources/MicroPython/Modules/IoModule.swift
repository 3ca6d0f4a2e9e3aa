/// `io`; the port adds `open`.
extension Interpreter {
  func addIoModule() {
    addModule("io") { [unowned self] module in
      module.attribute("IOBase", makeStreamBase().value)
      module.attribute("StringIO", makeMemoryStreamType("StringIO", isText: true).value)
      module.attribute("BytesIO", makeMemoryStreamType("BytesIO", isText: false).value)
      let open = builtins.get(interned: heap.intern("open"))
      if !open.isUnbound { module.attribute("open", open) }
    }
  }

  /// `io.IOBase` itself does nothing; classes derived from it become streams through their own methods.
  private func makeStreamBase() -> TypeHandle {
    let type = heap.type("IOBase")
    type.info.make = { vm, type, _ in vm.heap.native(type, StreamBase()) }
    type.info.stream = { _, value in FirmwareStream(value) }
    return type
  }

  private func makeMemoryStreamType(_ name: String, isText: Bool) -> TypeHandle {
    let type = heap.type(name)
    type.info.make = { (vm, type, args) throws(Raised) in
      try vm.require(args, 0...1)
      var contents: [UInt8] = []
      var capacity = 16
      // An integer reserves room.
      if args.count > 0, args[0].isSmallInt {
        capacity = max(0, try vm.int(args[0]))
      } else if args.count > 0 {
        contents = try vm.bytes(args[0])
        capacity = max(capacity, contents.count)
      }
      try vm.requireBoardMemory(capacity)
      let stream = MemoryStream(contents, isText: isText, capacity: capacity)
      stream.object = vm.heap.native(type, stream, boardBytes: 16 + capacity)
      return stream.object
    }
    type.info.print = { vm, value, _, output in
      output.write("<io.\(name) 0x\(String(vm.heap.boardAddress(of: value), radix: 16))>")
    }
    makeStreams(of: type)
    iterateByLines(type)
    define(type) { builder in
      defineStreamMethods(
        [.read, .readinto, .readline, .write, .seek, .tell, .flush, .close, .enter, .exit], on: builder)
      builder.method("getvalue", 0...0) { vm, args throws(Raised) in
        guard let stream = NativeHandle(args[0])?.payload as? MemoryStream else {
          throw vm.streamUnsupported()
        }
        let contents = try stream.openContents(vm)
        return isText ? try vm.string(ofUTF8: contents) : vm.heap.bytes(contents)
      }
    }
    return type
  }
}

/// The empty native part of an instance of a class derived from `io.IOBase`.
private final class StreamBase {}
