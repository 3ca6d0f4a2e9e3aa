import Asyncio
import Diagnostics
import MicroPython

/// The native part of `asyncio.ThreadSafeFlag`: a stream that is ready while the flag is set.
final class FlagStream: NativeStream {
  let flag = ThreadSafeFlag()
  /// Whether a task has ever waited for it.
  var isAwaited = false
  /// The place at which it was set although it was set already and the handler left nothing else behind.
  var lostAt: Diagnostic.Place?

  func control(_ request: Int, _ argument: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    // The answer to other requests, -1, is that of the board's own class.
    request == StreamRequest.poll ? .done(flag.isSet ? argument : 0) : .failed(1)
  }
}

/// `_Flag`, the base of `ThreadSafeFlag`, whose methods but the last are Python on a board.
enum FlagClass: PythonClass {
  static let name = "ThreadSafeFlag"

  static func define(_ type: PythonClassBuilder<AsyncioRuntime, FlagStream>) {
    type.make(.rest) { call, _ in
      let stream = FlagStream()
      stream.flag.attach(to: call.host.board.clock)
      return stream
    }
    type.streams([], iteratesByLines: false)
    // Legal in hard interrupt handlers: neither allocates.
    type.method("set", rules: .python) { stream, call in
      if stream.flag.isSet { call.host.pitfalls?.flagIsSetAgain(stream) }
      stream.flag.set()
    }
    type.method("clear", rules: .python) { stream, call in
      stream.flag.clear()
      if stream.lostAt != nil { call.host.pitfalls?.flagIsCleared(stream) }
    }
    type.method("ioctl", rules: .python, .required("req", .value), .required("flags", .value)) {
      stream, request, flags in
      guard request == Value(smallInt: StreamRequest.poll) else { return Value(smallInt: -1) }
      return stream.flag.isSet ? flags : Value(smallInt: 0)
    }
    type.method("_is_set") { $0.flag.isSet }
  }
}

extension AsyncioRuntime {
  /// The flag of a `ThreadSafeFlag` or of an instance of a class derived from it.
  func flag(of value: Value) -> FlagStream? { flags.receiver(ifAny: value) }
}
