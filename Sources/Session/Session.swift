import Asyncio
import Devices
import Diagnostics
import Glibc
import LinuxGPIO
import Machine
import Timebase

/// One run of firmware on a board, with what a person or a shell expects around it: options, terminal, signals, trace
/// file, exit status.
///
/// It belongs to the thread that makes it, which becomes the firmware thread. A process has one, made before anything
/// starts other threads.
public final class Session: ClockObserver {
  /// The board; of several, in the order of the wiring file.
  public let boards: [SessionBoard]
  /// The only board, or the first of several.
  public var board: Board { boards[0].board }
  /// The wires and the common time of several boards; `nil` for one board.
  let group: BoardGroup?
  /// Output of the firmware.
  public let console: Console
  public let diagnostics: DiagnosticSink
  /// Which checks are made beside those that cost nothing.
  public let debugging: Debugging
  /// Interrupts the firmware at Ctrl-C; called on the firmware thread, inside the clock. Without it Ctrl-C
  /// ends the run.
  public var interruptFirmware: (() -> Void)?

  public var clock: Clock { board.clock }

  private let requests: RunRequests
  private var observations: [Observation]
  private let terminal: TerminalMode
  private let status: StatusLine?
  /// Typed bytes, key by key and not echoed; nil where standard input is no terminal that this process may
  /// set.
  public var keys: (any ByteStream)? { typedInput }

  /// Place of the board's serial console, if it has one.
  public enum SerialConsole: Sendable {
    /// Standard input and output: this terminal, a pipe or a file.
    case terminal
    case port(SerialAddress)
  }

  /// Input of the board's serial console; nil without one.
  public var serialInput: (any ByteStream)? { promptInput ?? serialPort }

  private let promptInput: PromptInput?
  private let serialPort: SerialPort?
  private let typedInput: TypedInput?
  private let traces: TraceFiles
  private let screenshots: Screenshots
  /// As the wiring file has them.
  let controlFactors: [String: Double]
  /// The files that the run writes.
  var outputFiles: OutputFiles
  private let views: [DisplayView]
  /// The lines that the pins are; `nil` when they are virtual.
  private let lines: GPIOBackend?
  /// Fills the status line while the run goes on.
  private var statusPublisher: StatusPublisher?
  /// Status that a signal or the loss of its output ends the run with.
  private var requestedEnd: ExitStatus?

  /// Builds the board that the options describe, wires it up and gives it power.
  /// - Throws: `UsageError` for a board, wire, stimulus or trace file that cannot be.
  /// - Parameters:
  ///   - interpreterCosts: the names of costs that a language's interpreter looks up; nil when there is none, and the board
  ///     file's costs are not checked.
  ///   - wiringFile: file of `--wiring`, if it has been read already.
  ///   - takesSeveralBoards: whether there may be more than one.
  ///   - inputFiles: files that the run reads beside those that the options name, which nothing may overwrite: firmware.
  public init(
    options: RunOptions, interpreterCosts: BoardDescription.InterpreterCosts? = nil,
    serialConsole: SerialConsole? = nil, wiringFile: WiringFile? = nil, kinds: DeviceRegistry = .standard,
    takesSeveralBoards: Bool = false, inputFiles: [String] = []
  ) throws(UsageError) {
    SignalWatch.blockSignals()
    let requests = RunRequests()
    let terminal = TerminalMode()
    let file = if let wiringFile { wiringFile } else { try options.wiringFile(kinds: kinds) }
    let plan = try TablePlan(options, file)
    if !takesSeveralBoards, plan.boards[0].name != nil {
      throw UsageError(
        option: "--wiring \(file?.file ?? "")", "has several boards, which vpyboard run can run")
    }
    controlFactors = file?.controlFactors ?? [:]
    outputFiles = try OutputFiles(options, file, plan.boards.map(\.wiring), others: inputFiles)
    var descriptions: [BoardDescription] = []
    for board in plan.boards {
      descriptions.append(try Self.description(board.model, interpreterCosts, board.name))
    }
    let isAlone = plan.boards[0].name == nil
    let speed = try Self.speed(options)
    let showsStatus = isatty(STDERR_FILENO) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb"
    let hasKeys = showsStatus && terminal.isAvailable && isAlone
    let hasPrompt = if case .terminal = serialConsole { true } else { false }
    promptInput = hasPrompt ? PromptInput() : nil
    typedInput = hasKeys && !hasPrompt ? TypedInput() : nil
    // A real button is pressed by hand.
    let pressesByKey = hasKeys && options.backend == .virtual
    status =
      showsStatus
      ? StatusLine(
        speed: speed, switchName: pressesByKey ? Self.steeredSwitch(descriptions[0].switches) : nil,
        leaving: hasPrompt ? "Ctrl-]: leave" : serialConsole == nil ? "Ctrl-C: interrupt" : "Ctrl-C: end")
      : nil
    console = Console(status: status) { requests.endWithoutOutput($0) }
    diagnostics = DiagnosticSink(mode: options.diagnostics, write: console.report)
    traces = try TraceFiles(options, diagnostics) { requests.endWithoutOutput($0) }
    self.requests = requests
    self.terminal = terminal
    debugging = options.debugging

    let clocks = plan.boards.map { _ in Clock(mode: speed.clockMode) }
    serialPort = try Self.serialPort(serialConsole, clocks[0])
    if let typedInput { clocks[0].externalSources.join(typedInput) }
    let commonTrace = CommonTrace(outputs: isAlone ? [] : traces.textOutputs)
    var boards: [SessionBoard] = []
    for (index, board) in plan.boards.enumerated() {
      var (sink, trace) = (diagnostics, Trace(outputs: traces.textOutputs))
      if let name = board.name {
        sink = DiagnosticSink(mode: options.diagnostics, board: name, write: console.report)
        trace = Trace(of: name, in: commonTrace)
      }
      commonTrace.add(clocks[index])
      let made = try Self.makeBoard(
        descriptions[index], board, clock: clocks[index], trace: trace, diagnostics: sink, kinds,
        seed: options.seed &+ UInt64(index))
      boards.append(SessionBoard(name: board.name, board: made, diagnostics: sink))
    }
    self.boards = boards
    group = try isAlone ? nil : Self.join(boards, plan)
    file?.report(to: diagnostics)
    var observations: [Observation] = []
    lines = try Self.joinLines(boards[0].board, options, requests, console, &observations)
    self.observations = observations
    traces.begin(on: boards)
    screenshots = try Screenshots(options.screenshots, boards: boards) { [console] in
      console.report("vpyboard: \($0)")
    }
    var views: [DisplayView] = []
    for name in options.shows {
      let (board, part) = try boards.find(name, option: "--show \(name)")
      views.append(try DisplayView(name, of: part, on: board) { [console] in console.report($0) })
    }
    self.views = views
    for clock in clocks {
      if let duration = options.duration { clock.powerOff = clock.now + duration }
      requests.attach(to: clock)
      self.observations.append(clock.addObserver(self))
    }
  }

  /// Puts the boards on one table.
  private static func join(
    _ boards: [SessionBoard], _ plan: TablePlan
  ) throws(UsageError) -> BoardGroup {
    let group = BoardGroup(boards.map { (name: $0.name ?? "", board: $0.board) })
    for link in plan.links {
      do { try group.connect(link.ends.0, link.ends.1) } catch {
        throw UsageError(WiringError(link.place, error.description).description)
      }
    }
    for reaction in plan.reactions {
      try boards.schedule(reaction.event, reaction.board, behind: reaction.cause)
    }
    return group
  }

  private static func description(
    _ nameOrFile: String, _ interpreterCosts: BoardDescription.InterpreterCosts?, _ name: String?
  ) throws(UsageError) -> BoardDescription {
    do throws(BoardFileError) {
      let description = try BoardDescription.load(nameOrFile)
      if let interpreterCosts { try description.checkCosts(interpreter: interpreterCosts) }
      return description
    } catch {
      throw UsageError(option: name.map { "board \($0)" } ?? "--board", error.description)
    }
  }

  private static func serialPort(_ console: SerialConsole?, _ clock: Clock) throws(UsageError) -> SerialPort?
  {
    guard case .port(let address) = console else { return nil }
    do { return try SerialPort(address, wakeSignal: clock.wakeSignal) } catch {
      throw UsageError(option: "--serial \(address)", error.description)
    }
  }

  private static func makeBoard(
    _ description: BoardDescription, _ plan: BoardPlan, clock: Clock, trace: Trace,
    diagnostics: DiagnosticSink, _ kinds: DeviceRegistry, seed: UInt64
  ) throws(UsageError) -> Board {
    let board: Board
    do {
      board = try Board(
        description: description, clock: clock, diagnostics: diagnostics, trace: trace, seed: seed)
    } catch { throw UsageError(option: "--board \(description.name)", error.description) }
    do { try board.wire(plan.wiring, kinds: kinds) } catch { throw UsageError(error.description) }
    return board
  }

  /// On real lines time is wall time.
  private static func speed(_ options: RunOptions) throws(UsageError) -> Speed {
    if options.backend == .gpiod {
      guard options.speed == nil || options.speed == .host else {
        throw UsageError(option: "--speed", "real lines need wall time: leave it out, or give host")
      }
      return .host
    }
    if options.chip != nil {
      throw UsageError(option: "--chip", "is for --backend gpiod, without which pins are virtual")
    }
    return options.speed ?? (isatty(STDOUT_FILENO) == 1 ? .paced(factor: 1) : .max)
  }

  private static func joinLines(
    _ board: Board, _ options: RunOptions, _ requests: RunRequests, _ console: Console,
    _ observations: inout [Observation]
  ) throws(UsageError) -> GPIOBackend? {
    guard options.backend == .gpiod else { return nil }
    try options.refuseVirtualWiring()
    let fail: @Sendable (String) -> Void = { message in
      if requests.end(.failure) { console.report("Error: \(message)") }
    }
    let backend: GPIOBackend
    do throws(GPIOError) {
      backend = try GPIOBackend(
        board: board.description, chip: options.chip, diagnostics: board.diagnostics,
        chipGone: { fail($0.description) })
    } catch { throw UsageError(option: "--backend gpiod", error.description) }
    board.use(backend)
    // A language port turns it into an exception.
    observations.append(
      board.hostPinFailures.add {
        fail($0.description)
        return true
      })
    do { try board.refuseStimuli(options.stimuli) } catch {
      throw UsageError(option: "--at", error.description)
    }
    return backend
  }

  // MARK: Running

  /// Runs firmware to its end and tidies up after it. The process should then exit with what this returns.
  /// - Parameter firmware: runs the firmware; its result holds unless a signal ended the run or something of
  ///   the run's own failed.
  public func run(_ firmware: () -> ExitStatus) -> ExitStatus {
    let (console, terminal, requests) = (self.console, self.terminal, self.requests)
    let answer = SignalAnswer(console, terminal, requests, releaseLines: lines?.release)
    do throws(ThreadStartError) {
      try CrashWatch.arm(tidyUp: answer.tidyUp)
      try SignalWatch.start(handler: answer.handle)
      if let typedInput {
        terminal.enter()
        try KeyReader.start(isIdle: terminal.takeBackIfLeft) { Self.take($0, typedInput, requests) }
      }
      if let promptInput {
        terminal.enter(passesAllKeys: true)
        let hasSpecialKeys = isatty(STDIN_FILENO) == 1
        try promptInput.start(
          isForUs: { hasSpecialKeys && Self.takeSpecialKey($0, requests) }, arrived: requests.tellOfInput)
      }
      let lines = boards.flatMap(\.board.devices).compactMap { ($0 as? any HostLineDevice)?.hostLine }
      for line in lines { console.write(line + "\n") }
      if !lines.isEmpty { console.flush() }
      if let serialPort {
        try serialPort.start()
        // Programs that start a board read this to find it.
        console.write(serialPort.line.name + "\n")
        console.flush()
      }
      if let status {
        statusPublisher = StatusPublisher(status, boards, clock: clock) { [typedInput, promptInput] in
          typedInput?.isInUse ?? (promptInput != nil)
        }
      }
      try console.start()
    } catch {
      console.report("Error: \(error)")
      return finish(.failure)
    }
    let end = firmware()
    return finish(end)
  }

  /// Sends what the board's serial console prints.
  public func sendToSerial(_ bytes: [UInt8]) {
    if let serialPort { return serialPort.send(bytes) }
    console.write(bytes)
    console.flush()
  }

  private func finish(_ firmwareEnd: ExitStatus) -> ExitStatus {
    serialPort?.close()
    let hostLines = boards.flatMap(\.board.devices).compactMap { $0 as? any HostLineDevice }
    for device in hostLines { device.closeHostLine() }
    lines?.release()
    for member in boards { member.board.finish() }
    for view in views { view.finish() }
    screenshots.finish()
    // Of several boards all are parts of one trace.
    board.trace.finish()
    traces.finish()
    console.flush()
    for device in hostLines where device.failure != nil && diagnostics.mode == .off {
      console.report("Error: \(device.name): \(device.failure ?? "")")
    }
    if let failure = traces.failure, diagnostics.mode == .off { console.report("Error: --trace \(failure)") }
    console.close()
    terminal.restore()
    // The last of the output may have been the first that could not be written.
    if let end = requestedEnd ?? requests.take()?.end { return end }
    let hasFailed =
      diagnostics.hasFailed || boards.contains { $0.diagnostics.hasFailed } || traces.failure != nil
      || screenshots.hasFailed || hostLines.contains { $0.failure != nil }
    if firmwareEnd == .success && hasFailed { return .failure }
    return firmwareEnd
  }

  /// Answers what signals and keys ask for.
  public func clockLooks() {
    statusPublisher?.publish()
    guard let batch = requests.take() else { return }
    if batch.isInterrupt {
      if let interruptFirmware { interruptFirmware() } else { end(.signalled(SIGINT)) }
      // Boards that stand check their requests when it is their turn.
      if boards.count > 1 { for member in boards { member.board.clock.wake() } }
    }
    for _ in 0..<batch.switchKeys { toggleSwitch() }
    if let status = batch.end { end(status) }
  }

  /// Ends the run at once, with this status. To be called on the firmware thread, from inside its clock or its output.
  public func end(_ status: ExitStatus) {
    requestedEnd = status
    for clock in boards.map(\.board.clock) {
      clock.powerOff = clock.now
      clock.abandonBusyWait()
      if boards.count > 1 { clock.wake() }
    }
  }

  // MARK: Keys

  /// On the thread that reads keys.
  private static func take(_ key: UInt8?, _ input: TypedInput, _ requests: RunRequests) {
    switch key {
    case StatusLine.switchKey: requests.typeSwitchKey()
    case UInt8(ascii: "u") where !input.isInUse: requests.typeSwitchKey()
    case let key?:
      input.type(key)
      requests.tellOfInput()
    case nil:
      input.end()
      requests.tellOfInput()
    }
  }

  /// On the thread that reads keys.
  /// - Returns: whether it is one of the emulator's, at the board's prompt.
  private static func takeSpecialKey(_ key: UInt8, _ requests: RunRequests) -> Bool {
    switch key {
    case StatusLine.switchKey: requests.typeSwitchKey()
    case StatusLine.leaveKey: requests.end(.success)
    default: return false
    }
    return true
  }

  private func toggleSwitch() {
    guard let name = Self.steeredSwitch(board.description.switches),
      let isPressed = board.signal("\(name).pressed")?.value,
      let control = try? board.control("\(name).pressed")
    else { return }
    control.set(.flag(isPressed != .flag(true)))
    statusPublisher?.publish()
  }

  /// The switch that the key works: USR where there is one.
  private static func steeredSwitch(_ switches: [String: some Any]) -> String? {
    switches["USR"] == nil ? switches.keys.min() : "USR"
  }
}
