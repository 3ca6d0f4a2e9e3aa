import Timebase

/// The bytecode loop's position. Its members live in machine registers between `reload` and `sync`.
struct LoopPosition {
  let state: UnsafeMutablePointer<MachineState>
  var frame: UnsafeMutablePointer<Frame>
  var registers: UnsafeMutablePointer<Value>
  var pc: UnsafePointer<Instruction>
  var budget: Int64

  /// The frame on top.
  @inline(__always) init(_ state: UnsafeMutablePointer<MachineState>) {
    self.state = state
    frame = state.pointee.frame
    registers = frame.pointee.registers
    pc = frame.pointee.pc
    budget = state.pointee.account.pointee.remaining
  }

  /// The running code. Not kept, so that registers are left for values that every instruction needs.
  @inline(__always) var code: UnsafeMutablePointer<CodeObject> { frame.pointee.code }

  /// Charges the board time of the instructions since the last charge, this one included.
  @inline(__always) mutating func charge(_ instruction: Instruction) { budget &-= instruction.nanoseconds }

  /// Goes on in the frame on top after `frame` was changed.
  @inline(__always) mutating func takeFrame() {
    state.pointee.frame = frame
    registers = frame.pointee.registers
    pc = frame.pointee.pc
  }

  /// Writes back what others may look at.
  @inline(__always) func sync() {
    frame.pointee.pc = pc
    state.pointee.account.pointee.remaining = budget
  }

  /// Takes up what others may have changed.
  @inline(__always) mutating func reload() { self = LoopPosition(state) }
}

extension Interpreter {
  /// Stands behind what can allocate or call but does not leave the loop otherwise.
  @inline(__always) func attend(_ at: inout LoopPosition) throws(Raised) {
    if _slowPath(at.state.pointee.needsAttention) {
      at.sync()
      try safePoint()
      at.reload()
    }
  }

  /// Stands before instructions that store to places where an interrupt handler may store too; its cost is
  /// that of the instructions before it, as far as it has not been charged.
  @inline(__always) func mayBeInterrupted(
    _ at: inout LoopPosition, before store: Instruction
  ) throws(Raised) {
    if _slowPath(at.budget <= store.nanoseconds) {
      at.sync()
      try safePoint(before: store)
      at.reload()
    }
  }
}
