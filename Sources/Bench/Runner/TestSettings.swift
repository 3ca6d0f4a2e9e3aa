import Devices
import Machine
import MicroPython
import MicroPythonPort
import Timebase

/// Settings that all tests of a run share.
public struct TestSettings: Sendable {
  /// The board that each test gets a new one of.
  public var board: BoardDescription
  /// Its wiring.
  public var wiring = Wiring()
  /// The real lines that its pins are; nil for virtual pins. Board time is wall time then.
  public var lines: (any TestLines)?
  /// Seed of the board's random numbers.
  public var seed: UInt64 = 0
  /// Board time after which a test is ended.
  public var limit = Interval.seconds(60)
  /// The folder of the host that stands for the board's flash; nil for the one of the test file.
  public var flash: String?
  /// Whether `bench.golden` takes what it is given.
  public var updatesGoldens = false
  /// Code that the tests' boards have compiled, each module once for all of them.
  let compiledCode = CompiledCodeCache()

  public init(board: BoardDescription) { self.board = board }
}
