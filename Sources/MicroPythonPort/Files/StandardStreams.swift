import Asyncio
import Glibc
import MicroPython
import Timebase

/// `sys.stdout` and `sys.stderr`: the board's one terminal.
final class StandardOutput: NativeStream {
  let isText: Bool
  private let output: ([UInt8]) -> Void

  init(isText: Bool, output: @escaping ([UInt8]) -> Void) {
    self.isText = isText
    self.output = output
  }

  func write(_ bytes: UnsafeRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    output(Array(bytes))
    return .done(bytes.count)
  }

  func control(_ request: Int, _ argument: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    switch request {
    case StreamRequest.poll: .done(argument & StreamRequest.writable)
    case StreamRequest.flush: .done(0)
    default: .failed(Int(EINVAL))
    }
  }
}

/// `sys.stdin`: bytes typed into the board's terminal.
final class StandardInput: NativeStream {
  let isText: Bool
  private let source: any ByteStream
  /// The source, if it is the board's serial console.
  private let console: BoardConsole?
  private let clock: Clock
  /// Other streams that are typed into (`os.dupterm`); those of a serial console it reads itself.
  var copies: TerminalCopies?
  /// Whether the terminal's own input has ended.
  private var hasSourceEnded = false
  /// Bytes that have arrived from them.
  private var copied: [UInt8] = []

  /// - Parameter source: the typed bytes; it wakes the clock if bytes come while nobody asks.
  convenience init(_ source: any ByteStream, clock: Clock) {
    self.init(source, console: nil, clock: clock, isText: true)
  }

  convenience init(_ console: BoardConsole) {
    self.init(console, console: console, clock: console.clock, isText: true)
  }

  private init(_ source: any ByteStream, console: BoardConsole?, clock: Clock, isText: Bool) {
    self.source = source
    self.console = console
    self.clock = clock
    self.isText = isText
  }

  /// `sys.stdin.buffer`
  private(set) lazy var binary = StandardInput(source, console: console, clock: clock, isText: false)

  func read(into buffer: UnsafeMutableRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    try waitForInput(vm)
    if !copied.isEmpty {
      let count = min(copied.count, buffer.count)
      buffer.copyBytes(from: copied.prefix(count))
      copied.removeFirst(count)
      if isText { turnEnters(buffer, count) }
      return .done(count)
    }
    do {
      let count = try source.read(into: buffer) ?? 0
      if count == 0, let copies, !copies.isEmpty {
        hasSourceEnded = true
        return try read(into: buffer, vm)
      }
      // Enter is a carriage return on a serial line.
      if isText, console != nil { turnEnters(buffer, count) }
      return .done(count)
    } catch { return .failed(Int(EIO)) }
  }

  /// Makes line feeds of carriage returns.
  private func turnEnters(_ buffer: UnsafeMutableRawBufferPointer, _ count: Int) {
    for index in 0..<count where buffer[index] == UInt8(ascii: "\r") { buffer[index] = UInt8(ascii: "\n") }
  }

  /// One byte, or nil when there will be no more.
  func readByte(_ vm: Interpreter) throws(Raised) -> UInt8? {
    var byte: UInt8 = 0
    let result = try withUnsafeMutableBytes(of: &byte) { buffer throws(Raised) in try read(into: buffer, vm) }
    if case .done(1) = result { return byte }
    return nil
  }

  func control(_ request: Int, _ argument: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    guard request == StreamRequest.poll else { return .failed(Int(EINVAL)) }
    return .done(hasInput ? argument & StreamRequest.readable : 0)
  }

  /// Whether a read would not wait.
  var hasInput: Bool { (try? source.poll(.readable))?.contains(.readable) ?? true }

  /// Whether there are bytes to read; at the end of the input there are none, although a read would not wait.
  var hasBytes: Bool { hasInput && !source.isAtEnd }

  /// Paced, the board lives on meanwhile: timers run, LEDs blink. As fast as it can, its time stands still, as nobody
  /// knows at what board time a person would have typed.
  private func waitForInput(_ vm: Interpreter) throws(Raised) {
    if let console { return try console.waitForInput(vm) }
    while true {
      if let copies, !copies.isEmpty {
        copied += try copies.takeInput()
        if !copied.isEmpty || (!hasSourceEnded && hasInput) { return }
        try vm.live(until: clock.now + .milliseconds(1))
        continue
      }
      if hasInput { return }
      if clock.mode == .virtual, !source.arrivesInBoardTime {
        clock.waitForWake(atMost: .milliseconds(20))
      } else {
        _ = clock.idle(until: clock.now + .milliseconds(10))
      }
      try vm.safePoint()
      if clock.isPoweredOff { throw vm.halt() }
    }
  }
}

/// Standard input as the shell connected it: a file, a pipe, a terminal that sends lines.
final class DescriptorInput: ByteStream {
  func poll(_ wanted: PollEvents) -> PollEvents {
    var query = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return Glibc.poll(&query, 1, 0) > 0 ? wanted.intersection(.readable) : []
  }

  /// Null devices and closed descriptors do not count their bytes: they have none.
  var isAtEnd: Bool {
    var count: CInt = 0
    return poll(.readable) == .readable && (ioctl(STDIN_FILENO, UInt(FIONREAD), &count) < 0 || count == 0)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    max(0, Glibc.read(STDIN_FILENO, buffer.baseAddress, buffer.count))
  }

  func write(_ bytes: UnsafeRawBufferPointer) -> Int? { nil }
}
