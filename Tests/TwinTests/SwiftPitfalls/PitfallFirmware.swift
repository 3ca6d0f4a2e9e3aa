import Asyncio
import Machine
import Synchronization
import Timebase

/// The firmware of docs/pitfalls.md that makes a mistake, and its cure; X1 and X2 are wired together. The bodies are in the
/// document, line by line.
enum PitfallFirmware {
  typealias Firmware = @Asyncio.Firmware @Sendable (Board) async throws -> Void

  static let mistakes: [String: Firmware] = [
    "flag-set-twice": flagSetTwice, "task-destroyed": taskDestroyed, "flag-shared": flagShared,
    "stream-shared": streamShared, "lock-not-held": lockNotHeld, "task-on-other-loop": taskOnOtherLoop,
    "blocking-call": blockingCall, "edge-missed": edgeMissed, "uart-overrun": uartOverrun,
    "net-conflict": netConflict, "deadlock": deadlock, "cancellation-swallowed": cancellationSwallowed,
    "exception-never-retrieved": errorNeverRetrieved, "timeout-not-caught": timeoutNotCaught,
  ]

  static let cures: [String: Firmware] = [
    "flag-set-twice": everyEventKept, "task-destroyed": cancelledTaskAwaited,
    "flag-shared": flagHandedOn, "stream-shared": streamReadOnce, "lock-not-held": lockScoped,
    "task-on-other-loop": taskAwaitedInTime, "blocking-call": sleptInstead,
    "edge-missed": edgesInTime, "uart-overrun": largeBuffer, "net-conflict": openDrain,
    "deadlock": locksInOneOrder, "cancellation-swallowed": cancellationPassedOn,
    "exception-never-retrieved": errorRetrieved, "timeout-not-caught": timeoutCaught,
  ]

  /// The firmware's output is of no interest here.
  private static func print(_ words: Any...) {}

  // MARK: Interrupts

  @Asyncio.Firmware static func flagSetTwice(_ board: Board) async throws {
    let flag = ThreadSafeFlag()
    let timer = board.makeSoftTimer()
    try timer.start(period: 20) { _ in flag.set() }
    for _ in 0..<4 {
      try await flag.wait()
      try await sleepMs(50)
    }
    timer.stop()
  }

  @Asyncio.Firmware static func everyEventKept(_ board: Board) async throws {
    let events = ThreadSafeQueue<Instant>(size: 20)
    let timer = board.makeSoftTimer()
    try timer.start(period: 20) { interrupt in try? events.putSync(interrupt.time) }
    for _ in 0..<8 {
      print("event at", try await events.get())
      try await sleepMs(50)
    }
    timer.stop()
  }

  @Asyncio.Firmware static func flagShared(_ board: Board) async throws {
    let flag = ThreadSafeFlag()
    let other = createTask(name: "other") { try await flag.wait() }
    try await sleepMs(10)
    do { try await flag.wait() } catch { print(error) }
    flag.set()
    try await other.value
  }

  @Asyncio.Firmware static func flagHandedOn(_ board: Board) async throws {
    let event = ThreadSafeEvent()
    let other = createTask(name: "other") { try await event.wait() }
    try await sleepMs(10)
    createTask { event.set() }
    try await event.wait()
    try await other.value
  }

  @Asyncio.Firmware static func edgeMissed(_ board: Board) async throws {
    let input = try board.pins["X1"]
    try input.irq(.rising) { _ in print("edge") }
    let output = try board.pins["X2"]
    output.configure(.outputPushPull)
    let state = board.interrupts.disable()
    for _ in 0..<3 {
      output.high()
      output.low()
    }
    board.interrupts.enable(state)
  }

  @Asyncio.Firmware static func edgesInTime(_ board: Board) async throws {
    let input = try board.pins["X1"]
    try input.irq(.rising) { _ in print("edge") }
    let output = try board.pins["X2"]
    output.configure(.outputPushPull)
    for _ in 0..<3 {
      output.high()
      output.low()
    }
  }

  // MARK: Tasks

  @Asyncio.Firmware static func taskDestroyed(_ board: Board) async throws {
    let task = createTask(name: "motor") {
      defer { print("motor off") }
      try await sleep(10)
    }
    try await sleepMs(10)
    try task.cancel()
  }

  @Asyncio.Firmware static func cancelledTaskAwaited(_ board: Board) async throws {
    let task = createTask(name: "motor") {
      defer { print("motor off") }
      try await sleep(10)
    }
    try await sleepMs(10)
    try task.cancel()
    _ = try? await task.value
  }

  @Asyncio.Firmware static func taskOnOtherLoop(_ board: Board) async throws {
    let task = createTask(name: "work") { try await sleepMs(50) }
    try await sleepMs(10)
    try newEventLoop()
    try await task.value
  }

  @Asyncio.Firmware static func taskAwaitedInTime(_ board: Board) async throws {
    let task = createTask(name: "work") { try await sleepMs(50) }
    try await sleepMs(10)
    try await task.value
    try newEventLoop()
  }

  @Asyncio.Firmware static func cancellationSwallowed(_ board: Board) async throws {
    let task = createTask(name: "poll") {
      while true {
        do { try await sleepMs(10) } catch { print("cleaning up") }
      }
    }
    try await sleepMs(25)
    try task.cancel()
    try await sleepMs(250)
  }

  @Asyncio.Firmware static func cancellationPassedOn(_ board: Board) async throws {
    let task = createTask(name: "poll") {
      while true {
        do { try await sleepMs(10) } catch {
          print("cleaning up")
          throw error
        }
      }
    }
    try await sleepMs(25)
    try task.cancel()
    try await sleepMs(250)
  }

  @Asyncio.Firmware static func errorNeverRetrieved(_ board: Board) async throws {
    createTask(name: "late") { throw QueueError.empty }
    try await sleepMs(10)
  }

  @Asyncio.Firmware static func errorRetrieved(_ board: Board) async throws {
    let task = createTask(name: "late") { throw QueueError.empty }
    do { try await task.value } catch { print(error) }
  }

  @Asyncio.Firmware static func timeoutNotCaught(_ board: Board) async throws {
    let event = Event()
    try await waitFor(1) { try await event.wait() }
  }

  @Asyncio.Firmware static func timeoutCaught(_ board: Board) async throws {
    let event = Event()
    do {
      try await waitFor(1) { try await event.wait() }
    } catch is TimeoutError {
      print("too late")
    }
  }

  @Asyncio.Firmware static func deadlock(_ board: Board) async throws {
    let (a, b) = (Lock(), Lock())
    let first = createTask(name: "first") {
      try await a.withLock {
        try await sleepMs(10)
        try await b.withLock { print("first") }
      }
    }
    try await b.withLock {
      try await sleepMs(10)
      try await a.withLock { print("main") }
    }
    try await first.value
  }

  @Asyncio.Firmware static func locksInOneOrder(_ board: Board) async throws {
    let (a, b) = (Lock(), Lock())
    let first = createTask(name: "first") {
      try await a.withLock {
        try await sleepMs(10)
        try await b.withLock { print("first") }
      }
    }
    try await a.withLock {
      try await sleepMs(10)
      try await b.withLock { print("main") }
    }
    try await first.value
  }

  @Asyncio.Firmware static func lockNotHeld(_ board: Board) async throws {
    let lock = Lock()
    try await lock.acquire()
    try lock.release()
    do { try lock.release() } catch { print(error) }
  }

  @Asyncio.Firmware static func lockScoped(_ board: Board) async throws {
    let lock = Lock()
    try await lock.withLock { print("mine") }
  }

  // MARK: Lines

  @Asyncio.Firmware static func blockingCall(_ board: Board) async throws {
    let uart = try board.uart(6)
    try uart.start(UARTSettings(baudRate: 2400))
    createTask(name: "blink") { for _ in 0..<20 { try await sleepMs(20) } }
    try await sleepMs(10)
    try uart.write(Array("a line that takes its time\n".utf8))
    try await sleepMs(400)
  }

  @Asyncio.Firmware static func sleptInstead(_ board: Board) async throws {
    let uart = try board.uart(6)
    try uart.start(UARTSettings(baudRate: 2400))
    createTask(name: "blink") { for _ in 0..<20 { try await sleepMs(20) } }
    try await sleepMs(10)
    for byte in "a line that takes its time\n".utf8 {
      try uart.write([byte])
      try await sleepMs(0)
    }
    try await sleepMs(400)
  }

  @Asyncio.Firmware static func uartOverrun(_ board: Board) async throws {
    let uart = try board.uart(4)
    try uart.start(UARTSettings(baudRate: 9600, receiveBufferSize: 8))
    try uart.write(Array("twenty bytes of data".utf8))
    try await sleepMs(10)
    print(try uart.read(20) ?? [])
  }

  @Asyncio.Firmware static func largeBuffer(_ board: Board) async throws {
    let uart = try board.uart(4)
    try uart.start(UARTSettings(baudRate: 9600, receiveBufferSize: 64))
    try uart.write(Array("twenty bytes of data".utf8))
    try await sleepMs(10)
    print(try uart.read(20) ?? [])
  }

  @Asyncio.Firmware static func streamShared(_ board: Board) async throws {
    let uart = try board.uart(4)
    try uart.start(UARTSettings(baudRate: 9600))
    let reader = StreamReader(uart)
    let other = createTask(name: "other") { try await reader.readLine() }
    try await sleepMs(10)
    do { print(try await reader.readLine()) } catch { print(error) }
    try uart.write(Array("hello\n".utf8))
    print(try await other.value)
  }

  @Asyncio.Firmware static func streamReadOnce(_ board: Board) async throws {
    let uart = try board.uart(4)
    try uart.start(UARTSettings(baudRate: 9600))
    let lines = Queue<[UInt8]>()
    let reader = createTask { for try await line in StreamReader(uart).lines { try await lines.put(line) } }
    try await sleepMs(10)
    try uart.write(Array("hello\n".utf8))
    print(try await lines.get())
    try reader.cancel()
    _ = try? await reader.value
  }

  @Asyncio.Firmware static func netConflict(_ board: Board) async throws {
    let (one, other) = (try board.pins["X1"], try board.pins["X2"])
    one.configure(.outputPushPull, level: .high)
    other.configure(.outputPushPull, level: .low)
  }

  @Asyncio.Firmware static func openDrain(_ board: Board) async throws {
    let (one, other) = (try board.pins["X1"], try board.pins["X2"])
    one.configure(.outputOpenDrain, pull: .up, level: .high)
    other.configure(.outputOpenDrain, level: .low)
  }
}
