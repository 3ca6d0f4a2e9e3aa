import Asyncio
import Diagnostics
import Machine
import MicroPython
import Timebase

/// MicroPython on a board: the interpreter with the board's memory and costs, and every module that its firmware has.
///
/// It belongs to the board's thread.
public final class PythonFirmware {
  /// How a program ended.
  public enum End: Sendable, Equatable {
    /// It came to its end, or the board was switched off.
    case finished
    /// `sys.exit` with this status.
    case exited(Int32)
    /// An exception that nobody caught; its traceback as MicroPython prints it.
    case failed(traceback: String)
    /// Every task waited for something that can never happen.
    case deadlocked
  }

  /// The costs of a board file that the interpreter looks up.
  public static let costNames = BoardDescription.InterpreterCosts(
    general: CostTable.names, instructions: CostTable.instructionNames)

  let vm: Interpreter
  let board: Board
  let asyncio: AsyncioRuntime
  let hardware: Hardware
  let threads: ThreadScheduler
  private let keys: (any ByteStream)?
  private var hasInterrupt = false
  /// What a real line refused, until the firmware has it as an exception.
  private var lineFailure: HostPinError?

  /// - Parameters:
  ///   - debugging: which checks are made beside those that cost nothing.
  ///   - keys: what is typed, key by key and not echoed; nil where standard input is read as it is.
  ///   - collectsAlways: whether garbage is collected at every allocation, to find faults of the emulator's own.
  ///   - output: takes what the firmware prints.
  public init(
    board: Board, debugging: Debugging = Debugging(), keys: (any ByteStream)? = nil,
    collectsAlways: Bool = false, output: @escaping ([UInt8]) -> Void
  ) {
    self.board = board
    self.keys = keys
    let description = board.description
    let heap = Heap(
      capacity: description.memory.heap, hasSingleFloats: description.processor.floatBits == 32)
    vm = Interpreter(heap: heap, clock: board.clock, costs: CostTable(description.costs))
    vm.standardOutput = output
    vm.installEverything()
    vm.addRandomModule { [unowned board] in board.random.next() }
    asyncio = AsyncioRuntime(vm: vm, board: board)
    hardware = Hardware(vm: vm, board: board)
    hardware.callbackIsSet = { [unowned asyncio] in asyncio.pitfalls?.callbackIsSet($0) }
    threads = ThreadScheduler(vm: vm, board: board)
    heap.leaveOutWhatExists()
    heap.collectsAlways = collectsAlways
    vm.attentionHook = { [unowned self] (_) throws(Raised) in try raiseInterrupt() }
    board.interrupts.deliversAtOnce = false
    let pitfalls = PitfallFinder(asyncio, debugging: debugging)
    pitfalls.currentThread = { [unowned threads] in ObjectIdentifier(threads.current) }
    asyncio.pitfalls = pitfalls
    board.hostPinFailed = { [unowned self] error in
      lineFailure = lineFailure ?? error
      vm.requestAttention()
    }
    board.firmwarePlace = { [unowned vm, asyncio] in
      let place = vm.callSite.place ?? vm.place
      return Diagnostic.Place(
        file: place?.file, line: place?.line, task: asyncio.scheduler.current?.name)
    }
    asyncio.scheduler.firmwarePlace = board.firmwarePlace
    board.whileWaiting = { [unowned vm] in try vm.safePoint() }
  }

  /// Ctrl-C: raises `KeyboardInterrupt` where the firmware is. To be called on the board's thread, from inside its
  /// clock.
  public func interrupt() {
    hasInterrupt = true
    vm.requestAttention()
    threads.lookRound()
    board.clock.abandonBusyWait()
  }

  private func raiseInterrupt() throws(Raised) {
    if let failure = lineFailure {
      lineFailure = nil
      let arguments = [Value(smallInt: Int(failure.errorNumber)), vm.heap.string(failure.description)]
      throw vm.error(.osError, arguments: arguments)
    }
    // Only the main thread is interrupted, as on the board.
    guard hasInterrupt, vm.interruptCharacter >= 0, threads.isMainRunning else { return }
    hasInterrupt = false
    if vm.isInScheduledCallback { vm.interruptAfterCallback() }
    throw vm.error(.keyboardInterrupt, arguments: [])
  }

  /// Runs a program to its end.
  public func run(_ program: PythonProgram) -> End {
    let flash = board.description.identity.flashPath
    board.diagnostics.nameFiles { program.hostFile($0, flash: flash) }
    addModules(for: program, addFiles(of: program))
    var end = End.finished
    do throws(Raised) {
      try vm.runMain(program.source, file: program.name)
    } catch {
      end = self.end(error.exception)
      if case .failed = end { asyncio.pitfalls?.explain(error.exception) }
    }
    // What other threads do ends with the program.
    threads.endAll()
    asyncio.pitfalls?.programEnded(isComplete: !vm.isHalted)
    return end
  }

  /// The board's files: the folder of the program, mounted where the board has its flash.
  private func addFiles(of program: PythonProgram) -> MountedFiles {
    let files = MountedFiles(table: MountTable(), vm: vm)
    let types = FileTypes(vm)
    let fileSystem = FileSystemType(
      types: types,
      now: { [board] in CalendarTime(secondsSinceEpoch: board.realTimeClock.secondsSince2000).fields }, vm)
    let flash = MountTable.Mount(
      path: board.description.identity.flashPath,
      object: fileSystem.make(HostFolder(program.folder, types: types, vm), vm), in: vm.heap)
    files.table.add(flash)
    files.table.makeCurrent(flash)
    vm.sourceFinder = BoardSources(files, importFolders: [program.folder + "/..", "."])
    files.addOpen()
    VfsModule(files: files, type: fileSystem).add(to: vm)
    OsModule(
      board: board, files: files, mounting: VfsModule(files: files, type: fileSystem)
    ).add(to: vm)
    return files
  }

  private func addModules(for program: PythonProgram, _ files: MountedFiles) {
    let input = StandardInput(keys ?? DescriptorInput(), clock: board.clock)
    hardware.terminalInput = input
    SysModule(board: board, arguments: [program.name] + program.arguments, input: input).add(to: vm)
    InputFunction(input: input, echoes: keys != nil).install(in: vm)
    TimeModule(board: board, threads: threads).add(to: vm)
    MicroPythonModule(board: board, pitfalls: asyncio.pitfalls).add(to: vm)
    GcModule().add(to: vm)
    ThreadModule(threads: threads).add(to: vm)
    SocketModule(network: LoopbackNetwork(clock: board.clock)).add(to: vm)
    PlatformModule().add(to: vm)
    SelectModule(clock: board.clock).add(to: vm)
    asyncio.addCoreModule()
    FrozenPackages().add(to: vm)
  }

  private func end(_ exception: Value) -> End {
    if vm.isHalted { return asyncio.isDeadlocked || threads.isDeadlocked ? .deadlocked : .finished }
    if vm.isException(exception, .systemExit) {
      let arguments = vm.exceptionPart(of: exception)?.arguments
      guard let code = arguments.flatMap({ $0.count > 0 ? $0[0] : nil }), !code.isNone else {
        return .exited(0)
      }
      if code.isSmallInt { return .exited(Int32(truncatingIfNeeded: code.smallInt) & 0xff) }
      return .exited(code.isBool && code == .false ? 0 : 1)
    }
    return .failed(traceback: String(decoding: vm.tracebackText(of: exception), as: UTF8.self))
  }
}
