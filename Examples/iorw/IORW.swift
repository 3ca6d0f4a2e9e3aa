import Asyncio
import Machine
import Session
import Synchronization

/// A device that firmware brings itself: it takes one character at a time and gives one at a time, and two timers play the
/// hardware that makes it ready. Runs until it is interrupted. In Python: iorw.py
@main struct IORW: FirmwareProgram {
  static let abstract = "A stream device written in firmware, driven by two timers; try --for 10s."

  @Firmware static func run(on board: Board) async throws {
    let device = SlowDevice()
    let input = try board.timer(4)
    try input.start(frequency: 5)
    input.callback { _ in device.makeReadable() }
    let output = try board.timer(5)
    try output.start(frequency: 10)
    output.callback { _ in device.makeWritable() }
    createTask { try await show(device) }
    createTask { try await receive(from: device) }
    try await send(to: device)
  }

  @Firmware private static func receive(from device: SlowDevice) async throws {
    let reader = StreamReader(device)
    while true {
      print("Received", BytesLiteral(try await reader.readLine()))
    }
  }

  @Firmware private static func send(to device: SlowDevice) async throws {
    let writer = StreamWriter(device)
    try await sleep(5)
    var count = 0
    while true {
      count += 1
      try writer.write("Wrote Hello MyIO \(count)\n")
      try await writer.drain()
      try await sleep(2)
    }
  }

  @Firmware private static func show(_ device: SlowDevice) async throws {
    while true {
      try await device.lineFinished.wait()
      print(device.takeLine(), terminator: "")
    }
  }
}

/// Interrupt handlers and tasks share it, so what they share is behind a lock; the compiler accepts nothing less.
private final class SlowDevice: ByteStream, Sendable {
  private struct State {
    var isInputReady = false
    var position = 0
    /// The character that is being written.
    var pending: UInt8?
    var line: [UInt8] = []
    var finishedLine: [UInt8] = []
  }

  private static let input = Array("ready\n".utf8)

  /// Set when the device has got a whole line.
  let lineFinished = ThreadSafeFlag()
  private let state = Mutex(State())

  // Both run as interrupt handlers.
  func makeReadable() { state.withLock { $0.isInputReady = true } }

  func makeWritable() {
    let hasFinishedLine = state.withLock { state in
      guard let character = state.pending else { return false }
      state.pending = nil
      state.line.append(character)
      guard character == UInt8(ascii: "\n") else { return false }
      state.finishedLine = state.line
      state.line = []
      return true
    }
    if hasFinishedLine { lineFinished.set() }
  }

  func takeLine() -> String { state.withLock { String(decoding: $0.finishedLine, as: UTF8.self) } }

  func poll(_ wanted: PollEvents) -> PollEvents {
    state.withLock { state in
      var ready: PollEvents = []
      if state.isInputReady { ready.insert(.readable) }
      if state.pending == nil { ready.insert(.writable) }
      return ready.intersection(wanted)
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    state.withLock { state in
      guard state.isInputReady, !buffer.isEmpty else { return nil }
      state.isInputReady = false
      buffer[0] = Self.input[state.position]
      state.position = (state.position + 1) % Self.input.count
      return 1
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) -> Int? {
    state.withLock { state in
      guard state.pending == nil, let first = bytes.first else { return nil }
      state.pending = first
      return 1  // asyncio comes back with the rest when the device is ready again
    }
  }
}
