/// A read or a write of something that several tasks can reach.
package struct SharedAccess {
  /// The place that is read or written.
  package struct Target: Hashable {
    package enum Part: Hashable {
      /// A name in a module, an attribute.
      case name(Value)
      /// The variable of a closure.
      case variable
      case item(Value)
      case textItem(String)
      /// A container's contents, as a whole.
      case content
    }

    /// The module's dictionary, the closure's cell, the object or the container.
    package let owner: Value
    package let part: Part
  }

  package let target: Target
  package let site: CallSite
  /// Whether it is written with something that can have been worked out from an older value: more than True, False or
  /// None.
  package let isUpdate: Bool
  package let isWrite: Bool

  /// In the place of a register: the written value is new, see `StaleReadAnalysis.swift`. (A function has
  /// fewer registers.)
  static let newData = Int(UInt16.max)
}

extension CallSite {
  /// The source text of the place that is read or written.
  package var accessedName: String {
    guard let code else { return "?" }
    return CodeHandle(pointer: code).accessedName(at: instruction)
  }
}

extension Interpreter {
  private func tellObservers(_ access: SharedAccess) { sharedAccesses.callEach { $0(access) } }

  /// Reports the access of a `watch…` instruction of the running frame to the observer.
  func watch(_ instruction: Instruction) {
    guard !sharedAccesses.isEmpty, heap.lockDepth == 0 else { return }
    let frame = state.pointee.frame
    let registers = frame.pointee.registers
    func tell(_ owner: Value, _ part: SharedAccess.Target.Part, _ current: Value, writing source: Int? = nil)
    {
      let isUpdate = source.map { $0 != SharedAccess.newData && !registers[$0].isPlainState } ?? false
      if source == nil && !current.isSharedData { return }
      tellObservers(
        SharedAccess(
          target: .init(owner: owner, part: part),
          site: CallSite(code: frame.pointee.code, pc: frame.pointee.pc), isUpdate: isUpdate,
          isWrite: source != nil))
    }
    func name() -> Value { frame.pointee.code.pointee.names[instruction.b] }
    let source = instruction.opcode.isWatchOfWrite ? instruction.c : nil
    switch instruction.opcode {
    case .watchGlobalRead, .watchGlobalWrite:
      let globals = DictHandle(pointer: frame.pointee.globals)
      tell(globals.value, .name(name()), globals.get(interned: name()), writing: source)
    case .watchCellRead, .watchCellWrite:
      let cell = registers[instruction.a]
      tell(cell, .variable, cell.address(as: CellObject.self).pointee.content, writing: source)
    case .watchAttributeRead, .watchAttributeWrite:
      guard let instance = InstanceHandle(registers[instruction.a]) else { return }
      tell(instance.value, .name(name()), instance.get(name()), writing: source)
    case .watchItemRead, .watchItemWrite:
      let container = registers[instruction.a]
      guard let part = Self.part(of: registers[instruction.b]) else { return }
      tell(container, part, item(registers[instruction.b], of: container), writing: source)
    case .watchItemIntRead:
      let index = Value(smallInt: instruction.signedC)
      tell(registers[instruction.a], .item(index), item(index, of: registers[instruction.a]))
    case .watchContentRead, .watchContentWrite:
      let container = registers[instruction.a]
      guard container.isSharedContainer else { return }
      tellObservers(
        SharedAccess(
          target: .init(owner: container, part: .content),
          site: CallSite(code: frame.pointee.code, pc: frame.pointee.pc),
          isUpdate: instruction.opcode == .watchContentWrite && instruction.c != SharedAccess.newData,
          isWrite: instruction.opcode == .watchContentWrite))
    default: break
    }
  }

  private static func part(of key: Value) -> SharedAccess.Target.Part? {
    if let text = StringHandle(key)?.text { return .textItem(text) }
    return key.isObject ? nil : .item(key)
  }

  /// Returns the item of a list or dictionary; unbound for anything else, whose `__getitem__` may do
  /// anything.
  private func item(_ key: Value, of container: Value) -> Value {
    if let list = ListHandle(container), key.isSmallInt {
      let index = key.smallInt < 0 ? key.smallInt + list.count : key.smallInt
      return (0..<list.count).contains(index) ? list.pointer.pointee.items[index] : .unbound
    }
    guard let dict = DictHandle(container) else { return .unbound }
    do throws(Raised) { return try dictGet(dict, key) } catch { return .unbound }
  }
}

extension Value {
  /// Whether a variable that holds it is data; functions, classes and modules are hardly ever replaced.
  fileprivate var isSharedData: Bool {
    switch kind {
    case .function, .nativeFunction, .boundMethod, .type, .module: false
    case nil: !isUnbound
    default: true
    }
  }

  /// True, False and None set a state, whatever was before.
  fileprivate var isPlainState: Bool { isBool || isNone }

  fileprivate var isSharedContainer: Bool {
    switch kind {
    case .list, .dict, .set, .array, .native: true
    default: false
    }
  }
}

extension Opcode {
  fileprivate var isWatchOfWrite: Bool {
    switch self {
    case .watchGlobalWrite, .watchCellWrite, .watchAttributeWrite, .watchItemWrite: true
    default: false
    }
  }
}
