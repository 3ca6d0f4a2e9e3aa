/// Memory seen through a descriptor: a dict of fields, or a tuple for an array or a pointer.
final class UctypesStruct: ValueHolding {
  enum Layout: Int { case littleEndian, bigEndian, native }

  let memory: BoardMemory
  let address: Int
  let descriptor: Value
  let layout: Layout
  let type: TypeHandle

  init(_ memory: BoardMemory, address: Int, descriptor: Value, layout: Layout, type: TypeHandle) {
    self.memory = memory
    self.address = Int(UInt32(truncatingIfNeeded: address))
    self.descriptor = descriptor
    self.layout = layout
    self.type = type
  }

  func visitValues(_ visit: (Value) -> Void) { visit(descriptor) }

  var isPointer: Bool {
    guard let tuple = TupleHandle(descriptor), tuple.count > 0, tuple[0].isSmallInt else { return false }
    return AggregateDescriptor.Kind(tuple[0].smallInt) == .pointer
  }

  private func sub(_ descriptor: Value, at address: Int, _ vm: Interpreter) -> Value {
    vm.heap.native(
      type, UctypesStruct(memory, address: address, descriptor: descriptor, layout: layout, type: type))
  }

  private func descriptor(of name: Value, _ vm: Interpreter) throws(Raised) -> Value {
    guard let fields = DictHandle(descriptor) else { throw vm.error(.typeError, "struct: no fields") }
    let field = fields.get(interned: name)
    if field.isUnbound { throw vm.keyError(name) }
    return field
  }

  func field(_ name: Value, _ vm: Interpreter) throws(Raised) -> Value {
    let field = try descriptor(of: name, vm)
    if field.isSmallInt { return try ScalarDescriptor(field.smallInt).load(self, vm) }
    let aggregate = try AggregateDescriptor(field, vm)
    let start = address + aggregate.offset
    switch aggregate.kind {
    case .structure: return sub(aggregate.items[1], at: start, vm)
    case .array where aggregate.items.count == 2 && aggregate.elementCode == .uint8:
      return try memory.bytearray(at: start, count: aggregate.count, vm)
    case .array, .pointer: return sub(field, at: start, vm)
    }
  }

  func setField(_ name: Value, _ value: Value, _ vm: Interpreter) throws(Raised) {
    let field = try descriptor(of: name, vm)
    guard field.isSmallInt else { throw vm.uctypesSyntaxError() }
    try ScalarDescriptor(field.smallInt).store(value, self, vm)
  }

  func pointerTarget(_ vm: Interpreter) throws(Raised) -> Int {
    let place = try memory.place(at: address, count: 4, vm)
    return Int(place.loadUnaligned(as: UInt32.self).littleEndian)
  }

  private func aggregate(_ vm: Interpreter) throws(Raised) -> AggregateDescriptor {
    guard TupleHandle(descriptor) != nil else { throw vm.error(.typeError, "struct: can't index") }
    return try AggregateDescriptor(descriptor, vm)
  }

  func item(_ index: Int, _ vm: Interpreter) throws(Raised) -> Value {
    let aggregate = try aggregate(vm)
    if aggregate.kind == .pointer {
      let target = try pointerTarget(vm)
      let element = aggregate.items[1]
      if element.isSmallInt, let code = ScalarCode(rawValue: element.smallInt >> 27 & 15) {
        return try ScalarDescriptor(code, offset: target &+ index &* code.size &- address).load(self, vm)
      }
      return sub(element, at: target &+ index &* (try UctypesDescriptor(element, layout, vm).size), vm)
    }
    try check(index, in: aggregate, vm)
    if aggregate.items.count == 2 {
      return try ScalarDescriptor(aggregate.elementCode, offset: index * aggregate.elementCode.size).load(
        self, vm)
    }
    let element = aggregate.items[2]
    return sub(element, at: address + index * (try UctypesDescriptor(element, layout, vm).size), vm)
  }

  func setItem(_ index: Int, _ value: Value, _ vm: Interpreter) throws(Raised) {
    let aggregate = try aggregate(vm)
    guard aggregate.kind == .array, aggregate.items.count == 2 else { throw vm.uctypesSyntaxError() }
    try check(index, in: aggregate, vm)
    try ScalarDescriptor(aggregate.elementCode, offset: index * aggregate.elementCode.size).store(
      value, self, vm)
  }

  private func check(_ index: Int, in aggregate: AggregateDescriptor, _ vm: Interpreter) throws(Raised) {
    guard 0..<aggregate.count ~= index else { throw vm.error(.indexError, "struct: index out of range") }
  }
}
