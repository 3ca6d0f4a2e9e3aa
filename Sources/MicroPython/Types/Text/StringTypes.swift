/// `str` and `bytes`.
extension Interpreter {
  func installStringTypes() {
    let str = heap.types.str.info
    str.make = { vm, _, arguments throws(Raised) in try StringConstructor.makeString(vm, arguments) }
    str.print = { _, value, style, output throws(Raised) in
      guard let string = StringHandle(value) else { return }
      switch style {
      case .str: output.write(string.utf8)
      case .json: QuotedText.write(json: string.utf8, to: &output)
      case .repr, .exception: QuotedText.write(string: string.utf8, to: &output)
      }
    }
    str.unary = { vm, operation, value throws(Raised) in
      guard let string = StringHandle(value) else { return .unbound }
      switch operation {
      case .bool: return Value(string.byteCount != 0)
      case .length: return vm.heap.int(string.characterCount)
      case .hash: return vm.heap.int(string.hash)
      default: return .unbound
      }
    }
    str.getItem = StringIndexing.getItem
    define(heap.types.str) { type in
      TextMethods.install(in: type)
      type.method("encode", 0...2, StringConstructor.encode)
    }
    installCommonSlots(heap.types.str)
    installBytes()
  }

  private func installBytes() {
    let bytes = heap.types.bytes.info
    bytes.make = { vm, _, arguments throws(Raised) in try StringConstructor.makeBytes(vm, arguments) }
    bytes.print = { _, value, style, output throws(Raised) in
      guard let bytes = BytesHandle(value) else { return }
      if style == .json {
        QuotedText.write(json: bytes.contents, to: &output)
      } else {
        output.write("b")
        QuotedText.write(bytes: bytes.contents, to: &output)
      }
    }
    bytes.unary = { vm, operation, value throws(Raised) in
      guard let bytes = BytesHandle(value) else { return .unbound }
      switch operation {
      case .bool: return Value(bytes.count != 0)
      case .length: return vm.heap.int(bytes.count)
      case .hash: return vm.heap.int(bytes.hash)
      default: return .unbound
      }
    }
    bytes.getItem = { vm, value, index throws(Raised) in
      guard let bytes = BytesHandle(value) else { return .unbound }
      if let range = try StringIndexing.range(vm, index, count: bytes.count) {
        return vm.heap.bytes(bytes.contents[range])
      }
      return vm.heap.int(
        Int(bytes.contents[try vm.position(index, in: value, count: bytes.count)]))
    }
    define(heap.types.bytes) { type in
      TextMethods.install(in: type)
      TextMethods.installHex(in: type)
      type.method("decode", 0...2, StringConstructor.decode)
    }
    installCommonSlots(heap.types.bytes)
  }

  private func installCommonSlots(_ type: TypeHandle) {
    type.info.binary = StringArithmetic.binary
    type.info.iterate = { vm, value throws(Raised) in vm.heap.sequenceIterator(over: value) }
    type.info.buffer = { _, value in
      guard let data = CharacterData(value), let start = data.contents.baseAddress else { return nil }
      // Invariant: memory that is not writable is never written through a view.
      return BufferView(
        start: UnsafeMutableRawPointer(mutating: start), byteCount: data.contents.count,
        typeCode: UInt8(ascii: "B"), isWritable: false)
    }
  }
}
