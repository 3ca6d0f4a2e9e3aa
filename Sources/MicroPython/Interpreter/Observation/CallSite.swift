/// A place in running firmware, noted in two words and turned into a file and a line only on request.
///
/// Invariant: code that keeps one over a collection keeps its code object alive (`codeValue`).
package struct CallSite: Equatable {
  let code: UnsafeMutablePointer<CodeObject>?
  let pc: UnsafePointer<Instruction>?

  /// No place of the user's program.
  package static var none: CallSite { CallSite(code: nil, pc: nil) }

  /// The object that collections must mark.
  package var codeValue: Value? { code.map { CodeHandle(pointer: $0).value } }

  /// Index of the instruction that was being executed.
  var instruction: Int {
    guard let code, let pc else { return 0 }
    return max(0, pc - UnsafePointer(code.pointee.instructions) - 1)
  }

  package var place: (file: String, line: Int)? {
    guard let code else { return nil }
    let details = code.pointee.details.takeUnretainedValue()
    guard !details.file.isEmpty else { return nil }
    return (details.file, details.line(ofInstruction: instruction))
  }

  /// Whether it is in a module's own code rather than in a function.
  package var isInModule: Bool { code.map { CodeHandle(pointer: $0).name == "<module>" } ?? false }

  /// The source text of the callee there, as far as it is a plain name: `time.sleep`.
  package var calledName: String? {
    code.flatMap { CodeHandle(pointer: $0).calledName(at: instruction) }
  }
}

extension Interpreter {
  /// The user's program's place: the innermost frame that does not belong to the firmware's image. `none`
  /// when the running coroutine is the image's own.
  package var callSite: CallSite {
    var frame = state.pointee.frame
    while frame.pointee.code.pointee.flags.contains(.frozen) {
      if frame == state.pointee.frames || frame.pointee.isEntry { return .none }
      frame -= 1
    }
    return CallSite(code: frame.pointee.code, pc: frame.pointee.pc)
  }

  /// The place of firmware's innermost running coroutine, and the function that it has called, if that is
  /// where the firmware is. Nil when none runs.
  package var coroutinePlace: (coroutine: (file: String, line: Int), helper: String?)? {
    var frame = state.pointee.frame
    var helper: String?
    while frame != state.pointee.frames {
      let code = frame.pointee.code
      if !code.pointee.flags.contains(.frozen),
        let place = CallSite(code: code, pc: frame.pointee.pc).place
      {
        switch frame.pointee.kind {
        case .task, .delegate: return (place, helper)
        default: break
        }
        if helper == nil { helper = "\(CodeHandle(pointer: code).name) at \(place.file):\(place.line)" }
      }
      frame -= 1
    }
    return nil
  }

  /// Whether the innermost frame is of the firmware's image.
  package var isInFrozenCode: Bool { state.pointee.frame.pointee.code.pointee.flags.contains(.frozen) }

  /// Whether all that the innermost function does is one call: it stores nothing that outlives it.
  package var isInFunctionOfOneCall: Bool {
    let code = state.pointee.frame.pointee.code
    var calls = 0
    for index in 0..<code.pointee.instructionCount {
      switch code.pointee.instructions[index].opcode {
      case .call, .callKeywords, .callSpread, .callMethod, .callMethodKeywords: calls += 1
      case .storeGlobal, .storeCell, .storeName, .setAttribute, .setItem: return false
      default: break
      }
    }
    return calls == 1
  }
}
