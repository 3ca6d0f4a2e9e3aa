import MicroPython
import Timebase

/// The classes of the module `bench`.
final class BenchClasses {
  let boards: PythonObjects<BenchBoard>
  let recordings: PythonObjects<SignalRecording>
  let triggers: PythonObjects<TriggerReference>
  /// `bench.Timeout`: a trigger that did not happen in time; a failure of the test.
  let timeout: TypeHandle
  private unowned let vm: Interpreter

  init(in vm: Interpreter, _ bench: PythonBench) {
    self.vm = vm
    triggers = TriggerClass.make(in: vm, host: bench).objects
    timeout = vm.makeExceptionType("Timeout", base: .assertionError)
    recordings = RecordingClass.make(in: vm, host: bench).objects
    boards = BoardClass.make(in: vm, host: bench).objects
  }

  /// The object for a trigger.
  func object(_ trigger: Trigger) -> Value {
    vm.heap.withoutCounting { triggers.make(TriggerReference(trigger)) }
  }

  /// The trigger of an object.
  func trigger(_ value: Value) throws(Raised) -> Trigger {
    guard let reference = triggers.receiver(ifAny: value) else {
      throw vm.error(.typeError, "a trigger of the bench is needed, as bench.edge(\"X1\")")
    }
    return reference.trigger
  }
}

// MARK: Calls of an observer

/// The board does not notice what a test asks of its bench: a call takes no board time (`takesBoardTime`), and its result no
/// memory.
private func unnoticed<each Argument, Result: PythonResult>(
  _ body: @escaping (Call<PythonBench>, repeat each Argument) throws -> Result
) -> (Call<PythonBench>, repeat each Argument) throws -> Value {
  { (call: Call<PythonBench>, arguments: repeat each Argument) throws -> Value in
    do {
      let result = try body(call, repeat each arguments)
      return call.vm.heap.withoutCounting { result.value(in: call.vm) }
    } catch {
      throw call.host.raised(error, call.vm)
    }
  }
}

extension PythonModuleBuilder<PythonBench> {
  /// A function that the board does not notice.
  func observing<each Argument, Result: PythonResult>(
    _ name: String, rules: ArgumentRules = .counted, _ parameters: repeat PythonParameter<each Argument>,
    body: @escaping (Call<PythonBench>, repeat each Argument) throws -> Result
  ) {
    function(name, rules: rules, repeat each parameters, body: unnoticed(body))
  }
}

extension PythonClassBuilder where Host == PythonBench {
  /// A method that the board does not notice.
  func observing<each Argument, Result: PythonResult>(
    _ name: String, rules: ArgumentRules = .counted, _ parameters: repeat PythonParameter<each Argument>,
    body: @escaping (Receiver, Call<PythonBench>, repeat each Argument) throws -> Result
  ) {
    method(name, rules: rules, repeat each parameters, body: Self.unnoticed(body))
  }

  private static func unnoticed<each Argument, Result: PythonResult>(
    _ body: @escaping (Receiver, Call<PythonBench>, repeat each Argument) throws -> Result
  ) -> (Receiver, Call<PythonBench>, repeat each Argument) throws -> Value {
    { (receiver: Receiver, call: Call<PythonBench>, arguments: repeat each Argument) throws -> Value in
      do {
        let result = try body(receiver, call, repeat each arguments)
        return call.vm.heap.withoutCounting { result.value(in: call.vm) }
      } catch {
        throw call.host.raised(error, call.vm)
      }
    }
  }
}

extension ArgumentType<Interval> {
  /// A length of board time.
  static var boardTime: Self { Self { (vm, value) throws(Raised) in try vm.boardTime(value) } }
}
