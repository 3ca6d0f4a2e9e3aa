/// `uctypes`: structures laid over memory. Memory is what `addressof` has given an address; there is no other.
extension Interpreter {
  func addUctypesModule() {
    addModule("uctypes") { module in
      let vm = module.vm
      let memory = vm.memory
      let type = vm.makeUctypesStructType(memory)
      let unbacked = UnbackedMemoryTypes(vm)
      module.attribute("struct", type.value)
      module.function("sizeof", 1...2) { vm, args throws(Raised) in
        if let structure = NativeHandle(args[0])?.payload as? UctypesStruct {
          if args.count > 1 { throw vm.error(.typeError) }
          return vm.heap.int(try UctypesDescriptor(structure.descriptor, structure.layout, vm).size)
        }
        if let memory = vm.unbackedMemoryIfAny(args[0]) { return vm.heap.int(memory.count) }
        if let array = ArrayHandle(args[0]) { return vm.heap.int(array.count * array.itemSize) }
        if args[0].isSmallInt { throw vm.error(.typeError, "can't unambiguously get sizeof scalar") }
        let layout = try vm.memoryLayout(args.optional(1))
        return vm.heap.int(try UctypesDescriptor(args[0], layout, vm).size)
      }
      module.function("addressof", 1...1) { vm, args throws(Raised) in
        if let structure = NativeHandle(args[0])?.payload as? UctypesStruct {
          return vm.heap.int(structure.address)
        }
        if let memory = vm.unbackedMemoryIfAny(args[0]) { return vm.heap.int(memory.address) }
        let view = try vm.buffer(args[0], writable: false)
        return vm.heap.int(memory.address(of: vm.native(of: args[0]), byteCount: view.byteCount))
      }
      module.function("bytes_at", 2...2) { vm, args throws(Raised) in
        let count = try vm.int(args[1])
        let place = try memory.place(at: try vm.boardAddress(args[0]), count: count, vm)
        return vm.heap.bytes(Array(place))
      }
      module.function("bytearray_at", 2...2) { vm, args throws(Raised) in
        let (address, count) = (try vm.boardAddress(args[0]), try vm.int(args[1]))
        // Only an access fails where there is no memory.
        if count >= 0, !memory.contains(address, count: count) {
          return unbacked.make(address: address, count: count, isMemoryview: false, vm)
        }
        return try memory.bytearray(at: address, count: count, vm)
      }
      for (name, value) in UctypesConstants.all { module.attribute(name, Value(smallInt: value)) }
    }
  }

  /// An address argument: its lower 32 bits, as on the board.
  private func boardAddress(_ value: Value) throws(Raised) -> Int {
    Int(UInt32(truncatingIfNeeded: try bigInt(value)))
  }

  private func memoryLayout(_ value: Value) throws(Raised) -> UctypesStruct.Layout {
    if value.isUnbound { return .native }
    guard let layout = UctypesStruct.Layout(rawValue: try int(value)) else {
      throw error(.valueError, "bad layout")
    }
    return layout
  }

  private func makeUctypesStructType(_ memory: BoardMemory) -> TypeHandle {
    let type = heap.type("struct")
    type.info.make = { (vm, type, args) throws(Raised) in
      try vm.require(args, 2...3)
      return vm.heap.native(
        type,
        UctypesStruct(
          memory, address: try vm.boardAddress(args[0]), descriptor: args[1],
          layout: try vm.memoryLayout(args.optional(2)),
          type: type))
    }
    type.info.print = { vm, value, _, output in
      guard let structure = NativeHandle(value)?.payload as? UctypesStruct else { return }
      let kind =
        DictHandle(structure.descriptor) != nil
        ? "STRUCT"
        : TupleHandle(structure.descriptor) == nil ? "ERROR" : structure.isPointer ? "PTR" : "ARRAY"
      output.write("<struct \(kind) \(String(structure.address, radix: 16))>")
    }
    type.info.getAttribute = { (vm, value, name) throws(Raised) in
      guard let structure = NativeHandle(value)?.payload as? UctypesStruct else { return .unbound }
      return try structure.field(name, vm)
    }
    type.info.setAttribute = { (vm, value, name, newValue) throws(Raised) in
      guard let structure = NativeHandle(value)?.payload as? UctypesStruct, !newValue.isUnbound else {
        return false
      }
      try structure.setField(name, newValue, vm)
      return true
    }
    type.info.getItem = { (vm, value, index) throws(Raised) in
      guard let structure = NativeHandle(value)?.payload as? UctypesStruct else { return .none }
      return try structure.item(try vm.int(index), vm)
    }
    type.info.setItem = { (vm, value, index, newValue) throws(Raised) in
      guard let structure = NativeHandle(value)?.payload as? UctypesStruct else { return }
      try structure.setItem(try vm.int(index), newValue, vm)
    }
    type.info.unary = { (vm, operation, value) throws(Raised) in
      guard operation == .integer, let structure = NativeHandle(value)?.payload as? UctypesStruct,
        structure.isPointer
      else { return .unbound }
      return vm.heap.int(try structure.pointerTarget(vm))
    }
    type.info.buffer = { vm, value in
      guard let structure = NativeHandle(value)?.payload as? UctypesStruct else { return nil }
      do throws(Raised) {
        let size = try UctypesDescriptor(structure.descriptor, structure.layout, vm).size
        let place = try memory.place(at: structure.address, count: size, vm)
        guard let start = place.baseAddress else { return nil }
        return BufferView(start: start, byteCount: size, typeCode: UInt8(ascii: "B"), isWritable: true)
      } catch {
        return nil
      }
    }
    return type
  }
}
