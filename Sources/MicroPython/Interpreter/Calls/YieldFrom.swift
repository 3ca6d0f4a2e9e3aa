/// `await` and `yield from` of anything but an awaitable that parks the task at once.
extension Interpreter {
  /// The outcome of a step of `await` or `yield from`.
  enum DelegationStep {
    /// The frame on top goes on: a delegate's, or the delegating one if the delegate was finished already.
    case goesOn
    /// The delegate has returned; its result is in the register.
    case finished
    /// The delegate yielded this.
    case suspends(Value)
  }

  /// Executes `await` or `yield from` for the frame on top, whose `pc` stands behind it.
  func delegate(_ instruction: Instruction) throws(Raised) -> DelegationStep {
    let frame = state.pointee.frame
    let register = frame.pointee.registers + instruction.a
    if state.pointee.continuesDelegation {
      state.pointee.continuesDelegation = false
    } else if instruction.opcode == .await && !register.pointee.isKind(.generator) {
      register.pointee = try iterate(register.pointee)
    }
    let iterator = register.pointee
    let sent = state.pointee.sent
    state.pointee.sent = .none
    if iterator.isKind(.generator) {
      let generator = iterator.address(as: GeneratorObject.self)
      if try resume(generator, sending: sent, kind: .delegate, isEntry: false, result: register) {
        // Meanwhile, and while parked, the delegating frame stands at this instruction.
        frame.pointee.pc -= 1
      } else {
        register.pointee = generator.pointee.result
        generator.pointee.result = .none
      }
      return .goesOn
    }
    switch try stepDelegate(iterator, sending: sent) {
    case .finished(let value):
      register.pointee = value
      return .finished
    case .parked:
      register.pointee = .none
      return .suspends(.none)
    case .yielded(let value):
      frame.pointee.pc -= 1
      frame.pointee.isParkedAtDelegation = true
      return .suspends(value)
    }
  }
}
