/// `uctypes`: structures laid over memory. Memory is what `addressof` has given an address; there is no other.
enum UctypesModule: PythonModule {
  static let name = "uctypes"

  static func define(_ module: PythonModuleBuilder<Interpreter>) {
    let memory = module.vm.memory
    let structures = module.add(UctypesStructClass.self)
    let unbacked = UnbackedMemoryTypes(module.vm)
    module.function("sizeof", .required("struct", .value), .optional("layout", .layout)) {
      call, value, layout in
      let vm = call.vm
      if let structure = structures.receiver(ifAny: value) {
        if layout != nil { throw vm.error(.typeError) }
        return try UctypesDescriptor(structure.descriptor, structure.layout, vm).size
      }
      if let memory = vm.unbackedMemoryIfAny(value) { return memory.count }
      if let array = ArrayHandle(value) { return array.count * array.itemSize }
      if value.isSmallInt { throw PythonError.type("can't unambiguously get sizeof scalar") }
      return try UctypesDescriptor(value, layout ?? .native, vm).size
    }
    module.function("addressof", .required("obj", .value)) { call, value in
      if let structure = structures.receiver(ifAny: value) { return structure.address }
      if let memory = call.vm.unbackedMemoryIfAny(value) { return memory.address }
      let view = try call.vm.buffer(value, writable: false)
      return memory.address(of: call.vm.native(of: value), byteCount: view.byteCount)
    }
    module.function("bytes_at", .required("addr", .value), .required("size", .int)) { call, address, count in
      let address = try ArgumentType.boardAddress.read(call.vm, address)
      return Array(try memory.place(at: address, count: count, call.vm))
    }
    module.function("bytearray_at", .required("addr", .boardAddress), .required("size", .int)) {
      call, address, count in
      // Only an access fails where there is no memory.
      if count >= 0, !memory.contains(address, count: count) {
        return unbacked.make(address: address, count: count, isMemoryview: false, call.vm)
      }
      return try memory.bytearray(at: address, count: count, call.vm)
    }
    for (name, value) in UctypesConstants.all { module.constant(name, value) }
  }
}

extension ArgumentType<Int> {
  /// An address: its lower 32 bits, as on the board.
  fileprivate static var boardAddress: Self {
    Self { (vm, value) throws(Raised) in Int(UInt32(truncatingIfNeeded: try vm.bigInt(value))) }
  }
}

extension ArgumentType<UctypesStruct.Layout> {
  fileprivate static var layout: Self {
    Self { (vm, value) throws(Raised) in
      guard let layout = UctypesStruct.Layout(rawValue: try vm.int(value)) else {
        throw vm.error(.valueError, "bad layout")
      }
      return layout
    }
  }
}

/// `uctypes.struct`
private enum UctypesStructClass: PythonClass {
  static let name = "struct"

  static func define(_ type: PythonClassBuilder<Interpreter, UctypesStruct>) {
    let (memory, objects) = (type.vm.memory, type.objects)
    type.make(
      .required("addr", .boardAddress), .required("descriptor", .value),
      .optional("layout", .layout, default: .native)
    ) { _, address, descriptor, layout in
      UctypesStruct(memory, address: address, descriptor: descriptor, layout: layout, type: objects.type)
    }
    type.print { structure in
      let kind =
        DictHandle(structure.descriptor) != nil
        ? "STRUCT"
        : TupleHandle(structure.descriptor) == nil ? "ERROR" : structure.isPointer ? "PTR" : "ARRAY"
      return "<struct \(kind) \(String(structure.address, radix: 16))>"
    }
    defineSlots(of: type)
  }

  private static func defineSlots(of type: PythonClassBuilder<Interpreter, UctypesStruct>) {
    let (memory, objects, slots) = (type.vm.memory, type.objects, type.slots)
    slots.getAttribute = { (vm, value, name) throws(Raised) in
      try objects.receiver(ifAny: value)?.field(name, vm) ?? .unbound
    }
    slots.setAttribute = { (vm, value, name, newValue) throws(Raised) in
      guard let structure = objects.receiver(ifAny: value), !newValue.isUnbound else { return false }
      try structure.setField(name, newValue, vm)
      return true
    }
    slots.getItem = { (vm, value, index) throws(Raised) in
      try objects.receiver(of: value).item(try vm.int(index), vm)
    }
    slots.setItem = { (vm, value, index, newValue) throws(Raised) in
      try objects.receiver(of: value).setItem(try vm.int(index), newValue, vm)
    }
    slots.unary = { (vm, operation, value) throws(Raised) in
      guard operation == .integer, let structure = objects.receiver(ifAny: value), structure.isPointer
      else { return .unbound }
      return vm.heap.int(try structure.pointerTarget(vm))
    }
    slots.buffer = { vm, value in
      guard let structure = objects.receiver(ifAny: value) else { return nil }
      do throws(Raised) {
        let size = try UctypesDescriptor(structure.descriptor, structure.layout, vm).size
        let place = try memory.place(at: structure.address, count: size, vm)
        guard let start = place.baseAddress else { return nil }
        return BufferView(start: start, byteCount: size, typeCode: UInt8(ascii: "B"), isWritable: true)
      } catch {
        return nil
      }
    }
  }
}
