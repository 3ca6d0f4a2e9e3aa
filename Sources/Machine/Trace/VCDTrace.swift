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

    /// First characters of identifiers: characters with which no value, time stamp or section begins. A
    /// reader that skips a value which it does not know, as sigrok does with strings, takes the identifier
    /// behind it for one of these.
    private static let beginnings = (UInt8(ascii: "!")...UInt8(ascii: "~")).filter {
      !"#$01xXzZbBrR".utf8.contains($0)
    }

    /// A number in the characters that the format allows, `!` to `~`.
    private static func identifier(_ number: Int) -> String {
      var text = String(Unicode.Scalar(beginnings[number % beginnings.count]))
      var rest = number / beginnings.count
      while rest > 0 {
        rest -= 1
        text.unicodeScalars.append(Unicode.Scalar(UInt8(33 + rest % 94)))
        rest /= 94
      }
      return text
    }
  }

  /// The text of a variable that has nothing to show.
  private static let nothing = "-"
  /// For how many time steps a byte on a line shows, so that a viewer shows two equal ones apart.
  private static let momentarySteps: Int64 = 10

  private struct Change {
    let variables: [Variable]
    let value: PartValue
    let isMomentary: Bool
  }

  private let clocks: [Clock]
  /// Changes of several boards that wait for earlier ones of others.
  private var changes = TimeOrder<Change>()
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
    clocks = [board.clock]
    self.step = max(1, step.nanoseconds)
    self.output = output
    stamp = board.clock.now.nanoseconds / self.step
    var header = Header()
    add(board, as: board.description.name, signals, to: &header, isOneOfSeveral: false)
    begin(header)
  }

  /// Writes the signals of several boards, each in a scope of its name. Pins have that in front of their own as well, `a_X1`,
  /// because sigrok's reader knows no scopes.
  public init(
    ofBoards boards: [(name: String, board: Board)], step: Interval = .nanoseconds(100), output: TraceOutput
  ) {
    clocks = boards.map(\.board.clock)
    self.step = max(1, step.nanoseconds)
    self.output = output
    stamp = (clocks.map(\.now).min() ?? .powerOn).nanoseconds / self.step
    var header = Header()
    for (name, board) in boards { add(board, as: name, [], to: &header, isOneOfSeveral: true) }
    begin(header)
  }

  /// Writes the end of the run.
  public func finish() {
    observations = []
    for (time, change) in changes.takeAll() { write(change, at: time) }
    let now = clocks.map(\.now).max() ?? .powerOn
    advance(to: now)
    hideMomentary(until: stamp + Self.momentarySteps)
    let end = now.nanoseconds / step
    if end > stamp { write(stamp: end) }
    output.flush()
  }

  public func flush() { output.flush() }

  // MARK: Header

  /// Contents before the first time stamp.
  private struct Header {
    var scopes = ""
    /// The first value of every variable.
    var initial = ""
    var variableCount = 0
  }

  private func begin(_ header: Header) {
    output.append("$version VirtualPyboard $end\n$timescale \(Self.timescale(step)) $end\n")
    output.append(header.scopes)
    output.append("$enddefinitions $end\n#\(stamp)\n$dumpvars\n\(header.initial)$end\n")
  }

  /// - Parameter isOneOfSeveral: whether pins need the board's name, and the scope of bytes and texts is one of the board's.
  private func add(
    _ board: Board, as boardName: String, _ further: [(part: String, signal: Signal)],
    to header: inout Header,
    isOneOfSeveral: Bool
  ) {
    var wires = ""
    var scopes: [(name: String, variables: String)] = []
    var texts: [(name: String, variables: String)] = []
    func declare(_ type: String, _ name: String) -> Variable {
      defer { header.variableCount += 1 }
      return Variable(number: header.variableCount, type: type, name: Self.word(name))
    }
    for (part, signal) in Self.signals(of: board) + further {
      var variables: [Variable] = []
      switch signal.form {
      case .level:
        let isPin = board.part(named: part) is Pin
        let pin = isOneOfSeveral ? "\(boardName)_\(part)" : part
        variables = [declare("wire 1", isPin ? pin : signal.name)]
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
      header.initial += Self.changes(of: variables, to: signal.isMomentary ? .text("") : signal.value)
      observations.append(
        signal.observe { [unowned self] value, time in
          record(value, of: variables, isMomentary: signal.isMomentary, at: time)
        })
    }
    let text = texts.isEmpty ? "" : "$scope module text $end\n\(Self.text(of: texts))$upscope $end\n"
    header.scopes +=
      "$scope module \(Self.word(boardName)) $end\n\(wires)\(Self.text(of: scopes))"
      + (isOneOfSeveral ? "\(text)$upscope $end\n" : "$upscope $end\n\(text)")
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
    let change = Change(variables: variables, value: value, isMomentary: isMomentary)
    guard clocks.count > 1 else { return write(change, at: time) }
    changes.insert(change, at: time)
    for (time, change) in changes.take(clocks) { write(change, at: time) }
  }

  private func write(_ change: Change, at time: Instant) {
    advance(to: time)
    output.append(Self.changes(of: change.variables, to: change.value))
    if change.isMomentary { showing += change.variables.map { ($0, stamp + Self.momentarySteps) } }
  }

  /// Writes a time stamp, if it is a new one. Time stamps never go back: late changes are written late.
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
