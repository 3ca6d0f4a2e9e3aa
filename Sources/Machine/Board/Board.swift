import Diagnostics
import Timebase

/// A board with power on: its pins, what is soldered to them, its interrupts and its time.
///
/// It belongs to the firmware thread and, while that stands still, to the `interrupt` thread, which reaches it
/// through `Interrupt.perform`. It is not Sendable, so the compiler keeps it to the firmware's isolation.
public final class Board {
  public let description: BoardDescription
  public let clock: Clock
  public let diagnostics: DiagnosticSink
  public let trace: Trace
  public let interrupts: InterruptController
  public let externalInterrupts: EXTILines
  public let pins: PinTable
  public let leds: [Int: LED]
  public let switches: [String: Switch]
  public let uarts: [Int: UART]
  public let timers: [Int: HardwareTimer]
  public let dacs: [Int: DAC]
  /// `nil` on a board without one.
  public let accelerometer: Accelerometer?
  public let realTimeClock: RealTimeClock
  public let random: HardwareRandom

  /// Called again and again while a part of the board waits, as a UART for a byte; a language port runs its soft
  /// handlers there, and throws to end the wait.
  public var whileWaiting: (() throws -> Void)? {
    get { context.whileWaiting }
    set { context.whileWaiting = newValue }
  }
  /// Called when a real line cannot do what the firmware asked of its pin.
  public var hostPinFailed: ((HostPinError) -> Void)? {
    get { context.hostPinFailed }
    set { context.hostPinFailed = newValue }
  }
  /// Where the firmware is, for diagnostics that the board reports; a language port knows.
  public var firmwarePlace: (() -> Diagnostic.Place)? {
    get { context.reporter.place }
    set { context.reporter.place = newValue }
  }

  /// Where firmware in Swift is, as far as that is known: at which await.
  package var lastAwait: (() -> Diagnostic.Place?)? {
    get { context.reporter.lastAwait }
    set { context.reporter.lastAwait = newValue }
  }

  private let context: PartContext
  /// How far knobs have been turned, in quarter steps, by the names of their pins.
  var knobs: [String: Int] = [:]
  /// What stimuli drive pins through.
  private var probes: [String: NetDriver] = [:]

  /// Builds the board and gives it power at the clock's `now`.
  /// - Parameter seed: decides what the board's generator of random numbers gives.
  /// - Throws: `BoardError` when the description names a pin that it does not have; one that was read from a board
  ///   file has been checked.
  public init(
    description: BoardDescription, clock: Clock, diagnostics: DiagnosticSink = DiagnosticSink(),
    trace: Trace? = nil, seed: UInt64 = 0
  ) throws(BoardError) {
    let trace = trace ?? Trace(diagnostics: diagnostics)
    let context = PartContext(
      clock: clock, reporter: Reporter(sink: diagnostics), trace: trace, costs: description.costs)
    self.description = description
    self.clock = clock
    self.diagnostics = diagnostics
    self.trace = trace
    self.context = context
    interrupts = context.interrupts
    trace.record(.started(board: description.name), at: clock.now)
    externalInterrupts = EXTILines(
      count: Self.interruptLineCount(description), interrupts: context.interrupts)
    pins = Self.makePins(description, context, externalInterrupts)
    clock.externalSources.join(externalInterrupts)
    var leds: [Int: LED] = [:]
    for (number, led) in description.leds {
      leds[number] = LED(
        number: number, description: led, pin: try pins[led.pin], context: context)
    }
    self.leds = leds
    var switches: [String: Switch] = [:]
    for (name, part) in description.switches {
      switches[name] = Switch(
        name: name, description: part, pin: try pins[part.pin], lines: externalInterrupts,
        context: context)
    }
    self.switches = switches
    var uarts: [Int: UART] = [:]
    for (number, uart) in description.uarts.sorted(by: { $0.key < $1.key }) {
      uarts[number] = try UART(number: number, description: uart, pins: pins, context: context)
    }
    self.uarts = uarts
    var timers: [Int: HardwareTimer] = [:]
    for (number, timer) in description.timers.sorted(by: { $0.key < $1.key }) {
      timers[number] = HardwareTimer(number: number, description: timer, context: context)
    }
    self.timers = timers
    dacs = Self.makeDACs(pins, context)
    if let accelerometer = description.accelerometer {
      var power: Pin?
      if let name = accelerometer.powerPin { power = try pins[name] }
      self.accelerometer = Accelerometer(power: power, context: context)
    } else {
      accelerometer = nil
    }
    random = HardwareRandom(seed: seed)
    realTimeClock = RealTimeClock(clock: clock, start: description.clockStart)
    interrupts.serve(self)
  }

  deinit {
    clock.externalSources.leave(externalInterrupts)
    for pin in pins { pin.net.dismantle() }
  }

  /// One line for each number that a pin has.
  private static func interruptLineCount(_ description: BoardDescription) -> Int {
    let names = description.pins.map(\.cpuName) + description.functions.keys
    return (names.compactMap { CPUPinName($0)?.number }.max() ?? -1) + 1
  }

  /// One for each pin that the board file gives `DAC_OUT1` or `DAC_OUT2`.
  private static func makeDACs(_ pins: PinTable, _ context: PartContext) -> [Int: DAC] {
    var dacs: [Int: DAC] = [:]
    for pin in pins {
      for function in pin.functions where function.signal.hasPrefix("DAC_OUT") {
        guard let number = Int(function.signal.dropFirst("DAC_OUT".count)) else { continue }
        dacs[number] = DAC(number: number, pin: pin, context: context)
      }
    }
    return dacs
  }

  private static func makePins(
    _ description: BoardDescription, _ context: PartContext, _ lines: EXTILines
  ) -> PinTable {
    var order: [String] = []
    var names: [String: [String]] = [:]
    for pin in description.pins {
      if names[pin.cpuName] == nil { order.append(pin.cpuName) }
      names[pin.cpuName, default: []].append(pin.name)
    }
    order += description.functions.keys.filter { names[$0] == nil }.sorted()
    let pins = order.compactMap { cpuName -> Pin? in
      guard let cpu = CPUPinName(cpuName) else { return nil }
      return Pin(
        cpuName: cpuName, port: cpu.port, number: cpu.number, names: names[cpuName] ?? [],
        functions: description.functions[cpuName] ?? [], context: context, lines: lines)
    }
    return PinTable(pins, boardNames: description.pins.map(\.name))
  }

  // MARK: Parts

  /// - Parameter number: 1 is the first.
  public func led(_ number: Int) throws(BoardError) -> LED {
    guard let led = leds[number] else {
      throw .noSuchLED(number, available: numbers(leds.keys))
    }
    return led
  }

  public func uart(_ number: Int) throws(BoardError) -> UART {
    guard let uart = uarts[number] else {
      throw .noSuchUART(number, available: numbers(uarts.keys))
    }
    return uart
  }

  public func timer(_ number: Int) throws(BoardError) -> HardwareTimer {
    guard let timer = timers[number] else {
      throw .noSuchTimer(number, available: numbers(timers.keys))
    }
    return timer
  }

  public func `switch`(_ name: String) throws(BoardError) -> Switch {
    guard let part = switches[name] else {
      throw .noSuchSwitch(name, available: switches.keys.sorted().joined(separator: ", "))
    }
    return part
  }

  /// A timer served by the system tick; there can be any number.
  public func makeSoftTimer() -> SoftTimer { SoftTimer(context: context) }

  private func numbers(_ keys: some Sequence<Int>) -> String {
    keys.sorted().map(String.init).joined(separator: ", ")
  }

  // MARK: Backend

  /// The run has ended: tells what has not been told yet.
  public func finish() { interrupts.reportLosses() }

  /// - Throws: when one of them is for a pin that is a real line, which only what is wired to it can drive.
  public func refuseStimuli(_ stimuli: [Stimulus]) throws(BoardError) {
    for stimulus in stimuli {
      switch stimulus.action {
      case .press(let name, _), .release(let name, _):
        let isHostPin = if let part = switches[name] { part.pin.isHostPin } else { try pins[name].isHostPin }
        if isHostPin { throw .pinIsReal(name) }
      case .turn(let first, let second, _, _):
        for name in [first, second] where try pins[name].isHostPin { throw .pinIsReal(name) }
      case .pin(let name, _), .voltage(let name, _):
        if try pins[name].isHostPin { throw .pinIsReal(name) }
      case .tilt: break
      }
    }
  }

  /// Joins pins to real lines. Each is taken when the firmware first uses its pin.
  public func use(_ backend: any PinBackend) {
    for pin in pins {
      if let line = backend.line(for: pin) { pin.connect(to: line) }
    }
  }

  // MARK: Wiring

  /// Puts a wire between two pins.
  public func connect(_ first: String, _ second: String) throws(BoardError) {
    let (a, b) = (try pins[first], try pins[second])
    guard a !== b else { throw .wireToItself(first, second) }
    a.net.merge(b.net)
    interrupts.poll()
  }

  /// Puts a wire between two pins named as in `X1-X2`.
  public func connect(wire: String) throws(BoardError) {
    let ends = wire.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, !ends[0].isEmpty, !ends[1].isEmpty else { throw .malformedWire(wire) }
    try connect(String(ends[0]), String(ends[1]))
  }

  // MARK: Stimuli

  /// Lets every stimulus happen at its time; those whose time has come happen at once.
  /// - Throws: `BoardError` when one of them names what the board does not have; then none is scheduled.
  public func schedule(_ stimuli: [Stimulus]) throws(BoardError) {
    for stimulus in stimuli { try check(stimulus.action) }
    for stimulus in stimuli {
      guard stimulus.time > clock.now else {
        try perform(stimulus.action)
        continue
      }
      clock.schedule(at: stimulus.time) { [weak self] in
        // Checked above: the parts of a board do not change.
        try? self?.perform(stimulus.action)
      }
    }
  }

  /// Lets something happen to the board now.
  public func perform(_ action: Stimulus.Action) throws(BoardError) {
    try check(action)
    switch action {
    case .press(let name, let bounce): try setContact(name, isClosed: true, bounce: bounce)
    case .release(let name, let bounce): try setContact(name, isClosed: false, bounce: bounce)
    case .turn(let first, let second, let steps, let pause):
      try turn(first, second, steps: steps, pause: pause)
    case .tilt(let reading): accelerometer?.tilt(reading)
    case .pin(let name, let level):
      let probe = try probe(name)
      if let level { probe.drive(level) } else { probe.release() }
      interrupts.poll()
    case .voltage(let name, let voltage):
      try probe(name).drive(voltage: voltage)
      trace.record(.voltage(name, voltage), at: clock.now)
      interrupts.poll()
    }
  }

  private func check(_ action: Stimulus.Action) throws(BoardError) {
    switch action {
    case .press(let name, _), .release(let name, _):
      if switches[name] == nil && (try? pins[name]) == nil { _ = try `switch`(name) }
    case .turn(let first, let second, _, _):
      _ = try pins[first]
      _ = try pins[second]
    case .tilt: if accelerometer == nil { throw .noAccelerometer }
    case .pin(let name, _), .voltage(let name, _): _ = try pins[name]
    }
  }

  func probe(_ name: String) throws(BoardError) -> NetDriver {
    let pin = try pins[name]
    if let probe = probes[pin.cpuName] { return probe }
    let probe = NetDriver(name: "stimulus on \(name)")
    pin.net.attach(probe)
    probes[pin.cpuName] = probe
    return probe
  }

  // MARK: Reset

  /// What a soft reset does to the hardware: timers, UARTs and interrupts stop, pins keep their state.
  public func softReset() {
    externalInterrupts.reset()
    for timer in timers.values { timer.stop() }
    for uart in uarts.values { uart.stop() }
    for dac in dacs.values { dac.stop() }
    interrupts.enable()
  }
}
