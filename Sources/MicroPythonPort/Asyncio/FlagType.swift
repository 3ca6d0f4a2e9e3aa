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

extension AsyncioRuntime {
  func defineFlag() {
    flagType.info.make = { [unowned self] vm, _, _ in
      let stream = FlagStream()
      stream.flag.attach(to: board.clock)
      return vm.heap.native(flagType, stream)
    }
    vm.makeStreams(of: flagType)
    vm.define(flagType) { type in
      // Legal in hard interrupt handlers: neither allocates.
      type.method("set", PythonSignature()) { [unowned self] _, args in
        guard let stream = flag(of: args[0]) else { return .none }
        if stream.flag.isSet { pitfalls?.flagIsSetAgain(stream) }
        stream.flag.set()
        return .none
      }
      type.method("clear", PythonSignature()) { [unowned self] _, args in
        guard let stream = flag(of: args[0]) else { return .none }
        stream.flag.clear()
        if stream.lostAt != nil { pitfalls?.flagIsCleared(stream) }
        return .none
      }
      type.method("_is_set", 0...0) { [unowned self] _, args in Value(flag(of: args[0])?.flag.isSet ?? false)
      }
      type.method("ioctl", PythonSignature("req", "flags")) { [unowned self] (vm, args) throws(Raised) in
        guard args[1] == Value(smallInt: StreamRequest.poll) else { return Value(smallInt: -1) }
        return flag(of: args[0])?.flag.isSet == true ? args[2] : Value(smallInt: 0)
      }
    }
  }

  /// The flag of a `ThreadSafeFlag` or of an instance of a class derived from it.
  func flag(of value: Value) -> FlagStream? {
    guard let handle = NativeHandle(vm.native(of: value)), handle.type == flagType else { return nil }
    return handle.payload as? FlagStream
  }
}
