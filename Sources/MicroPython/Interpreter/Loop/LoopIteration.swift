/// `for` loops of the bytecode loop: over ranges, lists and generators. False stands for the rest.
extension Interpreter {
  @inline(__always) func forRange(_ at: inout LoopPosition, _ instruction: Instruction) -> Bool {
    at.charge(instruction)
    let counter = at.registers + instruction.a
    guard counter[0].bits & counter[1].bits & 1 != 0 else { return false }
    // Words of small integers compare as the integers do. The step's, without its tag, can be added to one.
    let position = Int64(bitPattern: counter[0].bits)
    let stop = Int64(bitPattern: counter[1].bits)
    let step = Int64(bitPattern: counter[2].bits) &- 1
    if step > 0 ? position < stop : position > stop {
      at.registers[instruction.b] = counter[0]
      counter[0] = Value(bits: UInt64(bitPattern: position &+ step))
    } else {
      at.pc += instruction.signedC
    }
    return true
  }

  @inline(__always) func forCount(_ at: inout LoopPosition, _ instruction: Instruction) -> Bool {
    at.charge(instruction)
    let counter = at.registers + instruction.a
    guard counter[0].bits & counter[1].bits & 1 != 0 else { return false }
    let position = Int64(bitPattern: counter[0].bits)
    if position < Int64(bitPattern: counter[1].bits) {
      at.registers[instruction.b] = counter[0]
      counter[0] = Value(bits: UInt64(bitPattern: position &+ 2))
    } else {
      at.pc += instruction.signedC
    }
    return true
  }

  @inline(__always) func forIterator(_ at: inout LoopPosition, _ instruction: Instruction) -> Bool {
    at.charge(instruction)
    let iterator = at.registers[instruction.b]
    guard iterator.isOperandObject else { return false }
    switch iterator.header.pointee.kind {
    case .rangeIterator:
      let range = iterator.address(as: RangeIteratorObject.self)
      let next = range.pointee.next
      if range.pointee.step > 0 ? next < range.pointee.stop : next > range.pointee.stop {
        range.pointee.next = next &+ range.pointee.step
        at.registers[instruction.a] = Value(smallInt: next)
      } else {
        at.pc += instruction.signedC
      }
      return true
    case .sequenceIterator:
      let sequence = iterator.address(as: SequenceIteratorObject.self)
      guard sequence.pointee.source.isKind(.list) else { return false }
      let list = ListHandle(unchecked: sequence.pointee.source)
      let index = sequence.pointee.index
      if index < list.count {
        sequence.pointee.index = index &+ 1
        at.registers[instruction.a] = list.pointer.pointee.items[index]
      } else {
        at.pc += instruction.signedC
      }
      return true
    case .generator:
      return enterFrame(
        &at, of: iterator.address(as: GeneratorObject.self), result: at.registers + instruction.a)
    default: return false
    }
  }

  /// Steps a suspended generator for a `for` loop. False when that is not all there is to do, with nothing done.
  @inline(__always) private func enterFrame(
    _ at: inout LoopPosition, of generator: UnsafeMutablePointer<GeneratorObject>,
    result: UnsafeMutablePointer<Value>
  ) -> Bool {
    guard generator.pointee.state == .suspended, !generator.pointee.isDelegating,
      generator.pointee.pendingException.isUnbound, at.frame < at.state.pointee.lastFrame
    else { return false }
    let registers = GeneratorHandle(pointer: generator).registers
    let resumePoint = generator.pointee.resumePoint
    registers[resumePoint[-1].a] = .none
    generator.pointee.state = .running
    at.frame.pointee.pc = at.pc
    let stackTop = at.frame.pointee.stackTop
    at.frame += 1
    at.frame.pointee = Frame(
      code: generator.pointee.code, registers: registers, pc: resumePoint,
      globals: generator.pointee.globals, closure: generator.pointee.closure, locals: .unbound,
      generator: generator, result: result, stackTop: stackTop, extra: .unbound, kind: .forIterator,
      isEntry: false)
    at.takeFrame()
    return true
  }

  /// Leaves the frame of a generator that a `for` loop steps, or puts the value into a batch and goes on. False for other
  /// generators, and for values that do not belong into the batch.
  @inline(__always) func yieldToLoop(
    _ at: inout LoopPosition, _ instruction: Instruction, _ value: Value
  ) -> Bool {
    guard at.frame.pointee.kind == .forIterator else { return yieldToBatch(&at, instruction, value) }
    let generator = at.frame.pointee.generator.unsafelyUnwrapped
    generator.pointee.state = .suspended
    generator.pointee.resumePoint = at.pc
    generator.pointee.isDelegating = false
    at.frame.pointee.result.pointee = value
    at.frame -= 1
    at.takeFrame()
    return true
  }

  @inline(__always) private func yieldToBatch(
    _ at: inout LoopPosition, _ instruction: Instruction, _ value: Value
  ) -> Bool {
    let kind = at.frame.pointee.kind
    guard kind == .batch || (kind == .plainBatch && (!value.isObject || value.isKind(.string))),
      at.frame.pointee.extra != Value(smallInt: 0)
    else { return false }
    at.frame.pointee.result.pointee = value
    at.frame.pointee.result += 1
    at.frame.pointee.extra = Value(smallInt: at.frame.pointee.extra.smallInt &- 1)
    at.registers[instruction.a] = .none
    return true
  }
}
