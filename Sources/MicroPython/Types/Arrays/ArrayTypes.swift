/// `array`
enum ArrayModule: PythonModule {
  static let name = "array"
  static let aliases = ["uarray"]

  static func define(_ module: PythonModuleBuilder<Interpreter>) {
    module.constant("array", module.vm.heap.types.array.value)
  }
}

/// `bytearray`, `array.array` and `memoryview`.
extension Interpreter {
  func installArrayTypes() {
    let types = heap.types
    types.bytearray.info.make = { vm, _, arguments throws(Raised) in
      try ArrayConstructor.makeBytearray(vm, arguments)
    }
    types.array.info.make = { vm, _, arguments throws(Raised) in try ArrayConstructor.makeArray(vm, arguments)
    }
    types.memoryview.info.make = { vm, _, arguments throws(Raised) in
      try ArrayConstructor.makeMemoryview(vm, arguments)
    }
    for type in [types.bytearray, types.array, types.memoryview] { installSlots(type) }
    types.bytearray.info.print = { _, value, _, output throws(Raised) in
      guard let array = ArrayHandle(value) else { return }
      output.write("bytearray(b")
      QuotedText.write(bytes: array.bytes, to: &output)
      output.write(")")
    }
    types.array.info.print = { vm, value, _, output throws(Raised) in
      guard let array = ArrayHandle(value) else { return }
      output.write("array('\(Unicode.Scalar(array.typeCode))'")
      for index in 0..<array.count {
        output.write(index == 0 ? ", [" : ", ")
        try vm.print(array.item(at: index, in: vm.heap), .repr, into: &output)
      }
      output.write(array.count > 0 ? "])" : ")")
    }
    defineMethods()
  }

  private func installSlots(_ type: TypeHandle) {
    let info = type.info
    info.unary = { vm, operation, value throws(Raised) in
      guard let array = ArrayHandle(value) else { return .unbound }
      switch operation {
      case .bool: return Value(array.count != 0)
      case .length: return vm.heap.int(array.count)
      default: return .unbound
      }
    }
    info.binary = ArrayArithmetic.binary
    info.getItem = ArrayIndexing.getItem
    info.setItem = ArrayIndexing.setItem
    info.iterate = { vm, value throws(Raised) in vm.heap.sequenceIterator(over: value) }
    info.buffer = { _, value in ArrayHandle(value)?.view(isWritable: false) }
  }

  private func defineMethods() {
    let types = heap.types
    for type in [types.bytearray, types.array] {
      define(type) { type in
        type.method("append", 1...1, ArrayArithmetic.append)
        type.method("extend", 1...1) { vm, arguments throws(Raised) in
          try ArrayArithmetic.extend(vm, arguments[0], by: arguments[1])
          return .none
        }
      }
    }
    define(types.bytearray) { type in
      TextMethods.install(in: type)
      TextMethods.installHex(in: type)
      type.method("decode", 0...2, StringConstructor.decode)
    }
    define(types.memoryview) { type in type.method("hex", 0...1, TextMethods.hex) }
    let itemSizeName = heap.intern("itemsize")
    types.memoryview.info.getAttribute = { vm, value, name throws(Raised) in
      guard name == itemSizeName, let array = ArrayHandle(value) else { return .unbound }
      return vm.heap.int(array.itemSize)
    }
  }
}
