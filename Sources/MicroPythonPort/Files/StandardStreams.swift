import Glibc
import MicroPython
import Timebase

/// `sys.stdout` and `sys.stderr`: the board's one terminal.
final class StandardOutput: NativeStream {
  let isText: Bool

  init(isText: Bool) { self.isText = isText }

  func write(_ bytes: UnsafeRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    vm.write(Array(bytes))
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

/// `sys.stdin`: what is typed into the board's terminal.
final class StandardInput: NativeStream {
  let isText: Bool
  private let clock: Clock

  init(isText: Bool, clock: Clock) {
    self.isText = isText
    self.clock = clock
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    // The board stands still, but Ctrl-C must reach it.
    while !hasInput(withinMilliseconds: 50) {
      clock.interruptCheck?()
      try vm.safePoint()
      if clock.isPoweredOff { throw vm.halt() }
    }
    let count = Glibc.read(STDIN_FILENO, buffer.baseAddress, buffer.count)
    return count >= 0 ? .done(count) : .failed(Int(errno))
  }

  func control(_ request: Int, _ argument: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    guard request == StreamRequest.poll else { return .failed(Int(EINVAL)) }
    return .done(hasInput(withinMilliseconds: 0) ? argument & StreamRequest.readable : 0)
  }

  private func hasInput(withinMilliseconds limit: Int32) -> Bool {
    var query = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&query, 1, limit) > 0
  }
}
