import Diagnostics
import Timebase

/// A board with power on: its pins, the parts soldered to them, its interrupts and its time.
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
  public let runningTask = RunningTask()
  /// Everything on the board: its pins in the order of the board file, then its other parts in the order in which they
  /// were made, then what was wired to it.
  public private(set) var parts: [any Part]
  /// How many of them the board has of itself.
  private let ownPartCount: Int

  /// Called again and again while a part of the board waits, as a UART for a byte; a language port runs its soft
  /// handlers there, and throws to end the wait.
  public var waits: Observers<() throws -> Void> { context.waits }
  /// Asked when a real line cannot do what the firmware asked of its pin, the latest observer first, until one deals with it
  /// and returns true.
  public var hostPinFailures: Observers<(HostPinError) -> Bool> { context.hostPinFailures }
  /// The firmware's place, for diagnostics that the board reports, as far as a language port knows; the
  /// latest is asked first.
  public var firmwarePlaces: Observers<() -> Diagnostic.Place?> { context.reporter.places }
  /// The same of firmware in Swift, asked where the board does not know which line of the firmware's set a part up: at which await
  /// the firmware is.
  package var swiftPlaces: Observers<() -> Diagnostic.Place?> { context.reporter.swiftPlaces }

  /// Context that the parts share; a device that is wired to the board takes it too.
  public let context: PartContext
  private var partsByName: [String: any Part]
  /// Other names of parts, which go before those of the board.
  private var partAliases: [String: any Part] = [:]
  private var partsByType: [ObjectIdentifier: [any Part]]
  /// Knobs that stimuli have named, by name.
  private var knobs: [String: Knob] = [:]
  /// Stimuli that wait for something.
  var reactions: [Reaction] = []
  /// Supplies that wires have named, by name.
  private var supplies: [String: Terminal] = [:]

  /// Builds the board and gives it power at the clock's `now`.
  /// - Parameter seed: decides what the board's generator of random numbers gives.
  /// - Throws: `BoardError` when the description names a pin that it does not have; one that was read from a board
  ///   file has been checked.
  public init(
    description: BoardDescription, clock: Clock, diagnostics: DiagnosticSink = DiagnosticSink(),
    trace: Trace? = nil, seed: UInt64 = 0
  ) throws(BoardError) {
    let trace = trace ?? Trace()
    let context = PartContext(
      clock: clock, processor: description.processor, reporter: Reporter(sink: diagnostics), trace: trace,
      costs: description.costs, seed: seed,
      interruptLines: Self.interruptLineCount(description),
      hasInterruptPriorities: description.identity.port.hasInterruptPriorities)
    self.description = description
    self.clock = clock
    self.diagnostics = diagnostics
    self.trace = trace
    self.context = context
    interrupts = context.interrupts
    externalInterrupts = context.externalInterrupts
    trace.record(.started(board: description.name), at: clock.now)
    pins = Self.makePins(description, context)
    context.pins = pins
    for pin in pins { trace.record(.pin(pin.name, pin.net.level), at: clock.now) }
    clock.externalSources.join(externalInterrupts)
    context.partsSoFar = [interrupts, runningTask]
    for part in description.parts {
      if let part = try part.makePart(context) { context.partsSoFar.append(part) }
    }
    let parts = context.partsSoFar
    context.partsSoFar = []
    partsByName = try Self.byName(parts)
    partsByType = Dictionary(grouping: parts) { ObjectIdentifier(type(of: $0)) }
    self.parts = pins.map { $0 } + parts
    ownPartCount = self.parts.count
    interrupts.serve(self)
  }

  deinit {
    clock.externalSources.leave(externalInterrupts)
    for part in parts { for terminal in part.terminals { terminal.net.dismantle() } }
    for supply in supplies.values { supply.net.dismantle() }
    externalInterrupts.dismantle()
    context.dismantle()
  }

  private static func byName(_ parts: [any Part]) throws(BoardError) -> [String: any Part] {
    var table: [String: any Part] = [:]
    for part in parts {
      guard table.updateValue(part, forKey: part.name) == nil else { throw .sameName(part.name) }
    }
    return table
  }

  /// One line for each number that a pin has.
  private static func interruptLineCount(_ description: BoardDescription) -> Int {
    let names = description.pins.map(\.cpuName) + description.functions.keys
    return (names.compactMap { CPUPinName($0)?.number }.max() ?? -1) + 1
  }

  private static func makePins(
    _ description: BoardDescription, _ context: PartContext
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
        functions: description.functions[cpuName] ?? [], context: context,
        lines: context.externalInterrupts)
    }
    return PinTable(pins, boardNames: description.pins.map(\.name))
  }

  // MARK: Parts

  /// The part of this name; a pin by any of its names, a knob as the pair of its pins, `X1-X2`.
  public func part(named name: String) -> (any Part)? {
    partAliases[name] ?? partsByName[name] ?? pins.find(name) ?? knob(name)
  }

  /// Gives a part another name, for those who name it: controls, signals, pins. A part of the board that has that name itself can then
  /// not be named any more; what it shows is still in traces.
  public func call(_ part: any Part, _ alias: String) { partAliases[alias] = part }

  private func knob(_ name: String) -> Knob? {
    if let knob = knobs[name] { return knob }
    let names = name.split(separator: "-", omittingEmptySubsequences: false)
    guard names.count == 2, let first = pins.find(String(names[0])), let second = pins.find(String(names[1]))
    else { return nil }
    let knob = Knob(name: name, first: first, second: second, context: context)
    knobs[name] = knob
    return knob
  }

  /// All parts of a class other than pins, in the order in which they were made.
  public func parts<P: Part>(of type: P.Type) -> [P] {
    partsByType[ObjectIdentifier(type), default: []].compactMap { $0 as? P }
  }

  /// All parts of a type, by number.
  public func numbered<P: NumberedPart>(_ type: P.Type) -> [Int: P] {
    Dictionary(keyed: parts(of: type), by: \.number)
  }

  /// The part of a type with this number.
  public func part<P: NumberedPart>(_ type: P.Type, _ number: Int) throws(NoSuchPart) -> P {
    let parts = numbered(type)
    guard let part = parts[number] else { throw NoSuchPart(type, number: number, numbers: parts.keys) }
    return part
  }

  /// The part of a kind of which every board has one.
  func theOnly<P: Part>(_ type: P.Type) -> P {
    // Every registry begins with the standard kinds, and this kind describes one part whatever the board file says.
    guard let part = partsByType[ObjectIdentifier(type)]?.first as? P else {
      preconditionFailure("a board without \(type)")
    }
    return part
  }

  /// A timer served by the system tick; there can be any number.
  public func makeSoftTimer() -> SoftTimer { SoftTimer(context: context) }

  // MARK: Backend

  /// The host's pulse-width outputs at real pins, by the processor's name for the pin.
  public private(set) var hostPulses: [String: HostPulses] = [:]

  /// Reports the remaining diagnostics after the end of the run.
  public func finish() {
    interrupts.reportLosses()
    for uart in uarts.values.sorted(by: { $0.number < $1.number }) { uart.reviewSilence(isLast: true) }
  }

  /// Joins pins to real lines, and UARTs and controllers of buses to the host's ports and buses. Each is taken when the firmware first uses it.
  public func use(_ backend: any PinBackend) {
    for pin in pins {
      if let line = backend.line(for: pin) { pin.connect(to: line) }
      hostPulses[pin.cpuName] = backend.pulseOutput(for: pin).map { HostPulses($0, context: context) }
    }
    for uart in uarts.values {
      if let port = backend.serialPort(for: uart) { uart.connect(to: port) }
    }
    for controller in i2cs.values {
      if let bus = backend.i2cBus(for: controller) { controller.connect(to: bus) }
    }
    for controller in spis.values {
      if let bus = backend.spiBus(for: controller) { controller.connect(to: bus) }
    }
  }

  // MARK: Wiring

  /// Adds something that is wired to the board from outside, or will be.
  /// - Throws: `BoardError.sameName` when the board has a part or a pin of that name.
  public func add(_ part: any Part) throws(BoardError) {
    guard self.part(named: part.name) == nil, !Self.supplyNames.contains(part.name) else {
      throw .sameName(part.name)
    }
    partsByName[part.name] = part
    partsByType[ObjectIdentifier(type(of: part)), default: []].append(part)
    parts.append(part)
  }

  /// What was added to the board, in that order.
  public var addedParts: ArraySlice<any Part> { parts[ownPartCount...] }

  /// Supplies that wires can name besides pins: `3V3`, `5V`, `GND`.
  public static let supplyNames = ["3V3", "5V", "GND"]

  /// Puts a wire between two ends: pins of the board, pins of devices as in `room.data`, supplies.
  public func connect(_ first: String, _ second: String) throws(BoardError) {
    let (a, b) = (try net(named: first), try net(named: second))
    if first == second || (pins.find(first).map { $0 === pins.find(second) } ?? false) {
      throw .wireToItself(first, second)
    }
    a.merge(b)
    for pin in a.pins { pin.reviewFiveVolts() }
    a.reviewSupplies()
    interrupts.poll()
  }

  /// Puts a wire between two ends named as in `X1-X2`.
  public func connect(wire: String) throws(BoardError) {
    let ends = wire.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, !ends[0].isEmpty, !ends[1].isEmpty else { throw .malformedWire(wire) }
    try connect(String(ends[0]), String(ends[1]))
  }

  /// The electrical node of a pin, a device's pin or a supply.
  public func net(named name: String) throws(BoardError) -> Net {
    if let pin = pins.find(name) { return pin.net }
    if Self.supplyNames.contains(name) { return supply(name).net }
    guard let (owner, pin) = splitName(name), let part = part(named: owner), !part.terminals.isEmpty else {
      throw .noSuchPin(name, available: ends)
    }
    guard let terminal = part.terminals.first(where: { $0.name == pin }) else {
      throw .noSuchTerminal(pin, device: owner, available: part.terminals.map(\.name))
    }
    return terminal.net
  }

  /// Possible ends of a wire, for messages.
  private var ends: String {
    let devices = parts.filter { !$0.terminals.isEmpty }.map { "\($0.name).\($0.terminals[0].name)" }
    return PinNameSummary(pins.boardNames + Self.supplyNames).description
      + (devices.isEmpty ? "" : "; of devices as in \(devices.joined(separator: ", "))")
  }

  private func supply(_ name: String) -> Terminal {
    if let supply = supplies[name] { return supply }
    let supply = Terminal(name, owner: "", context: context)
    // A net fed with 5 V is high for the board.
    supply.drive(name == "GND" ? .low : .high)
    supplies[name] = supply
    return supply
  }

  // MARK: Reset

  /// Resets every part.
  public func reset(_ kind: ResetKind) {
    externalInterrupts.reset()
    for part in parts { part.reset(kind) }
  }
}
