import Glibc
import Timebase

@testable import MicroPython

/// A MicroPython machine without a board, to run small programs on.
final class TestMachine {
  let interpreter: Interpreter
  private var output: [UInt8] = []
  /// With VPYBOARD_GC_STRESS=1 in the environment (`make test-gc`).
  static let collectsAlways = getenv("VPYBOARD_GC_STRESS").map { String(cString: $0) } == "1"

  /// - Parameter singleFloats: floats as a Pyboard has them; false for double precision.
  init(singleFloats: Bool = true, heapSize: Int = 100_000) {
    interpreter = Interpreter(
      heap: Heap(capacity: heapSize, hasSingleFloats: singleFloats), clock: Clock(mode: .virtual),
      costs: CostTable())
    interpreter.standardOutput = { [unowned self] in output += $0 }
    interpreter.installEverything()
    interpreter.heap.collectsAlways = Self.collectsAlways
  }

  /// Runs a program and returns what it printed; an uncaught exception's traceback stands at the end.
  func run(_ program: String) -> String {
    output = []
    do throws(Raised) {
      try interpreter.runMain(Array(program.utf8), file: "test.py")
    } catch {
      output += interpreter.tracebackText(of: error.exception)
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// What `print` shows for each expression, one line each; exceptions as `repr` shows them.
  func evaluate(_ expressions: String...) -> [String] {
    let program = expressions.map { expression in
      "try:\n  print(\(expression))\nexcept Exception as error:\n  print(repr(error))\n"
    }
    return run(program.joined()).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .map(String.init)
  }
}
