import Diagnostics
import Timebase

/// A pin of the processor, under all the names that the board gives it.
public final class Pin {
  /// The processor's name: `A0`, `GPIO17`.
  public let cpuName: String
  /// `A` is 0, `B` is 1; 0 for pins that are only counted.
  public let port: Int
  /// The number in `cpuName`; also that of the interrupt line that it can use.
  public let number: Int
  /// The board's names in the order of the board file: `X17`, `SW`.
  public let names: [String]
  public let functions: [PinFunction]

  public private(set) var mode = PinMode.input
  public private(set) var pull = Pull.none
  /// The alternate function that was chosen, in the two alternate modes.
  public private(set) var alternateFunction: Int?
  /// The electrical node that it is part of.
  public internal(set) var net: Net

  let context: PartContext
  /// The context's: what a constant of the pin's refers to need not be retained for a call.
  private let interrupts: InterruptController
  private let lines: EXTILines
  private let driver: NetDriver
  /// The output data register: kept while the pin is an input.
  private var output = Level.low
  /// Outputs of peripherals, each shown while the pin's alternate function is the peripheral's.
  private var peripheralOutputs: [(function: Int?, output: PinOutput)] = []
  /// The one of them that is shown.
  private var shownOutput: PinOutput?
  /// Peripherals that hear what is on the pin, each while the pin's alternate function is the peripheral's.
  private var peripheralInputs: [PinInput] = []
  /// Assigned once, before the firmware uses the pin.
  private var hostPin: BorrowedReference<HostPinDriver>?
  private var connection: HostPinDriver? { hostPin?.object }

  init(
    cpuName: String, port: Int, number: Int, names: [String], functions: [PinFunction],
    context: PartContext, lines: EXTILines
  ) {
    self.cpuName = cpuName
    self.port = port
    self.number = number
    self.names = names
    self.functions = functions
    self.context = context
    interrupts = context.interrupts
    self.lines = lines
    driver = NetDriver(name: names.first ?? cpuName)
    net = Net(context: context)
    net.add(self)
    net.attach(driver)
  }

  /// The board's first name for it, or the processor's when the board has none.
  public var name: String { names.first ?? cpuName }

  /// Reads the line as the input register does, in every mode but analogue; writing sets the output register,
  /// which shows on the line as soon as the pin is an output.
  public var level: Level {
    get {
      if mode == .analog { return .low }
      return connection?.read() ?? net.level
    }
    set {
      output = newValue
      if !turnLine(to: newValue) {
        updateDriver()
        connection?.write(newValue, in: mode)
        if mode == .input { for terminal in net.terminals { terminal.inputWasWritten?(self) } }
      }
      interrupts.poll()
    }
  }

  /// The short way of a write. On a push-pull output it suffices to turn the pin's driver and to set the real
  /// line, if there is one: that follows the pin, not the other way round, and neither mode nor pull has
  /// changed.
  /// - Returns: whether the pin is such an output.
  @inline(__always) private func turnLine(to level: Level) -> Bool {
    guard mode == .outputPushPull else { return false }
    switch hostPin?.lend({ $0.isOutput }) {
    case nil: driver.turn(to: level)
    case true?:
      driver.turn(to: level)
      hostPin?.lend { $0.write(level) }
    case false?: return false
    }
    return true
  }

  /// The channel of the analogue-to-digital converter that measures it: 4 for `ADC12_IN4`, 2 for `ADC2`; `nil` for none.
  public var analogChannel: Int? {
    guard let signal = functions.first(where: { $0.number == nil && $0.signal.hasPrefix("ADC") })?.signal
    else {
      return nil
    }
    return Int(signal.reversed().prefix { $0.isNumber }.reversed().map(String.init).joined())
  }

  /// Level in the output register.
  public var outputLevel: Level { output }

  public func high() { level = .high }
  public func low() { level = .low }
  public func toggle() { level = output.opposite }

  /// Sets the pin up anew. A real line's refusal ends the run, or is an exception in a language port; `claim`
  /// throws it.
  /// - Parameters:
  ///   - alternateFunction: 0 to 15, for the alternate modes.
  ///   - level: written to the output register before the mode changes, so that no glitch shows; `nil` leaves it.
  public func configure(
    _ mode: PinMode, pull: Pull = .none, alternateFunction: Int? = nil, level: Level? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    configure(
      mode, pull: pull, alternateFunction: alternateFunction, level: level, at: SourceLine(file, line))
  }

  /// - Parameter line: of Swift firmware; nil for what the board itself does with its pins.
  func configure(
    _ mode: PinMode, pull: Pull = .none, alternateFunction: Int? = nil, level: Level? = nil,
    at line: SourceLine?
  ) {
    driver.setUpAt = line
    setUp(mode, pull, alternateFunction, level)
    connection?.configure()
    interrupts.poll()
  }

  /// Sets the pin up anew, as `configure`, for firmware that can do without it when the real line behind it is taken,
  /// forbidden or not there. Virtual pins never refuse.
  /// - Throws: the line's refusal, with its reason. The pin's next use asks for the line again.
  public func claim(
    _ mode: PinMode, pull: Pull = .none, alternateFunction: Int? = nil, level: Level? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) throws(HostPinError) {
    driver.setUpAt = SourceLine(file, line)
    setUp(mode, pull, alternateFunction, level)
    defer { interrupts.poll() }
    try connection?.claim()
  }

  private func setUp(_ mode: PinMode, _ pull: Pull, _ alternateFunction: Int?, _ level: Level?) {
    if let level { output = level }
    self.mode = mode
    self.pull = pull
    self.alternateFunction = alternateFunction
    chooseOutput()
    updateDriver()
    for input in peripheralInputs { input.review() }
    if mode == .analog { reviewFiveVolts() }
  }

  private func chooseOutput() {
    shownOutput = isAlternate ? peripheralOutputs.first { $0.function == alternateFunction }?.output : nil
  }

  /// Calls `handler` after each edge that `trigger` names. A hard handler runs on the `interrupt` thread.
  ///
  /// The handler is outside `@Firmware`: the compiler refuses task state in it. It reaches tasks through a
  /// `ThreadSafeFlag` and the board through `Interrupt.perform`.
  /// - Throws: when another pin of the same number uses the interrupt line.
  public func irq(
    _ trigger: EdgeTrigger, kind: InterruptKind = .hard, file: StaticString = #fileID, line: UInt = #line,
    _ handler: @escaping @Sendable (Interrupt) throws -> Void
  ) throws(ExternalInterruptError) {
    try lines.attach(
      self, trigger: trigger, handler: InterruptHandler(kind, handler), as: .pin,
      at: SourceLine(file, line))
  }

  /// Sets or, with `nil`, takes away what runs on an edge; the form for a language port.
  /// - Throws: when another pin of the same number uses the interrupt line.
  public func setInterrupt(
    _ trigger: EdgeTrigger, _ handler: InterruptHandler?
  ) throws(ExternalInterruptError) {
    try lines.attach(self, trigger: trigger, handler: handler)
  }

  deinit {
    for known in peripheralOutputs { known.output.pin = nil }
    for input in peripheralInputs { input.pin = nil }
  }

  // MARK: Peripherals

  /// Whether a peripheral's signal can be had here.
  public func carries(_ signal: String) -> Bool { functions.contains { $0.signal == signal } }

  /// The number of the alternate function that brings a signal here.
  func alternateFunction(for signal: String) -> Int? { functions.first { $0.signal == signal }?.number }

  /// Gives the pin to a peripheral.
  /// - Parameter output: level that the peripheral drives at first; `nil` lets it only listen.
  /// - Returns: the output through which the peripheral drives the pin, whenever the pin's alternate function
  ///   is its own.
  @discardableResult
  func connectPeripheral(
    _ signal: String, output level: Level?, pull: Pull = .none, isOpenDrain: Bool = false
  ) -> PinOutput {
    let (function, output) = addOutput(signal, level)
    configure(
      isOpenDrain ? .alternateOpenDrain : .alternatePushPull, pull: pull, alternateFunction: function, at: nil
    )
    return output
  }

  /// Lets a peripheral drive the pin whenever the pin's alternate function is `signal`; the pin stays set up as it is.
  /// - Returns: the output through which the peripheral drives the pin; it drives nothing at first.
  func offerOutput(_ signal: String) -> PinOutput {
    let (_, output) = addOutput(signal, nil)
    chooseOutput()
    if output === shownOutput { updateDriver() }
    return output
  }

  private func addOutput(_ signal: String, _ level: Level?) -> (function: Int?, output: PinOutput) {
    let function = alternateFunction(for: signal)
    let output = PinOutput(pin: self, level: level)
    forgetOutput(function)
    peripheralOutputs.append((function, output))
    return (function, output)
  }

  func add(_ input: PinInput) { peripheralInputs.append(input) }
  func remove(_ input: PinInput) { peripheralInputs.removeAll { $0 === input } }

  /// Takes the pin back from a peripheral, as an input.
  func disconnectPeripheral(_ signal: String) {
    forgetPeripheral(signal)
    configure(.input, at: nil)
  }

  /// A peripheral drives the pin no longer, whatever the pin is set up as.
  func forgetPeripheral(_ signal: String) {
    forgetOutput(alternateFunction(for: signal))
  }

  private func forgetOutput(_ function: Int?) {
    for known in peripheralOutputs where known.function == function { known.output.pin = nil }
    peripheralOutputs.removeAll { $0.function == function }
  }

  /// A peripheral drives something else.
  @inline(__always) func outputChanged(_ output: PinOutput, at time: Instant?) {
    if output === shownOutput { show(output.signal, at: time) }
  }

  private func show(_ signal: PinOutput.Signal, at time: Instant?) {
    let isOpenDrain = mode == .alternateOpenDrain
    switch signal {
    case .none: driver.set(level: nil, pull: pull, at: time)
    case .level(let level):
      driver.set(level: isOpenDrain && level == .high ? nil : level, pull: pull, at: time)
    case .waveform(let waveform):
      driver.hold(pull, at: time)
      driver.drive(waveform, at: time, openDrain: isOpenDrain)
    }
  }

  private func updateDriver() {
    if let shownOutput { return show(shownOutput.signal, at: nil) }
    let driven: Level? =
      switch mode {
      case .input, .analog, .alternatePushPull, .alternateOpenDrain: nil
      case .outputPushPull: output
      case .outputOpenDrain: output == .low ? .low : nil
      }
    if let driven { connection?.yield(to: driven) }
    driver.set(level: driven, pull: mode == .analog ? .none : pull)
    if driven != nil { connection?.letGo() }
  }

  // MARK: A real line

  /// Whether a real line of the host is behind it.
  public var isHostPin: Bool { connection != nil }

  func connect(to line: any HostPin) {
    hostPin = BorrowedReference(object: HostPinDriver(line, pin: self, context: context))
  }

  /// The pin's edge handler changed.
  /// - Parameter source: interrupt that the edges raise; `nil` for none.
  func edgesChanged(raising source: InterruptSource?, _ trigger: EdgeTrigger) {
    guard let connection else { return }
    let edgeInput = source.flatMap {
      interrupts.makeHostEdgeInput(for: $0, trigger: trigger) { [unowned connection] in
        connection.edge($0, at: $1)
      }
    }
    connection.setEdgeInput(edgeInput)
  }

  /// Whether edges of its net interrupt.
  var awaitsEdges: Bool { lines.hasHandler(number) }

  /// Hearers of its net's edges on its behalf: the trace first, then its interrupt.
  var hearers: [Hearer] {
    var hearers: [Hearer] = []
    if context.trace.isOn { hearers.append(traceHearer) }
    if awaitsEdges { hearers.append(interruptHearer) }
    return hearers
  }

  private lazy var traceHearer = Hearer(PinTrace(pin: self, trace: context.trace))

  private lazy var interruptHearer = Hearer(PinInterrupts(pin: self))

  fileprivate func edgeInterrupts(_ edge: Net.Edge) {
    // With a real line behind it, interrupts come from the line itself.
    if let connection, connection.hearsEdges { return }
    lines.edge(edge, on: self)
  }
}

/// Output of a peripheral on a pin while the pin's alternate function is the peripheral's.
final class PinOutput: WaveformOutput {
  enum Signal {
    case none
    case level(Level)
    case waveform(any Waveform)
  }

  private(set) var signal: Signal
  /// Nil when the pin has gone, or has forgotten the peripheral, which may still have events. Not weak, as that would make every
  /// other reference to the pin slower.
  fileprivate unowned var pin: Pin?

  init(pin: Pin, level: Level?) {
    self.pin = pin
    signal = level.map { .level($0) } ?? .none
  }

  func drive(_ level: Level, at time: Instant?) {
    signal = .level(level)
    pin?.outputChanged(self, at: time)
  }

  func drive(_ waveform: any Waveform, at time: Instant?) {
    signal = .waveform(waveform)
    pin?.outputChanged(self, at: time)
  }

  /// Drives nothing any more.
  func release(at time: Instant?) {
    signal = .none
    pin?.outputChanged(self, at: time)
  }
}

/// Writes down the edges of a pin.
private final class PinTrace: NetListener {
  private unowned let pin: Pin
  private let trace: Trace

  init(pin: Pin, trace: Trace) {
    self.pin = pin
    self.trace = trace
  }

  func netChanged(_ edge: Net.Edge) { trace.record(.pin(pin.name, edge.level), at: edge.time) }

  func takes(_ waveform: any Waveform, from driver: NetDriver, at start: Instant) -> Bool {
    !trace.wantsEdges(of: waveform)
  }

  var needsBusEdges: Bool { trace.recordsAllEdges }
  var onlyInterrupts: Bool { true }
}

/// Interrupts on the edges of a pin.
private final class PinInterrupts: NetListener {
  private unowned let pin: Pin

  init(pin: Pin) { self.pin = pin }

  func netChanged(_ edge: Net.Edge) { pin.edgeInterrupts(edge) }

  var onlyInterrupts: Bool { true }
}
