import Bench
import Diagnostics
import Machine
import Testing
import Timebase

@Suite("A value change dump")
struct VCDTraceTests {
  private final class Dump {
    let bench: Bench
    private let lines = Lines()
    private var trace: VCDTrace?

    /// - Parameter prepare: done before the dump begins.
    init(step: Interval = .nanoseconds(100), prepare: (Board) throws -> Void = { _ in }) throws {
      bench = try Bench()
      try prepare(bench.board)
      let output = TraceOutput(diagnostics: DiagnosticSink()) { [lines] in
        lines.append(String(decoding: $0, as: UTF8.self))
      }
      trace = VCDTrace(of: bench.board, step: step, output: output)
    }

    /// What was written, the end included.
    func text() -> String {
      trace?.finish()
      return lines.all.joined()
    }
  }

  /// The code of a variable, by the scopes and the name that it was declared with.
  private func code(_ path: String, in text: String) throws -> String {
    var scopes: [Substring] = []
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      switch words[0] {
      case "$scope": scopes.append(words[2])
      case "$upscope": scopes.removeLast()
      case "$var" where (scopes + [words[4]]).joined(separator: ".") == path: return String(words[3])
      default: break
      }
    }
    throw Missing(path: path)
  }

  private struct Missing: Error { let path: String }

  /// The changes of one variable behind the header, each with its time stamp.
  private func changes(_ path: String, in text: String) throws -> [String] {
    let code = try code(path, in: text)
    let body = try #require(text.firstRange(of: "$enddefinitions $end\n")).upperBound
    var stamp = ""
    var changes: [String] = []
    for line in text[body...].split(separator: "\n") {
      if line.hasPrefix("#") { stamp = String(line) }
      if line == "0\(code)" || line == "1\(code)" || line == "z\(code)" || line == "x\(code)" {
        changes.append("\(stamp) \(line.first ?? "?")")
      } else if line.hasSuffix(" \(code)") {
        changes.append("\(stamp) \(line.dropLast(code.count + 1))")
      }
    }
    return changes
  }

  @Test("begins with every variable's value and ends with the end of the run")
  func frame() throws {
    let dump = try Dump()
    dump.bench.clock.busy(for: .milliseconds(2))
    let text = dump.text()
    #expect(
      text.hasPrefix(
        "$version VirtualPyboard $end\n$timescale 100 ns $end\n$scope module pyboard_v1_1 $end\n"))
    #expect(text.contains("$enddefinitions $end\n#0\n$dumpvars\n"))
    #expect(text.hasSuffix("#20000\n"))
    let declared = text.split(separator: "\n").filter { $0.hasPrefix("$var") }
    let initial = text.split(separator: "\n").drop { $0 != "$dumpvars" }.dropFirst().prefix { $0 != "$end" }
    #expect(declared.count == initial.count)
    let types = Set(declared.map { $0.split(separator: " ")[1] })
    #expect(types == ["wire", "real", "string"])
    #expect(Set(declared.map { $0.split(separator: " ")[3] }).count == declared.count)
    #expect(try changes("pyboard_v1_1.X17", in: text) == ["#0 1"])
  }

  @Test("has pins, lights and switches at their times")
  func digital() throws {
    let dump = try Dump { board in try board.connect("X1", "X2") }
    let board = dump.bench.board
    let pin = try board.pins["X1"]
    pin.configure(.outputPushPull, level: .high)
    dump.bench.clock.busy(for: .microseconds(10))
    pin.low()
    try board.led(4).intensity = 100
    try board.set("USR.pressed", to: "1")
    dump.bench.clock.busy(for: .microseconds(10))
    let text = dump.text()
    #expect(try changes("pyboard_v1_1.X1", in: text) == ["#0 z", "#0 1", "#100 0"])
    #expect(try changes("pyboard_v1_1.X2", in: text) == ["#0 z", "#0 1", "#100 0"])
    #expect(try changes("pyboard_v1_1.led4.brightness", in: text) == ["#0 r0", "#100 r100"])
    #expect(try changes("pyboard_v1_1.USR.pressed", in: text) == ["#0 0", "#100 1"])
  }

  @Test("has voltages as reals, those of a converter's waveform too")
  func voltages() throws {
    let dump = try Dump(step: .microseconds(1))
    let board = dump.bench.board
    try board.set("X1.voltage", to: "1.25")
    let dac = try #require(board.dacs[1])
    dac.start()
    dac.write(4095)
    dac.play([0, 4095, 1365], frequency: 1000, repeats: false)
    dump.bench.clock.busy(for: .milliseconds(10))
    try board.set("X1.voltage", to: "0")
    let text = dump.text()
    #expect(text.contains("$timescale 1 us $end\n"))
    #expect(try changes("pyboard_v1_1.X1.voltage", in: text) == ["#0 r0.0", "#0 r1.25", "#10000 r0.0"])
    #expect(
      try changes("pyboard_v1_1.X5.voltage", in: text)
        == ["#0 r0.0", "#0 r3.3", "#1000 r0.0", "#2000 r3.3", "#3000 r1.1"])
  }

  @Test("has the bits and the bytes of a UART")
  func bytes() throws {
    let dump = try Dump(step: .microseconds(1)) { board in try board.connect("X1", "X2") }
    let uart = try dump.bench.board.uart(4)
    try uart.start(UARTSettings(baudRate: 100_000))
    try uart.write(Array("U U".utf8))
    let text = dump.text()
    let edges = try changes("pyboard_v1_1.X1", in: text)
    #expect(edges.prefix(6) == ["#0 z", "#0 1", "#0 0", "#10 1", "#20 0", "#30 1"])
    // Each byte shows for ten steps.
    let sent = ["#0 s-", "#100 sU", "#110 s-", "#200 s\\x20", "#210 s-", "#300 sU", "#310 s-"]
    #expect(try changes("text.uart4.tx", in: text) == sent)
    #expect(try changes("text.uart4.rx", in: text) == sent)
  }

  @Test("tells which handler and which task runs")
  func activity() throws {
    let dump = try Dump(step: .microseconds(1))
    let board = dump.bench.board
    try board.pins["X1"].irq(.rising) { _ in }
    board.runningTask.changed(to: "blink fast", at: board.clock.now)
    dump.bench.clock.busy(for: .milliseconds(1))
    try board.set("X1.level", to: "1")
    board.runningTask.changed(to: "", at: board.clock.now)
    dump.bench.clock.busy(for: .milliseconds(1))
    let text = dump.text()
    #expect(
      try changes("text.interrupts.handler", in: text).map { $0.split(separator: " ")[1] } == [
        "s-", "sX1", "s-",
      ])
    #expect(
      try changes("text.firmware.task", in: text).map { $0.split(separator: " ")[1] } == [
        "s-", "sblink\\x20fast", "s-",
      ])
  }

  @Test("never goes back in time")
  func order() throws {
    let dump = try Dump()
    let board = dump.bench.board
    let uart = try board.uart(4)
    try uart.start(UARTSettings(baudRate: 115_200))
    try uart.write(Array("order".utf8))
    try board.pins["X5"].irq(.risingOrFalling) { $0.perform { board in board.leds[3]?.toggle() } }
    try board.set("X5.pressed", to: "0,3ms")
    dump.bench.clock.busy(for: .milliseconds(5))
    let stamps = dump.text().split(separator: "\n").filter { $0.hasPrefix("#") }.compactMap {
      Int($0.dropFirst())
    }
    #expect(stamps == Array(Set(stamps)).sorted())
  }
}
