import Asyncio
import Devices
import Machine
import MicroPython
import MicroPythonPort
import PythonDevices
import Timebase

/// The bench of a test in Python: the module `bench` that the test imports, and the boards that it loads.
///
/// It belongs to the thread that runs the test. The test's firmware runs on that thread too; other boards have threads of their
/// own, which run while that one stands.
final class PythonBench: TriggerHost, FirmwareAddition {
  /// The test's own board.
  let main: BenchBoard
  var clock: Clock { main.clock }
  /// Those that the test has loaded.
  private(set) var others: [BenchBoard] = []
  let settings: TestSettings
  /// The folder of the test file.
  let folder: String
  /// The test has come to its end.
  var hasPassed = false
  /// Why the test is not for this run.
  var skipReason: String?
  private(set) var notes: AssertionNotes?
  /// Tracebacks of assertions that failed in a callback, a task or a thread, where nobody catches them.
  private(set) var uncaughtFailures: [String] = []
  private var uncaught: Observation?
  /// Of the test's firmware.
  private(set) weak var scheduler: Scheduler?
  /// Those of the module `bench`, once it was imported.
  var classes: BenchClasses?
  private(set) var place: (() -> (file: String, line: Int)?) = { nil }

  private let testFile: String
  /// Kinds of devices that the test can wire to its boards; files in Python stand beside it, or in the folder
  /// above.
  private let kinds: DeviceRegistry
  private let lines: JoinedLines?
  private var talksWithOthers: () -> Void = {}
  private var group: BoardGroup?
  private var lead: LeadingClock?
  private var open: [ObjectIdentifier: (trigger: Trigger, place: (file: String, line: Int)?)] = [:]

  init(
    settings: TestSettings, folder: String, testFile: String, seed: UInt64, trace: Trace?
  ) throws {
    self.settings = settings
    self.folder = folder
    self.testFile = testFile
    let host = HostReference()
    let main = try BenchBoard(
      "", description: settings.board, clock: Clock(mode: settings.lines == nil ? .virtual : .host),
      host: host,
      trace: trace, seed: seed)
    self.main = main
    hostReference = host
    kinds = .withPython(in: [folder, folder + "/.."])
    main.deviceKinds = kinds
    try main.board.wire(settings.wiring, kinds: .withPython)
    lines = try settings.lines?.join(main.board)
    host.bench = self
  }

  /// The trigger host, for boards that are made before there is a bench.
  private let hostReference: HostReference

  func add(to parts: FirmwareParts) {
    let vm = parts.vm
    vm.compiledCode = settings.compiledCode
    let testFile = testFile
    let notes = AssertionNotes { $0 == testFile }
    self.notes = notes
    vm.assertionNotes = notes
    uncaught = vm.uncaughtExceptions.add { [unowned self, unowned vm] exception in
      guard vm.isException(exception, .assertionError) else { return }
      uncaughtFailures.append(String(decoding: vm.tracebackText(of: exception), as: UTF8.self))
    }
    talksWithOthers = { [unowned vm] in vm.stopsAfterBuiltIns = true }
    place = { [unowned vm] in vm.callSite.place ?? vm.place }
    vm.addFrozenModule(
      "unittest", path: "unittest.py", isPackage: false, source: PackageResources.unittest_py)
    scheduler = parts.scheduler
    vm.addModules([BenchModule.self], host: self)
  }

  // MARK: Errors

  /// Returns the exception for an error. A request that real lines cannot fulfil ends the test, which counts
  /// as skipped.
  func raised(_ error: any Error, _ vm: Interpreter) -> Raised {
    guard let limit = error as? BeyondLines else { return vm.raised(error) }
    skipReason = limit.description
    return vm.error(.systemExit)
  }

  /// - Throws: if it is a control of a pin that is a real line.
  func control(_ name: String, of board: BenchBoard) throws -> Control {
    let control = try board.board.control(name)
    let part = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    do { try board.board.refuse(control, of: part) } catch {
      throw BeyondLines("\(name) cannot be set, as what is wired to the pin drives it")
    }
    return control
  }

  // MARK: Triggers

  func made(_ trigger: Trigger) { open[ObjectIdentifier(trigger)] = (trigger, place()) }

  func isSettled(_ trigger: Trigger) {}

  func isOver(_ trigger: Trigger) { open[ObjectIdentifier(trigger)] = nil }

  /// Triggers that the test made and never waited for, each with its place.
  var forgottenTriggers: [String] {
    open.values.filter { !$0.trigger.isAwaited }.map { entry in
      let place = entry.place.map { "\($0.file):\($0.line): " } ?? ""
      return "\(place)the test made a trigger for \(entry.trigger.name) and never waited for it"
    }.sorted()
  }

  /// Names of triggers that tasks of the test wait for.
  var awaitedTriggers: [String] {
    open.values.filter { $0.trigger.isAwaited && $0.trigger.isPending }.map(\.trigger.name).sorted()
  }

  // MARK: Other boards

  /// A board of its own with firmware, which begins to run when the test next lets time go by.
  /// - Parameter description: the board; nil for one like the test's.
  func load(_ program: PythonProgram, name: String, description: BoardDescription?) throws -> BenchBoard {
    try refuse("another board cannot be wired to them")
    guard name != Self.mainName, !others.contains(where: { $0.name == name }) else {
      throw BenchError.cannotLoad("there is a board \"\(name)\" already; give another name=")
    }
    let clock = Clock(mode: .virtual)
    try clock.advance(until: self.clock.now)
    let board = try BenchBoard(
      name, description: description ?? settings.board, clock: clock, host: hostReference,
      seed: settings.seed)
    board.deviceKinds = kinds
    if description == nil { board.compiledCode = settings.compiledCode }
    board.start(program)
    if group == nil { group = BoardGroup([Self.mainName: main.board]) }
    group?.add(name, board.board)
    others.append(board)
    if lead == nil { lead = LeadingClock(self.clock) }
    talksWithOthers()
    lead?.add(follower: clock) { board.failed("\($0)") }
    return board
  }

  private static let mainName = "test"

  // MARK: Events

  private var events: [(event: Clock.EventID, clock: Clock)] = []

  /// Forgets an event with the end of the test: a clock keeps its events, and with them what they act on.
  func keep(_ event: Clock.EventID, of clock: Clock) { events.append((event, clock)) }

  /// Whether nothing can happen any more unless the test does something.
  var isStill: Bool {
    others.allSatisfy { $0.clock.nextActivity == nil } && clock.nextEventDue == nil
      && !clock.mayHearFromOutside
  }

  /// Why nothing more happens, once it is still.
  var standstill: String {
    others.lazy.compactMap(\.flood).first
      ?? "nothing happens on \(others.isEmpty ? "the board" : "any board") any more"
  }

  /// Brings another board to the test's time, so that something can be done to it.
  func bringUp(_ board: BenchBoard) {
    if board !== main { lead?.bringUp(board.clock) }
  }

  /// Puts a wire between two pins; one of another board is `NAME.PIN`.
  func wire(_ first: String, _ second: String) throws {
    try refuse("\(first) and \(second) are connected by hand")
    guard let group, first.contains(".") || second.contains(".") else {
      return try main.board.connect(first, second)
    }
    for other in others { bringUp(other) }
    func whole(_ end: String) -> String { end.contains(".") ? end : "\(Self.mainName).\(end)" }
    try group.connect(whole(first), whole(second))
  }

  /// Skips the test where pins are real lines.
  func refuse(_ what: String) throws(BeyondLines) {
    if lines != nil { throw BeyondLines(what) }
  }

  /// The test is over: everything ends.
  func finish() {
    lines?.release()
    for entry in open.values { entry.trigger.cancel() }
    open = [:]
    for (event, clock) in events { clock.cancel(event) }
    events = []
    for other in others { other.endFirmware() }
    lead = nil
    group = nil
  }
}

/// Stands for a bench that is being made.
private final class HostReference: TriggerHost {
  unowned var bench: PythonBench!
  var clock: Clock { bench.clock }
  func made(_ trigger: Trigger) { bench.made(trigger) }
  func isSettled(_ trigger: Trigger) { bench.isSettled(trigger) }
  func isOver(_ trigger: Trigger) { bench.isOver(trigger) }
}
