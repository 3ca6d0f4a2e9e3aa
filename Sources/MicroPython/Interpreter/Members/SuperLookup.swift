/// Attributes seen through `super()`.
extension Interpreter {
  /// An attribute of the bases of `type`, bound to the receiver; `unbound` if none has it.
  func superAttribute(_ name: Value, after type: TypeHandle, receiver: Value) throws(Raised) -> Value {
    for base in type.info.bases {
      let isNativeBase = !base.info.isFirmwareClass && base != heap.types.object
      if isNativeBase && name == names.initialize { return heap.boundMethod(nativeInitializer, receiver) }
      let member = base.info.lookUp(name)
      if !member.isUnbound {
        return try bindSuper(member, isNative: member.isKind(.nativeFunction), receiver)
      }
      if isNativeBase, let load = inheritedGetAttribute(base) {
        let value = try load(self, native(of: receiver), name)
        if !value.isUnbound { return value }
      }
      if name == names.initialize, base.info.nativeBase != nil {
        return heap.boundMethod(nativeInitializer, receiver)
      }
    }
    let member = heap.types.object.info.lookUp(name)
    if !member.isUnbound { return try bindSuper(member, isNative: false, receiver) }
    // A class without bases, or whose bases define none, still has an initialiser that does nothing.
    return name == names.initialize ? heap.boundMethod(nativeInitializer, receiver) : .unbound
  }

  private func bindSuper(_ member: Value, isNative: Bool, _ receiver: Value) throws(Raised) -> Value {
    switch member.kind {
    case .function: return heap.boundMethod(member, receiver)
    case .nativeFunction: return heap.boundMethod(member, isNative ? native(of: receiver) : receiver)
    case .wrapper:
      let wrapper = WrapperHandle(unchecked: member)
      if wrapper.type == heap.types.staticMethod { return wrapper.first }
      if wrapper.type == heap.types.classMethod {
        let type = TypeHandle(receiver) ?? self.type(of: receiver)
        return heap.boundMethod(wrapper.first, type.value)
      }
      // Properties are not read through `super()` on the board.
      return member
    default: return member
    }
  }

  /// `super().__init__` where the next class is a native one: makes the native part of the receiver.
  func makeNativeInitializer() {
    nativeInitializer = heap.function("__init__", 1...Int.max, keywords: true) {
      vm, arguments throws(Raised) in
      if arguments[0].isKind(.instance) { try vm.makeNativePart(of: arguments[0], arguments.dropFirst()) }
      return .none
    }
    heap.permanentRoots.append(nativeInitializer)
  }
}
