import Machine
import MicroPython
import Timebase

/// `Recording` of the module `bench`.
final class PythonRecordings {
  private let type: TypeHandle

  init(_ vm: Interpreter) {
    type = vm.heap.type("Recording")
    define(vm)
  }

  func object(_ recording: SignalRecording, _ vm: Interpreter) -> Value {
    vm.heap.withoutCounting { vm.heap.native(type, recording, boardBytes: 0) }
  }

  private func define(_ vm: Interpreter) {
    type.info.print = { (_, value, _, output) in
      guard let recording = NativeHandle(value)?.payload as? SignalRecording else { return }
      output.write("<Recording of \(recording.name): \(recording.changes.count) changes>")
    }
    vm.define(type) { type in
      add("changes", to: type) { recording, vm, _ in
        vm.heap.list(
          recording.changes.map {
            vm.heap.tuple([vm.microseconds($0.time.nanoseconds), vm.value(of: $0.value)])
          })
      }
      add("edges", to: type) { recording, vm, _ in
        vm.heap.list(
          recording.edges.map {
            vm.heap.tuple([vm.microseconds($0.time.nanoseconds), Value(smallInt: $0.isHigh ? 1 : 0)])
          })
      }
      add("bytes", to: type) { recording, vm, _ in vm.heap.bytes(recording.bytes) }
      add("frequency", to: type) { recording, vm, _ in recording.frequency.map { vm.heap.float($0) } ?? .none
      }
      add("duty", to: type) { recording, vm, _ in vm.heap.float(recording.duty) }
      add("longest", 0...1, to: type) { recording, vm, level in
        vm.microseconds(recording.longest(high: level != .false && level != Value(smallInt: 0)).nanoseconds)
      }
      add("clear", to: type) { recording, _, _ in
        recording.clear()
        return .none
      }
      add("stop", to: type) { recording, _, _ in
        recording.stop()
        return .none
      }
    }
  }

  private func add(
    _ name: String, _ count: ClosedRange<Int> = 0...0, to type: TypeBuilder,
    _ body: @escaping (SignalRecording, Interpreter, Value) -> Value
  ) {
    let function = type.vm.uncountedFunction(name, 1...(count.upperBound + 1), keywords: true) {
      (vm, args) throws(Raised) in
      guard let recording = NativeHandle(args[0])?.payload as? SignalRecording else {
        throw vm.error(.typeError, "a recording of the bench is needed, as bench.record(\"X1\")")
      }
      let argument = args.argument(1, "level")
      return vm.heap.withoutCounting { body(recording, vm, argument) }
    }
    type.attribute(name, function)
  }
}
