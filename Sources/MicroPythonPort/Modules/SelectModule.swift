import MicroPython
import Timebase

/// `select`
struct SelectModule {
  let clock: Clock

  func add(to vm: Interpreter) {
    vm.addModule("select") { module in
      for (name, value) in [
        ("POLLIN", StreamRequest.readable), ("POLLOUT", StreamRequest.writable),
        ("POLLERR", StreamRequest.error),
        ("POLLHUP", StreamRequest.hangUp),
      ] {
        module.attribute(name, Value(smallInt: value))
      }
      module.function("select", 3...4) { [clock] (vm, args) throws(Raised) in
        try PollSet.select(args, clock, vm)
      }
      let type = PollSet.makeType(module.vm)
      module.function("poll", 0...0) { [clock] vm, _ in vm.heap.native(type, PollSet(clock: clock)) }
    }
    vm.addModuleAlias("uselect", for: "select")
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
  private var answers: [(object: Value, flags: Int)] = []
  /// The one tuple in which `ipoll` gives its answers, so that it need not allocate, as on the board.
  private var answer = Value.unbound

  init(clock: Clock) { self.clock = clock }

  func visitValues(_ visit: (Value) -> Void) {
    for entry in entries { visit(entry.object) }
    for answer in answers { visit(answer.object) }
    visit(answer)
  }

  static func makeType(_ vm: Interpreter) -> TypeHandle {
    let type = vm.heap.type("poll")
    func set(_ value: Value) throws(Raised) -> PollSet {
      guard let set = NativeHandle(value)?.payload as? PollSet else { throw vm.streamUnsupported() }
      return set
    }
    vm.define(type) { builder in
      builder.method("register", 1...2) { (vm, args) throws(Raised) in
        let wanted = args.count > 2 ? try vm.int(args[2]) : StreamRequest.readable | StreamRequest.writable
        try set(args[0]).register(args[1], wanted, vm)
        return .none
      }
      builder.method("unregister", 1...1) { (_, args) throws(Raised) in
        let set = try set(args[0])
        set.entries.removeAll { $0.object == args[1] }
        return .none
      }
      builder.method("modify", 2...2) { (vm, args) throws(Raised) in
        let set = try set(args[0])
        guard let index = set.entries.firstIndex(where: { $0.object == args[1] }) else {
          throw vm.osError(ErrorNumber.enoent.rawValue)
        }
        set.entries[index].wanted = try vm.int(args[2])
        return .none
      }
      builder.method("poll", 0...1) { (vm, args) throws(Raised) in
        let ready = try set(args[0]).wait(limit: args.optional(1), isOneShot: false, vm)
        return vm.heap.list(ready.map { vm.heap.tuple([$0.object, Value(smallInt: $0.flags)]) })
      }
      builder.method("ipoll", 0...2) { (vm, args) throws(Raised) in
        let isOneShot = args.count > 2 ? try vm.int(args[2]) & 1 != 0 : false
        let set = try set(args[0])
        set.answers = try set.wait(limit: args.optional(1), isOneShot: isOneShot, vm).reversed()
        return args[0]
      }
    }
    type.info.iterate = { _, value in value }
    type.info.next = { (vm, value) throws(Raised) in
      let set = try set(value)
      guard let next = set.answers.popLast() else { return .unbound }
      guard let tuple = TupleHandle(set.answer) else {
        set.answer = vm.heap.tuple([next.object, Value(smallInt: next.flags)])
        return set.answer
      }
      tuple[0] = next.object
      tuple[1] = Value(smallInt: next.flags)
      return set.answer
    }
    return type
  }

  /// `select.select(readers, writers, watched, seconds)`: the ready ones of each list.
  static func select(_ args: Arguments, _ clock: Clock, _ vm: Interpreter) throws(Raised) -> Value {
    let set = PollSet(clock: clock)
    // Which flags put a stream into which of the lists.
    let flags = [StreamRequest.readable | StreamRequest.hangUp, StreamRequest.writable, StreamRequest.error]
    var lists: [[Value]] = []
    // Items that the arguments gave may be referenced here only.
    let mark = vm.hold(.none)
    defer { vm.release(mark) }
    for index in 0..<3 {
      let items = try vm.sequenceItems(args[index])
      lists.append(items)
      for item in items { _ = vm.hold(item) }
      for item in items {
        let known = set.entries.first { $0.object == item }?.wanted ?? 0
        try set.register(item, known | flags[index], vm)
      }
    }
    var limit = Value.none
    if args.count > 3, !args[3].isNone { limit = Value(smallInt: try vm.milliseconds(seconds: args[3])) }
    let ready = try set.wait(limit: limit, isOneShot: false, vm)
    return vm.heap.tuple(
      zip(lists, flags).map { list, flags in
        vm.heap.list(list.filter { item in ready.contains { $0.object == item && $0.flags & flags != 0 } })
      })
  }

  private func register(_ object: Value, _ wanted: Int, _ vm: Interpreter) throws(Raised) {
    if let index = entries.firstIndex(where: { $0.object == object }) {
      entries[index].wanted = wanted
    } else {
      entries.append(Entry(object: object, stream: try vm.stream(object), wanted: wanted))
    }
  }

  /// Asks until a stream is ready or the time is over.
  private func wait(limit: Value, isOneShot: Bool, _ vm: Interpreter) throws(Raised) -> [(
    object: Value, flags: Int
  )] {
    let milliseconds = limit.isUnbound || limit.isNone ? -1 : try vm.int(limit)
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
