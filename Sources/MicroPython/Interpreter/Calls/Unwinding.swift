/// Exceptions on their way out of frames.
extension Interpreter {
  /// Finds the handler of `exception`, leaving frames until there is one, and makes it the next instruction.
  ///
  /// - Throws: the exception, when the frame that was entered from Swift has none.
  func unwind(_ exception: Value) throws(Raised) {
    var exception = exception
    // What raised it had allocated before while the heap was locked: on the board it came no further than that.
    do throws(Raised) { try checkLockedAllocation() } catch { exception = error.exception }
    state.pointee.sent = .none
    state.pointee.continuesDelegation = false
    while true {
      let frame = state.pointee.frame
      let code = frame.pointee.code
      let index = frame.pointee.pc - UnsafePointer(code.pointee.instructions) - 1
      let details = code.pointee.details.takeUnretainedValue()
      addTraceback(exception, details, index)
      if !isHalted,
        let region = details.compiled.exceptionTable.first(where: { $0.start <= index && index < $0.end })
      {
        frame.pointee.registers[region.register] = exception
        forgetTemporaries(above: region.register, of: frame)
        frame.pointee.pc = UnsafePointer(code.pointee.instructions) + region.handler
        return
      }
      state.pointee.frame -= 1
      if let generator = frame.pointee.generator {
        generator.pointee.state = .finished
        generator.pointee.result = .none
        if isException(exception, .stopIteration) {
          // A new exception, made outside of the generator: its traceback begins where that was asked for the next value.
          exception = error(.runtimeError, "generator raised StopIteration").exception
        }
        // The delegating frame stands at its `yieldFrom`; errors count as raised by the instruction before the pc.
        if frame.pointee.kind == .delegate { state.pointee.frame.pointee.pc += 1 }
      }
      if frame.pointee.isEntry { throw Raised(exception) }
    }
  }

  /// Values that the protected code left half done must not stay alive: least of all those that did not fit
  /// in memory. Nothing above a handler's register is in use where the handler begins, see `beginHandler`.
  private func forgetTemporaries(above register: Int, of frame: UnsafeMutablePointer<Frame>) {
    let count = Int(frame.pointee.code.pointee.registerCount)
    for dead in register + 1..<max(register + 1, count) { frame.pointee.registers[dead] = .unbound }
  }

  func addTraceback(_ exception: Value, _ details: CodeDetails, _ index: Int) {
    guard let part = exceptionPart(of: exception) else { return }
    let traceback = part.traceback
    if heap.lockDepth == 0 {
      traceback.room = max(traceback.room, traceback.entries.count + 1)
    } else {
      let room = traceback.room > 0 ? traceback.room : heap.emergencyTracebackRoom
      guard traceback.entries.count < room else { return }
    }
    // Machine code leaves no trace.
    if !details.compiled.flags.isDisjoint(with: [.native, .viper]) { return }
    // If a handler raises the same exception again, this frame stands in its traceback already. The board takes a bare `raise`
    // outside of handlers for the same.
    if index >= 0, [.reraise, .raiseNothing].contains(details.compiled.instructions[index].opcode) { return }
    let entry = TracebackEntry(
      file: details.file, line: details.line(ofInstruction: index), function: details.compiled.name)
    traceback.entries.append(entry)
  }

  /// Returns the place at which an exception was raised, or at which the program called asyncio when that
  /// raised it.
  package func exceptionPlace(of exception: Value) -> (file: String, line: Int)? {
    let entries = exceptionPart(of: exception)?.traceback.entries
    return entries?.first { !$0.file.hasPrefix("asyncio/") }.map { ($0.file, $0.line) }
  }

  /// Prints an exception that ends nothing but a callback, as MicroPython does. The end of the power is none.
  package func printUncaught(_ exception: Value, after complaint: String = "") {
    if isHalted { return }
    uncaughtExceptions.callEach { $0(exception) }
    write(Array(complaint.utf8) + tracebackText(of: exception))
  }

  /// The text that MicroPython prints for an uncaught exception: traceback, type and message. Where the message cannot be had, because
  /// the exception's `__repr__` raises another one, the type alone.
  package func tracebackText(of exception: Value) -> [UInt8] {
    do throws(Raised) { return try printedTraceback(of: exception) } catch {
      return tracebackHead(of: exception).bytes + Array((type(of: exception).name + "\n").utf8)
    }
  }

  /// The same for `sys.print_exception`.
  /// - Throws: what the exception's `__repr__` raises.
  package func printedTraceback(of exception: Value) throws(Raised) -> [UInt8] {
    var output = tracebackHead(of: exception)
    try print(exception, .exception, into: &output)
    output.write("\n")
    return output.bytes
  }

  private func tracebackHead(of exception: Value) -> TextOutput {
    var output = TextOutput()
    guard let part = exceptionPart(of: exception), !part.traceback.entries.isEmpty else { return output }
    output.write("Traceback (most recent call last):\n")
    for entry in part.traceback.entries.reversed() {
      output.write("  File \"\(entry.file)\", line \(entry.line)")
      output.write(entry.function.isEmpty ? "\n" : ", in \(entry.function)\n")
    }
    return output
  }
}
