import Asyncio
import Devices
import Diagnostics
import Machine
import MicroPython
import MicroPythonPort
import PythonDevices
import Synchronization
import Timebase

/// A board on a bench, with what it printed and what the emulator found out about its firmware.
public final class BenchBoard {
  /// As other boards' wires name it.
  public let name: String
  public let board: Board
  public var clock: Clock { board.clock }
  /// The host that waits for triggers of this board.
  unowned let host: any TriggerHost

  /// Output of the firmware, with line feeds alone.
  public private(set) var output: [UInt8] = []
  /// End of the output whose lines have been waited for.
  var linesTaken = 0
  /// Diagnostics about the firmware, a line each.
  public var findings: [String] { reported.all }

  /// The firmware's waits, once nothing can happen any more.
  var deadlock: String? {
    let code = " \(Finding.deadlock.rawValue): "
    return findings.lazy.compactMap { line in
      line.firstRange(of: code).map { String(line[$0.upperBound...]) }
    }.first
  }

  /// State of its firmware.
  public internal(set) var state = FirmwareState.none
  var firmware: SteppedFirmware?
  var python: PythonFirmware?
  /// The scheduler of its firmware.
  weak var scheduler: Scheduler?

  /// Keys typed at the firmware's console.
  public let keys = TypedBytes()

  /// Code that boards of its kind have compiled already.
  var compiledCode: CompiledCodeCache?
  /// Kinds of devices that can be wired to it.
  var deviceKinds = DeviceRegistry.withPython

  let outputObservers = Observers<([UInt8]) -> Void>()
  /// More than that a test does not print.
  static let longestOutput = 8 << 20
  /// Whether the firmware has printed more than is kept.
  private(set) var isFlooded = false
  /// That it has, in words.
  var flood: String? {
    guard isFlooded else { return nil }
    let who = name.isEmpty ? "the firmware" : "the firmware of \(name)"
    return "\(who) printed more than \(Self.longestOutput >> 20) MiB and was ended"
  }
  private let reported: Findings

  private let traced: KeptTrace?

  /// Lines of the board's trace so far, as `--trace` writes them; none unless the bench was made with `isTraced`.
  public var trace: [String] {
    board.trace.flush()
    return traced?.lines ?? []
  }

  init(
    _ name: String, description: BoardDescription, clock: Clock, host: any TriggerHost, trace: Trace? = nil,
    isTraced: Bool = false, seed: UInt64 = 0
  ) throws(BoardError) {
    self.name = name
    traced = isTraced ? KeptTrace() : nil
    self.host = host
    let reported = Findings()
    self.reported = reported
    board = try Board(
      description: description, clock: clock, diagnostics: DiagnosticSink { reported.add($0) },
      trace: trace ?? traced.map { Trace(outputs: [$0.output]) }, seed: seed)
  }

  /// Takes what the firmware prints.
  func print(_ bytes: [UInt8]) {
    guard output.count + bytes.count <= Self.longestOutput else {
      if !isFlooded {
        isFlooded = true
        // A firmware that prints without end is over.
        clock.powerOff = clock.now
        clock.abandonBusyWait()
      }
      return
    }
    output += bytes.contains(0x0D) ? bytes.filter { $0 != 0x0D } : bytes
    outputObservers.callEach { $0(bytes) }
  }

  /// Wires a device to the board, as `--device` does: `dht22:room@X1,temperature=21.5`, or the file of one in Python,
  /// `my_sensor.py@X1`.
  /// - Throws: `WiringError`.
  @discardableResult
  public func device(_ text: String) throws(WiringError) -> any Device {
    try board.attach(text, kinds: deviceKinds)
  }

  /// The pin of this name.
  public func pin(_ name: String) throws(BoardError) -> Pin { try board.pins[name] }

  /// The signal of this name; of a pin alone, its level.
  func signal(_ name: String) throws(BenchError) -> Signal {
    if let signal = board.signal(name) { return signal }
    if let pin = board.pins.find(name), let level = pin.signals.first(where: { $0.name == "level" }) {
      return level
    }
    let known = board.parts.flatMap { part in part.signals.map { "\(part.name).\($0.name)" } }
    guard let dot = name.lastIndex(of: "."), let part = board.part(named: String(name[..<dot])) else {
      throw .noSuchSignal(
        name, "no part of that name has signals\(didYouMean(name, known)); see `vpyboard board`")
    }
    throw .noSuchSignal(
      name, "\(part.name) has \(part.signals.map(\.name).joined(separator: ", "))")
  }

  /// Records a signal from now on; of a pin alone, its level.
  public func record(_ signal: String) throws(BenchError) -> SignalRecording {
    SignalRecording(try self.signal(signal), name: signal, clock: clock)
  }

  private final class Findings: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
  }
}

/// Keeps the lines of a trace.
final class KeptTrace {
  private var bytes: [UInt8] = []

  var output: TraceOutput {
    TraceOutput(diagnostics: DiagnosticSink(mode: .off)) { [self] in bytes += $0 }
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }
  var lines: [String] { bytes.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) } }
}

/// A request that a bench cannot fulfil.
public enum BenchError: Error, Hashable, CustomStringConvertible {
  case noSuchSignal(String, String)
  case cannotLoad(String)
  case unsuitable(String)

  public var description: String {
    switch self {
    case .noSuchSignal(let name, let hint): "no signal \"\(name)\" (\(hint))"
    case .cannotLoad(let reason), .unsuitable(let reason): reason
    }
  }
}
