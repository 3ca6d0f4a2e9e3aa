/// The place at which one coroutine of a suspended task stands.
package struct SuspendedCoroutine {
  package let name: String
  package let file: String
  package let line: Int
  /// Index of the instruction that it waits at.
  package let position: Int
  /// Whether it is in an `except`, or in a `finally` or `with` that an exception has brought it to.
  package let isHandlingException: Bool
  /// Whether an exception raised there would run more of the coroutine's code: an `except`, a `finally` or a `with`.
  package let isProtected: Bool
  /// The line of the innermost `except` around it that catches a cancellation.
  package let cancellationCatch: Int?
  /// Whether it is part of the firmware's image.
  package let isFrozen: Bool
  /// The source text of the awaited expression, as far as that is a plain call: `self.ready.wait`.
  package let awaitedName: String?
}

extension Interpreter {
  /// The coroutines that await each other, the task's own one first. Empty for one that runs, has not begun or is over.
  package func suspendedCoroutines(from outermost: GeneratorHandle) -> [SuspendedCoroutine] {
    var chain: [SuspendedCoroutine] = []
    var next: GeneratorHandle? = outermost
    // A coroutine cannot await one that waits for itself, so the chain ends; the limit is for broken firmware.
    while let generator = next, chain.count < MachineState.frameCount {
      let object = generator.pointer.pointee
      guard object.state == .suspended else { break }
      let start = UnsafePointer(object.code.pointee.instructions)
      let position = object.isDelegating ? object.resumePoint - start : object.resumePoint - start - 1
      let details = object.code.pointee.details.takeUnretainedValue()
      chain.append(
        SuspendedCoroutine(
          name: details.compiled.name, file: details.file, line: details.line(ofInstruction: position),
          position: position,
          isHandlingException: details.compiled.handlerRegions.contains { $0.contains(position) },
          isProtected: details.compiled.exceptionTable.contains {
            !$0.endsLoop && $0.start <= position && position < $0.end
          },
          cancellationCatch: details.compiled.exceptionTable.lazy.filter {
            $0.start <= position && position < $0.end
          }.compactMap(\.cancellationCatch).first,
          isFrozen: object.code.pointee.flags.contains(.frozen),
          awaitedName: generator.code.calledName(before: position, in: start[position].a)))
      next = object.isDelegating ? GeneratorHandle(generator.registers[start[position].a]) : nil
    }
    return chain
  }
}
