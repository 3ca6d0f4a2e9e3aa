import Asyncio
import MicroPython
import Timebase

/// A stream object that a task waits for.
final class StreamPollable: Pollable {
  let value: Value
  /// False for most native streams: only clock events and `Clock.wake()` change their answers. A class
  /// written in firmware, and bytes from the host, give no such guarantee.
  let needsTickPolling: Bool
  private let stream: any NativeStream
  private unowned let vm: Interpreter

  init(_ value: Value, _ stream: any NativeStream, _ vm: Interpreter) {
    self.value = value
    self.stream = stream
    self.vm = vm
    needsTickPolling = value.isKind(.instance) || stream is StandardInput || stream is BoardSocket
  }

  func poll(_ wanted: PollEvents) throws -> PollEvents {
    do throws(Raised) {
      switch try stream.control(StreamRequest.poll, Int(wanted.rawValue), vm) {
      case .done(let flags): return PollEvents(rawValue: UInt8(truncatingIfNeeded: flags))
      case .failed(let number): throw vm.osError(number)
      }
    } catch {
      let traceback = vm.exceptionPart(of: error.exception)?.traceback
      for (line, function) in [
        (CoreLine.poll, "wait_io_event"), (CoreLine.waitForStreams, "run_until_complete"),
      ] {
        traceback?.entries.append(TracebackEntry(file: "asyncio/core.py", line: line, function: function))
      }
      throw error
    }
  }
}
