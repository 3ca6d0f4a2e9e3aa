import Asyncio
import Diagnostics
import Machine
import MicroPython
import Timebase

/// One interpreter on the board, with its memory and modules: from one reset to the next.
final class PythonRuntime {
  let vm: Interpreter
  let board: Board
  let asyncio: AsyncioRuntime
  let hardware: Hardware
  let threads: ThreadScheduler
  let resets: ResetControl
  /// The lines that were typed last.
  let history = LineHistory()
  var additions: [any FirmwareAddition] = []
  private let console: FirmwareConsole
  /// The board's files, once a program runs.
  private(set) var files: MountedFiles?
  /// `sys.argv`
  private(set) var arguments: [String] = []
  private(set) var allowsSockets = false
  private var volumes: [FatVolume] = []
  /// Whether the board has found a file system on its SD card.
  private(set) var hasCardFiles = false
  private var observations: [Observation] = []
  private var hasInterrupt = false
  /// The refusal of a real line, until the firmware gets it as an exception.
  private var lineFailure: HostPinError?

  /// - Parameters:
  ///   - debugging: which checks are made beside those that cost nothing.
  ///   - collectsAlways: whether garbage is collected at every allocation.
  init(
    board: Board, debugging: Debugging, console: FirmwareConsole, resets: ResetControl, collectsAlways: Bool
  ) {
    self.board = board
    self.console = console
    self.resets = resets
    let description = board.description
    let heap = Heap(
      capacity: description.memory.heap, hasSingleFloats: description.processor.floatBits == 32)
    vm = Interpreter(heap: heap, clock: board.clock, costs: CostTable(description.costs))
    vm.standardOutput = console.write
    vm.installEverything()
    vm.hardwareRandom = { [unowned board] in board.random.next() }
    asyncio = AsyncioRuntime(vm: vm, board: board)
    hardware = Hardware(vm: vm, board: board, resets: resets)
    hardware.callbackIsSet = { [unowned asyncio] in asyncio.pitfalls?.callbackIsSet($0) }
    threads = ThreadScheduler(vm: vm, board: board)
    heap.leaveOutWhatExists()
    heap.collectsAlways = collectsAlways
    observations.append(
      vm.attention.add(AttentionObserver { [unowned self] () throws(Raised) in try raiseInterrupt() }))
    board.interrupts.deliversAtOnce = false
    board.interrupts.languagePort = vm
    vm.interruptHook = { [interrupts = board.interrupts] in interrupts.deliver() }
    let pitfalls = PitfallFinder(asyncio, debugging: debugging)
    pitfalls.currentThread = { [unowned threads] in ObjectIdentifier(threads.current) }
    asyncio.pitfalls = pitfalls
    let place: () -> Diagnostic.Place? = { [unowned vm, unowned asyncio] in
      let place = vm.callSite.place ?? vm.place
      return Diagnostic.Place(
        file: place?.file, line: place?.line, task: asyncio.scheduler.current?.name)
    }
    observations += [
      board.hostPinFailures.add { [unowned self] error in
        lineFailure = lineFailure ?? error
        vm.requestAttention()
        return true
      },
      board.firmwarePlaces.add(place),
      asyncio.scheduler.firmwarePlaces.add(place),
      board.waits.add { [unowned vm] in try vm.safePoint() },
    ]
    resets.halt = { [unowned self] in halt() }
    if case .serial(let line) = console {
      line.interrupted = { [unowned self] in interrupt() }
      vm.interruptCharacterChanged = { [unowned line] in line.interruptByte = UInt8(exactly: $0) }
    }
  }

  // MARK: Interruptions

  /// Ctrl-C.
  func interrupt() {
    hasInterrupt = true
    rouse()
  }

  func raiseInterrupt() throws(Raised) {
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

  /// Ctrl-C that nobody was interrupted by is over with the program.
  func forgetInterrupt() { hasInterrupt = false }

  /// Ends what the firmware does, as the loss of power does.
  private func halt() {
    vm.isHalted = true
    rouse()
  }

  /// Wakes running and waiting code so that it checks for requests.
  private func rouse() {
    vm.requestAttention()
    threads.lookRound()
    board.clock.abandonBusyWait()
  }

  // MARK: Modules and files

  /// Mounts the flash and adds the modules, before `boot.py`.
  func prepare(_ program: PythonProgram) throws(Raised) {
    arguments = [program.name] + program.arguments
    allowsSockets = program.allowsSockets
    let files = try mount(program)
    self.files = files
    let input = console.standardInput(clock: board.clock)
    hardware.terminalInput = input
    input.copies = hardware.terminalCopies
    useTerminalCopies()
    InputFunction(input: input, echo: console.echo, history: history).install(in: vm)
    vm.addModules(PortModules.ofProgram, host: self)
    vm.addModules(PortModules.ofScheduler, host: asyncio)
    // The search path is looked up in the loaded module.
    _ = try? vm.importModule("sys", globals: vm.mainGlobals, hasFromList: true, level: 0)
    FrozenPackages().add(to: vm)
    let parts = FirmwareParts(vm: vm, board: board, scheduler: asyncio.scheduler)
    for addition in additions { addition.add(to: parts) }
  }

  /// Takes what firmware writes to the binary streams.
  var writeBytes: ([UInt8]) -> Void { console.writeBytes }

  /// Copies output to the streams of `os.dupterm` too, and takes bytes that arrive there as typed.
  private func useTerminalCopies() {
    let (copies, console, vm) = (hardware.terminalCopies, self.console, self.vm)
    copies.interrupted = { [unowned self] in interrupt() }
    copies.changed = { [unowned copies, unowned vm] in
      switch console {
      case .serial(let line):
        line.sendsItself = copies.isOnUSB
        line.copied = copies.isEmpty ? nil : { [unowned copies] in copies.write($0) }
        line.copiedInput =
          copies.isEmpty ? nil : { [unowned copies] () throws(Raised) in try copies.takeInput() }
      case .shell:
        vm.standardOutput = { [unowned copies] bytes in
          if copies.isOnUSB { console.write(bytes) }
          if !copies.isEmpty { copies.write(BoardConsole.lines(bytes)) }
        }
      }
    }
  }

  private func mount(_ program: PythonProgram) throws(Raised) -> MountedFiles {
    let files = MountedFiles(table: MountTable(), vm: vm)
    let types = FileTypes(vm)
    let now: () -> [Int] = { [board] in
      CalendarTime(secondsSinceEpoch: board.realTimeClock.secondsSince2000).fields
    }
    let contents: any FileSystem
    let card = cardFolder(program, types)
    var flashFolder: HostFolder?
    let fileSystem = FileSystemType(types: types, now: now, vm) { device in
      switch NativeHandle(device)?.payload {
      case let flash as FlashArea where flash.part == nil: flashFolder
      case let slot as SDCardSlot where slot.turnOn(): card
      default: nil
      }
    }
    let littlefs = LittlefsType(
      now: { [board] in
        board.realTimeClock.microsecondsSince2000 * 1000 + LittlefsFileSystem.secondsTo2000 * 1_000_000_000
      }, vm)
    var mounted: Value?
    switch program.flash {
    case .image(let image) where image.littlefsBlockCount != nil:
      hardware.useFlash(image)
      let files = try littlefs.mountFlash(image, image.littlefsBlockCount ?? image.count)
      mounted = vm.heap.native(littlefs.type, files)
      contents = files
    case .folder(let folder):
      let files = HostFolder(
        folder, space: resets.flashSpace(size: program.flashSize ?? board.description.memory.flash),
        followsLinks: program.followsLinks, types: types, vm)
      flashFolder = files
      contents = files
    case .image(let image):
      hardware.useFlash(image)
      let volume = try FatFileSystem(FlashDevice(image, vm), vm, types: types, now: now)
      volumes.append(volume.volume)
      try volume.mount(isReadOnly: false, makesFileSystem: image.isNew)
      if image.isNew, board.description.identity.machinePort.hasFactoryFiles {
        try addFactoryFiles(to: volume)
      }
      contents = volume
    }
    let mount = MountTable.Mount(
      path: board.description.identity.machinePort.flashPath,
      object: mounted ?? fileSystem.make(contents, vm),
      in: vm.heap)
    files.table.add(mount)
    files.table.makeCurrent(mount)
    if let slot = board.sdCardSlot, slot.isPresent, !exists("SKIPSD", files) {
      let contents: (any FileSystem)? =
        if let card { card } else { try cardVolume(program, slot, types: types, now: now) }
      if let contents {
        let mount = MountTable.Mount(path: "/sd", object: fileSystem.make(contents, vm), in: vm.heap)
        files.table.add(mount)
        files.table.makeCurrent(mount)
        hasCardFiles = true
      } else {
        vm.write(Array("MPY: can't mount SD card\n".utf8))
      }
    }
    vm.sourceFinder = BoardSources(files, importFolders: program.importFolders)
    files.addOpen()
    hardware.mounting = Mounting(files: files, type: fileSystem, littlefs: littlefs)
    return files
  }

  private func exists(_ name: String, _ files: MountedFiles) -> Bool {
    do throws(Raised) {
      _ = try files.status(vm.heap.string(name))
      return true
    } catch { return false }
  }

  /// The files of a card that is a folder of the host; nil for another one.
  private func cardFolder(_ program: PythonProgram, _ types: FileTypes) -> HostFolder? {
    guard case .folder(let folder) = program.card, let slot = board.sdCardSlot, slot.turnOn() else {
      return nil
    }
    return HostFolder(
      folder, space: resets.cardSpace(size: FolderCard.size), followsLinks: program.followsLinks,
      types: types, vm)
  }

  /// The files on a card's blocks; nil when there is no file system.
  private func cardVolume(
    _ program: PythonProgram, _ slot: SDCardSlot, types: FileTypes, now: @escaping () -> [Int]
  ) throws(Raised) -> FatFileSystem? {
    do throws(Raised) {
      let volume = try FatFileSystem(CardDevice(slot, vm), vm, types: types, now: now)
      if case .image(let image) = program.card, image.isNew {
        try volume.format()
        image.isFormatted()
      }
      try volume.mount(isReadOnly: false, makesFileSystem: false)
      volumes.append(volume.volume)
      return volume
    } catch {
      if vm.isHalted { throw error }
      return nil
    }
  }

  private func addFactoryFiles(to volume: FatFileSystem) throws(Raised) {
    let names = try volume.entries("").map(\.name)
    for (name, text) in FactoryFiles.all where !names.contains(name) {
      let stream = try vm.stream(try volume.open(name, FileMode("wb")))
      _ = try vm.streamWrite(stream, text)
      _ = try stream.control(StreamRequest.close, 0, vm)
    }
  }

  /// The contents of one of the board's files; nil when there is none of that name.
  func read(_ name: String) -> [UInt8]? {
    guard let files else { return nil }
    if case .inside(let mount, let path) = files.table.place(of: name),
      let folder = NativeHandle(mount.object)?.payload as? HostFolder
    {
      // Takes no memory of the board's.
      return folder.hostPath(path).flatMap(readFile)
    }
    do throws(Raised) {
      _ = try files.status(vm.heap.string(name))
      return try vm.sourceFinder?.read(name)
    } catch { return nil }
  }

  /// Whether something of the firmware may run although its main program has ended: handlers, scheduled calls, threads.
  var hasHandlers: Bool {
    vm.hasScheduledCalls || threads.sharesProcessor || board.interrupts.hasRoutines || resets.hasWatchdog
  }

  // MARK: The end

  /// Ends everything that the firmware does besides its main thread, which has ended.
  func end() {
    threads.endAll()
    asyncio.pitfalls?.programEnded(isComplete: !vm.isHalted)
    for volume in volumes { do throws(Raised) { try volume.sync() } catch {} }
  }

  /// Lets go of the board, which outlives this.
  func detach() {
    observations = []
    board.interrupts.languagePort = nil
    resets.halt = nil
    hardware.terminalCopies.detachAll()
    if case .serial(let line) = console {
      line.sendsItself = true
      line.copied = nil
      line.copiedInput = nil
      line.interruptByte = nil
      line.interrupted = nil
    }
  }
}

extension Interpreter: InterruptedPort {
  package func interruptBecameDue() { requestInterrupt() }
  package var isFirmwareWanted: Bool { awaitsSafePoint }
}
