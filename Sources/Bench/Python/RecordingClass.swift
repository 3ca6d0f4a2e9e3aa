import Machine
import MicroPython
import Timebase

/// `Recording` of the module `bench`.
enum RecordingClass: PythonClass {
  static let name = "Recording"
  static let boardBytes = 0

  static func define(_ type: PythonClassBuilder<PythonBench, SignalRecording>) {
    type.takesBoardTime = false
    type.print { "<Recording of \($0.name): \($0.changes.count) changes>" }
    type.observing("changes") { recording, call in
      call.vm.heap.withoutCounting {
        PythonList(
          recording.changes.map {
            PythonTuple(call.vm.microseconds($0.time.nanoseconds), call.vm.value(of: $0.value))
          })
      }
    }
    type.observing("edges") { recording, call in
      call.vm.heap.withoutCounting {
        PythonList(
          recording.edges.map {
            PythonTuple(call.vm.microseconds($0.time.nanoseconds), $0.isHigh ? 1 : 0)
          })
      }
    }
    type.observing("bytes") { recording, _ in recording.bytes }
    type.observing("frequency") { recording, _ in recording.frequency }
    type.observing("duty") { recording, _ in recording.duty }
    type.observing("longest", rules: .named, .optional("level", .value, default: .true)) {
      recording, call, level in
      let isHigh = level != .false && level != Value(smallInt: 0)
      return call.vm.heap.withoutCounting {
        call.vm.microseconds(recording.longest(high: isHigh).nanoseconds)
      }
    }
    type.observing("clear") { recording, _ in
      recording.clear()
      return Value.none
    }
    type.observing("stop") { recording, _ in
      recording.stop()
      return Value.none
    }
  }
}
