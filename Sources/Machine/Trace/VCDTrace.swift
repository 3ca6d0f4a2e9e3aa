import Diagnostics
import Timebase

/// Writes the signals of a board as a value change dump (IEEE 1364-2005, clause 18), which PulseView, GTKWave and Surfer
/// read.
///
/// Pins are wires under their own names, everything else is `PART.SIGNAL` in a scope of its part; voltages are reals. Bytes
/// and texts are strings in a second scope: PulseView leaves them out with a warning. The first time stamp gives every
/// variable a value, the last one is the end of the run, so that no viewer cuts the tail off.
public final class VCDTrace: TraceSink {
  private final class Variable {
    let identifier: String
    let type: String
    let name: String

    init(number: Int, type: String, name: String) {
      identifier = Self.identifier(number)
      self.type = type
      self.name = name
    }

    var declaration: String { "$var \(type) \(identifier) \(name) $end\n" }

    /// A number in the digits that the format allows, `!` to `~`.
    private static func identifier(_ number: Int) -> String {
      var text = ""
      var rest = number
      repeat {
        text.unicodeScalars.append(Unicode.Scalar(UInt8(33 + rest % 94)))
        rest /= 94
      } while rest > 0
      return text
    }
  }

  /// The text of a variable that has nothing to show.
  private static let nothing = "-"
  /// For how many time steps a byte on a line shows, so that a viewer tells two equal ones apart.
  private static let momentarySteps: Int64 = 10

  private let clock: Clock
  private let step: Int64
  private let output: TraceOutput
  private var observations: [Observation] = []
  /// The time stamp that was written last, in steps.
  private var stamp: Int64 = 0
  /// Momentary values that show until a time, in steps.
  private var showing: [(variable: Variable, until: Int64)] = []

  /// Writes the header and the present values, and every change from now on.
  /// - Parameters:
  ///   - signals: further ones beside those of the board's parts, each with the name of its part.
  ///   - step: the unit of time stamps: 1, 10 or 100 ns, us or ms. PulseView takes it as the interval between two samples.
  public init(
    of board: Board, and signals: [(part: String, signal: Signal)] = [],
    step: Interval = .nanoseconds(100), output: TraceOutput
  ) {
    clock = board.clock
    self.step = max(1, step.nanoseconds)
    self.output = output
    stamp = clock.now.nanoseconds / self.step
    begin(board, signals)
  }

  /// Writes the end of the run.
  public func finish() {
    observations = []
    advance(to: clock.now)
    hideMomentary(until: stamp + Self.momentarySteps)
    let end = clock.now.nanoseconds / step
    if end > stamp { write(stamp: end) }
    output.flush()
  }

  public func flush() { output.flush() }

  // MARK: Header

  private func begin(_ board: Board, _ further: [(part: String, signal: Signal)]) {
    var wires = ""
    var scopes: [(name: String, variables: String)] = []
    var texts: [(name: String, variables: String)] = []
    var initial = ""
    var count = 0
    func declare(_ type: String, _ name: String) -> Variable {
      defer { count += 1 }
      return Variable(number: count, type: type, name: Self.word(name))
    }
    for (part, signal) in Self.signals(of: board) + further {
      var variables: [Variable] = []
      switch signal.form {
      case .level:
        let isPin = board.part(named: part) is Pin
        variables = [declare("wire 1", isPin ? part : signal.name)]
        if isPin { wires += variables[0].declaration } else { Self.add(variables, to: &scopes, scope: part) }
      case .flag: variables = [declare("wire 1", signal.name)]
      // Numbers are reals: sigrok's reader stops at the first vector of several bits.
      case .integer, .real: variables = [declare("real 64", signal.name)]
      case .vector(let axes, _):
        variables = axes.map { declare("real 64", "\(signal.name)_\($0.lowercased())") }
      case .bytes, .text, .date, .interval:
        variables = [declare("string 1", signal.name)]
        Self.add(variables, to: &texts, scope: part)
      }
      switch signal.form {
      case .flag, .integer, .real, .vector: Self.add(variables, to: &scopes, scope: part)
      default: break
      }
      initial += Self.changes(of: variables, to: signal.isMomentary ? .text("") : signal.value)
      observations.append(
        signal.observe { [unowned self] value, time in
          record(value, of: variables, isMomentary: signal.isMomentary, at: time)
        })
    }
    let name = Self.word(board.description.name)
    output.append("$version VirtualPyboard $end\n$timescale \(Self.timescale(step)) $end\n")
    output.append("$scope module \(name) $end\n\(wires)\(Self.text(of: scopes))$upscope $end\n")
    if !texts.isEmpty { output.append("$scope module text $end\n\(Self.text(of: texts))$upscope $end\n") }
    output.append("$enddefinitions $end\n#\(stamp)\n$dumpvars\n\(initial)$end\n")
  }

  /// Everything that parts show. A voltage is worth a curve where a converter can measure or make it.
  private static func signals(of board: Board) -> [(part: String, signal: Signal)] {
    board.parts.flatMap { part in
      part.signals.filter { signal in
        guard let pin = part as? Pin, signal.name == "voltage" else { return true }
        return pin.functions.contains { $0.number == nil }
      }
      .map { (part.name, $0) }
    }
  }

  private static func add(
    _ variables: [Variable], to scopes: inout [(name: String, variables: String)], scope: String
  ) {
    let text = variables.map(\.declaration).joined()
    if let index = scopes.firstIndex(where: { $0.name == scope }) {
      scopes[index].variables += text
    } else {
      scopes.append((scope, text))
    }
  }

  private static func text(of scopes: [(name: String, variables: String)]) -> String {
    scopes.map { "$scope module \(word($0.name)) $end\n\($0.variables)$upscope $end\n" }.joined()
  }

  /// `100 ns`
  private static func timescale(_ nanoseconds: Int64) -> String {
    var (number, unit) = (nanoseconds, 0)
    while number >= 1000 && unit < 3 { (number, unit) = (number / 1000, unit + 1) }
    return "\(number) \(["ns", "us", "ms", "s"][unit])"
  }

  /// A name without blanks and other characters that viewers take for something else.
  private static func word(_ name: String) -> String {
    let letters = name.utf8.map { byte -> UInt8 in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"):
        byte
      default: UInt8(ascii: "_")
      }
    }
    return String(decoding: letters, as: UTF8.self)
  }

  // MARK: Changes

  private func record(_ value: PartValue, of variables: [Variable], isMomentary: Bool, at time: Instant) {
    advance(to: time)
    output.append(Self.changes(of: variables, to: value))
    if isMomentary { showing += variables.map { ($0, stamp + Self.momentarySteps) } }
  }

  /// Writes a time stamp, if it is a new one. Time stamps never go back: what comes late is written down late.
  private func advance(to time: Instant) {
    let new = time.nanoseconds / step
    guard new > stamp else { return }
    if !showing.isEmpty { hideMomentary(until: new) }
    if new > stamp { write(stamp: new) }
  }

  private func write(stamp new: Int64) {
    stamp = new
    output.append("#\(new)\n")
  }

  private func hideMomentary(until limit: Int64) {
    while let first = showing.first, first.until <= limit {
      showing.removeFirst()
      // A later byte of the same line goes on showing.
      guard !showing.contains(where: { $0.variable === first.variable }) else { continue }
      if first.until > stamp { write(stamp: first.until) }
      output.append(Self.changes(of: [first.variable], to: .text("")))
    }
  }

  private static func changes(of variables: [Variable], to value: PartValue) -> String {
    let identifier = variables[0].identifier
    switch value {
    case .flag, .level: return "\(value)\(identifier)\n"
    case .integer(let number): return "r\(number) \(identifier)\n"
    case .real(let number): return "r\(number) \(identifier)\n"
    case .vector(let components):
      return zip(variables, components).map { "r\($1) \($0.identifier)\n" }.joined()
    case .interval, .date, .bytes, .text: return "s\(escaped("\(value)")) \(identifier)\n"
    }
  }

  /// Printable characters without blanks.
  private static func escaped(_ text: String) -> String {
    guard !text.isEmpty else { return nothing }
    var result = ""
    for byte in text.utf8 {
      if (0x21..<0x7F).contains(byte) {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        result += "\\x" + byte.hexadecimal(digits: 2)
      }
    }
    return result
  }
}
