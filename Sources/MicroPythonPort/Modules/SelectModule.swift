import MicroPython
import Timebase

/// `select`
enum SelectModule: PythonModule {
  static let name = "select"
  static let aliases = ["uselect"]

  static func define(_ module: PythonModuleBuilder<PythonRuntime>) {
    let clock = module.host.board.clock
    module.constants([
      "POLLIN": StreamRequest.readable, "POLLOUT": StreamRequest.writable, "POLLERR": StreamRequest.error,
      "POLLHUP": StreamRequest.hangUp,
    ])
    module.function(
      "select", .required("rlist", .value), .required("wlist", .value), .required("xlist", .value),
      .optional("timeout", .orNone(.value), default: nil)
    ) { call, readers, writers, watched, seconds in
      try PollSet.select([readers, writers, watched], seconds: seconds, clock, call.vm)
    }
    let sets = PollClass.make(in: module.vm, host: module.host).objects
    module.function("poll") { _ in sets.make(PollSet(clock: clock)) }
  }
}

/// The class of what `select.poll()` returns.
private enum PollClass: PythonClass {
  static let name = "poll"

  static func define(_ type: PythonClassBuilder<PythonRuntime, PollSet>) {
    let all = StreamRequest.readable | StreamRequest.writable
    type.method("register", .required("obj", .value), .optional("eventmask", .int, default: all)) {
      set, call, object, wanted in try set.register(object, wanted, call.vm)
    }
    type.method("unregister", .required("obj", .value)) { set, object in set.unregister(object) }
    type.method("modify", .required("obj", .value), .required("eventmask", .value)) {
      set, call, object, wanted in try set.modify(object, wanted, call.vm)
    }
    type.method("poll", .optional("timeout", .value)) { set, call, limit in
      let ready = try set.wait(limit: limit, isOneShot: false, call.vm)
      return PythonList(ready.map { PythonTuple($0.object, $0.flags) })
    }
    type.method("ipoll", .optional("timeout", .value), .optional("flags", .int, default: 0)) {
      set, call, limit, flags in
      set.answers = try set.wait(limit: limit, isOneShot: flags & 1 != 0, call.vm).reversed()
      return call.object
    }
    type.iterator { set, vm in set.nextAnswer(vm) }
  }
}

/// The object that `select.poll()` returns: streams to ask, and for what.
private final class PollSet: ValueHolding {
  private struct Entry {
    let object: Value
    let stream: any NativeStream
    var wanted: Int
  }

  private let clock: Clock
  private var entries: [Entry] = []
  /// Answers that `ipoll` has still to give, last first.
  fileprivate var answers: [(object: Value, flags: Int)] = []
  /// The one tuple in which `ipoll` gives its answers, so that it need not allocate, as on the board.
  private var answer = Value.unbound

  init(clock: Clock) { self.clock = clock }

  func visitValues(_ visit: (Value) -> Void) {
    for entry in entries { visit(entry.object) }
    for answer in answers { visit(answer.object) }
    visit(answer)
  }

  /// `select.select(readers, writers, watched, seconds)`: the ready ones of each list.
  static func select(
    _ given: [Value], seconds: Value?, _ clock: Clock, _ vm: Interpreter
  ) throws(Raised) -> Value {
    let set = PollSet(clock: clock)
    // Which flags put a stream into which of the lists.
    let flags = [StreamRequest.readable | StreamRequest.hangUp, StreamRequest.writable, StreamRequest.error]
    var lists: [[Value]] = []
    // Items that the arguments gave may be referenced here only.
    let mark = vm.hold(.none)
    defer { vm.release(mark) }
    for (list, flags) in zip(given, flags) {
      let items = try vm.sequenceItems(list)
      lists.append(items)
      for item in items { _ = vm.hold(item) }
      for item in items {
        let known = set.entries.first { $0.object == item }?.wanted ?? 0
        try set.register(item, known | flags, vm)
      }
    }
    var limit: Value?
    if let seconds { limit = Value(smallInt: try vm.milliseconds(seconds: seconds)) }
    let ready = try set.wait(limit: limit, isOneShot: false, vm)
    return vm.heap.tuple(
      zip(lists, flags).map { list, flags in
        vm.heap.list(list.filter { item in ready.contains { $0.object == item && $0.flags & flags != 0 } })
      })
  }

  func unregister(_ object: Value) { entries.removeAll { $0.object == object } }

  func modify(_ object: Value, _ wanted: Value, _ vm: Interpreter) throws(Raised) {
    guard let index = entries.firstIndex(where: { $0.object == object }) else {
      throw vm.osError(ErrorNumber.enoent.rawValue)
    }
    entries[index].wanted = try vm.int(wanted)
  }

  /// The next answer of `ipoll`; unbound at the end.
  func nextAnswer(_ vm: Interpreter) -> Value {
    guard let next = answers.popLast() else { return .unbound }
    guard let tuple = TupleHandle(answer) else {
      answer = vm.heap.tuple([next.object, Value(smallInt: next.flags)])
      return answer
    }
    tuple[0] = next.object
    tuple[1] = Value(smallInt: next.flags)
    return answer
  }

  func register(_ object: Value, _ wanted: Int, _ vm: Interpreter) throws(Raised) {
    if let index = entries.firstIndex(where: { $0.object == object }) {
      entries[index].wanted = wanted
    } else {
      entries.append(Entry(object: object, stream: try vm.stream(object), wanted: wanted))
    }
  }

  /// Asks until a stream is ready or the time is over.
  func wait(limit: Value?, isOneShot: Bool, _ vm: Interpreter) throws(Raised) -> [(
    object: Value, flags: Int
  )] {
    let milliseconds = if let limit, !limit.isNone { try vm.int(limit) } else { -1 }
    let end = milliseconds < 0 ? nil : clock.now + .milliseconds(Int64(milliseconds))
    while true {
      let ready = try ask(isOneShot: isOneShot, vm)
      if !ready.isEmpty { return ready }
      if let end, clock.now >= end { return [] }
      // The board looks again at each tick of its 1 ms clock.
      let tick = Instant(nanoseconds: 0) + .milliseconds(clock.now.milliseconds + 1)
      try vm.live(until: end.map { min($0, tick) } ?? tick)
    }
  }

  private func ask(isOneShot: Bool, _ vm: Interpreter) throws(Raised) -> [(object: Value, flags: Int)] {
    var ready: [(object: Value, flags: Int)] = []
    for entry in entries where entry.wanted != 0 {
      switch try entry.stream.control(StreamRequest.poll, entry.wanted, vm) {
      case .done(0): continue
      case .done(let flags): ready.append((entry.object, flags))
      case .failed(let number): throw vm.osError(number)
      }
    }
    guard isOneShot else { return ready }
    for answer in ready {
      if let index = entries.firstIndex(where: { $0.object == answer.object }) { entries[index].wanted = 0 }
    }
    return ready
  }
}
