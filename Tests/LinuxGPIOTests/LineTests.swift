import Glibc
import LinuxGPIO
import Machine
import Testing
import Timebase

@Suite("A line")
struct LineTests {
  @Test("is not taken before its pin is used")
  func lazy() throws {
    let bench = try WiredBoard()
    #expect((0..<28).allSatisfy { bench.chip.line($0).settings == nil })
    _ = try bench.board.switch("USR").isPressed
    #expect((0..<28).filter { bench.chip.line($0).settings != nil } == [24])
  }

  @Test(
    "is set to its safe state when it is given back",
    arguments: [(HostPinBinding.SafeState.low, Level.low), (.high, .high), (.input, .low), (.keep, .high)])
  func safeState(state: HostPinBinding.SafeState, level: Level) throws {
    let chip = FakeChip()
    let bench = try WiredBoard(chip: chip) { $0.lines["GPIO5"] = .init(names: ["GPIO5"], safeState: state) }
    try bench.pin(5).configure(.outputPushPull, level: .high)
    bench.release()
    #expect(chip.line(5).settings == nil)
    #expect(chip.line(5).last.map(FakeChip.level) == level)
  }

  @Test(
    "keeps no edge waiting for a handler that is slow, loses those that the kernel has no room for, and tells"
  )
  func overflow() throws {
    let bench = try WiredBoard()
    let pin = try bench.pin(4)
    let edges = Texts()
    pin.configure(.input)
    // Soft handlers wait for the firmware, which stands still meanwhile.
    try pin.irq(.risingOrFalling, kind: .soft) { _ in edges.append("edge") }
    for _ in 0..<20 {
      bench.chip.drive(4, true)
      bench.chip.drive(4, false)
    }
    bench.wait { bench.chip.line(4).edges.isEmpty }
    bench.run(for: .milliseconds(10))
    bench.board.finish()
    let lost = bench.reports.filter { $0.contains("edges-lost") }
    #expect(!lost.isEmpty)
    // One or two were on their way when the queue filled up.
    #expect((16...18).contains(edges.all.count))
    #expect(lost.joined().contains("\(40 - edges.all.count) counted since the start"))
  }

  @Test("of another name is found by the board file's second name for it")
  func secondName() throws {
    let chip = FakeChip(label: "pinctrl-bcm2835", lines: ["ID_SDA", "ID_SCL", "SDA1", "SCL1"])
    let bench = try WiredBoard(chip: chip)
    try bench.pin(2).configure(.outputPushPull, level: .high)
    #expect(bench.failures.isEmpty)
    #expect(chip.line(2).isHigh)
  }

  @Test("can be active-low, debounced, open source")
  func options() throws {
    let bench = try WiredBoard { binding in
      binding.lines["GPIO5"] = .init(names: ["GPIO5"], safeState: .input)
      binding.lines["GPIO5"]?.isActiveLow = true
      binding.lines["GPIO5"]?.debounce = .milliseconds(5)
      binding.lines["GPIO6"] = .init(names: ["GPIO6"], safeState: .input)
      binding.lines["GPIO6"]?.isOpenSource = true
    }
    try bench.pin(5).configure(.input)
    #expect(bench.chip.line(5).settings?.isActiveLow == true)
    #expect(bench.chip.line(5).settings?.debounce == 5000)
    try bench.pin(6).configure(.outputPushPull, level: .high)
    #expect(bench.chip.line(6).settings?.direction == .output(true, .openSource))
  }

  @Test("is not debounced by a library that cannot, and that is told once")
  func noDebounce() throws {
    let bench = try WiredBoard(canDebounce: false) { binding in
      binding.lines["GPIO5"] = .init(names: ["GPIO5"], safeState: .input)
      binding.lines["GPIO5"]?.debounce = .milliseconds(5)
    }
    try bench.pin(5).configure(.input)
    try bench.pin(5).configure(.input, pull: .up)
    #expect(bench.chip.line(5).settings?.debounce == 0)
    #expect(bench.reports.filter { $0.contains("no-debounce") }.count == 1)
  }

  @Test("that goes away with its chip fails every use, and the run hears of it")
  func chipGone() throws {
    let bench = try WiredBoard()
    let pin = try bench.pin(5)
    pin.configure(.outputPushPull)
    bench.chip.goAway()
    pin.high()
    #expect(bench.failures.map(\.errorNumber) == [ENODEV])
    bench.wait { !bench.chipFailures.isEmpty }
    #expect(bench.chipFailures == ["gpiochip0 [pinctrl-bcm2711] has gone away"])
  }

  @Test("does as it is told after the run no more")
  func afterRelease() throws {
    let bench = try WiredBoard()
    let pin = try bench.pin(5)
    pin.configure(.outputPushPull)
    bench.release()
    pin.high()
    #expect(bench.failures.isEmpty)
    #expect(bench.chip.line(5).settings == nil)
  }
}
