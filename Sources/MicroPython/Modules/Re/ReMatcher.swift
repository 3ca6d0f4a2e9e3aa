/// A compiled regular expression with MicroPython's syntax: `.`, `[…]`, `\d \s \w` and their opposites, `^`, `$`,
/// `?`, `*`, `+` and their lazy forms, `|`, `(…)` and `(?:…)`. It works on bytes.
struct ReMatcher {
  enum Problem: Error {
    /// MicroPython's "error in regex"
    case unmatchedParenthesis
    /// MicroPython's "regex too complex", which it also reports for most mistakes
    case tooComplex
  }

  enum Instruction {
    case byte(UInt8)
    case any
    case set(ByteSet)
    /// Goes on at the first address, and at the second if that fails.
    case split(Int, Int)
    case jump(Int)
    case save(Int)
    case start
    case end
    case match
  }

  let instructions: [Instruction]
  /// Groups, the whole match as group 0 among them.
  let groupCount: Int

  init(_ pattern: [UInt8]) throws(Problem) {
    var compiler = ReCompiler(pattern)
    let body = try compiler.compileAll()
    instructions = [.save(0)] + ReMatcher.moved(body, by: 1) + [.save(1), .match]
    groupCount = compiler.groupCount + 1
  }

  /// Code compiled for address 0, placed at `offset`.
  static func moved(_ code: [Instruction], by offset: Int) -> [Instruction] {
    code.map { instruction in
      switch instruction {
      case .split(let first, let second): .split(first + offset, second + offset)
      case .jump(let target): .jump(target + offset)
      default: instruction
      }
    }
  }

  /// The groups of a match: start and end of each, nil for groups that took no part.
  typealias Captures = [Int?]

  /// Why a match was given up.
  enum Failure: Error {
    /// The board runs out of stack on patterns that backtrack this deep (there earlier).
    case tooDeep
    /// The error that `interrupt` threw.
    case interrupted(Raised)
  }

  /// Asked every so many steps of a long match; may end it.
  typealias Interrupt = () throws(Raised) -> Void
  static let interruptSteps = 256

  private enum Undo {
    case resume(address: Int, position: Int)
    case restore(slot: Int, value: Int?)
  }

  /// Matches at exactly `position`, in `bytes` up to `end`.
  /// - Parameter steps: those of the whole search, which are added to.
  func match(
    _ bytes: [UInt8], at position: Int, end: Int, steps: inout Int, interrupt: Interrupt
  ) throws(Failure) -> Captures? {
    var captures = Captures(repeating: nil, count: groupCount * 2)
    var undo: [Undo] = []
    var address = 0
    var position = position
    while true {
      var fails = false
      steps += 1
      if steps % ReMatcher.interruptSteps == 0 {
        do throws(Raised) { try interrupt() } catch { throw .interrupted(error) }
      }
      switch instructions[address] {
      case .byte(let byte):
        fails = position >= end || bytes[position] != byte
        position += 1
      case .any:
        fails = position >= end
        position += 1
      case .set(let set):
        fails = position >= end || !set.contains(bytes[position])
        position += 1
      case .split(let first, let second):
        guard undo.count < ReMatcher.depthLimit else { throw .tooDeep }
        undo.append(.resume(address: second, position: position))
        address = first - 1
      case .jump(let target): address = target - 1
      case .save(let slot):
        undo.append(.restore(slot: slot, value: captures[slot]))
        captures[slot] = position
      case .start: fails = position != 0
      case .end: fails = position != end
      case .match: return captures
      }
      address += 1
      while fails {
        switch undo.popLast() {
        case .resume(let resumeAddress, let resumePosition):
          address = resumeAddress
          position = resumePosition
          fails = false
        case .restore(let slot, let value): captures[slot] = value
        case nil: return nil
        }
      }
    }
  }

  private static let depthLimit = 20_000

  /// The first match from `position` on.
  func search(
    _ bytes: [UInt8], from position: Int, end: Int, steps: inout Int, interrupt: Interrupt
  ) throws(Failure) -> Captures? {
    guard position <= end else { return nil }
    for start in position...end {
      if let captures = try match(bytes, at: start, end: end, steps: &steps, interrupt: interrupt) {
        return captures
      }
    }
    return nil
  }
}
