import Diagnostics

extension Scheduler {
  /// Reports which task waits for what when nothing happens any more: the run will now idle until the power
  /// goes. (Without a power-off the run ends as `stalled`, and its caller reports that, by this or in words
  /// of its own.)
  package func reportDeadlock() {
    var waiting: [ScheduledTask] = []
    forEachLiveTask { if !$0.isDone { waiting.append($0) } }
    waiting.sort { ($0.name, $0.due) < ($1.name, $1.due) }
    let shown = waiting.prefix(6).map(describeWait)
    let others = waiting.count > shown.count ? " and \(waiting.count - shown.count) more wait" : ""
    let who = shown.isEmpty ? "every task waits" : shown.joined(separator: ", ") + others
    let first = waiting.first { $0.whereabouts?.line != nil } ?? waiting.first
    var place = first?.whereabouts ?? Diagnostic.Place()
    place.task = first.flatMap { $0.name.isEmpty ? nil : $0.name }
    diagnostics?.reportOnce(
      Diagnostic(
        .deadlock, place: place,
        message: "\(who), and no task, timer, interrupt or stream is left that could wake one",
        advice:
          "look for an Event that nobody sets, a Lock that is never released or tasks that await each other"))
  }

  /// Tasks that await each other never go on, whatever else runs; nor do those that await one which waits for their lock.
  func reportIfCircular(_ node: NodePointer) {
    let task = node.pointee.owner.takeUnretainedValue()
    guard diagnostics != nil, let circle = circle(from: task, to: task.awaitedTask) else { return }
    report(circle, at: runningTaskPlace)
  }

  /// Reports a task that is about to wait for a lock whose holder waits for another lock or awaits a task, and so on until
  /// this task: none of them ever goes on, whatever else runs.
  /// - Parameter place: place where it is about to wait.
  package func reportIfLocksAreCircular(
    _ task: ScheduledTask, waitsIn queue: WaitQueue, at place: Diagnostic.Place
  ) {
    // A lock that its own holder waits for may yet be released by somebody else.
    guard diagnostics != nil, queue.holder !== task, let circle = circle(from: task, to: queue.holder)
    else { return }
    report(circle, at: place)
  }

  /// The tasks of which each waits for the next, and the last one for the first; nil where they do not close a circle.
  /// - Parameter next: whom `task` waits for.
  private func circle(from task: ScheduledTask, to next: ScheduledTask?) -> [ScheduledTask]? {
    var circle = [task]
    var next = next
    while let current = next, current !== task {
      // A circle that this task does not belong to was reported when it closed.
      guard current.isLive, !current.isDone, circle.count < 1000 else { return nil }
      circle.append(current)
      if task.node.pointee.gathering?.takeUnretainedValue().waiter === current { return circle }
      next = lockHolder(for: current) ?? current.awaitedTask
    }
    return next === task ? circle : nil
  }

  /// Who has the lock that a task waits for.
  private func lockHolder(for task: ScheduledTask) -> ScheduledTask? {
    task.node.pointee.waitList?.pointee.holder?.takeUnretainedValue()
  }

  /// - Parameter place: where the first of them waits or is about to.
  private func report(_ circle: [ScheduledTask], at place: Diagnostic.Place) {
    let closesByAwait = circle[0].awaitedTask != nil
    let awaits = circle.enumerated().map { index, task in
      index == 0 ? closesByAwait : lockHolder(for: task) == nil
    }
    if awaits.allSatisfy(\.self) {
      let names = (circle + [circle[0]]).map(\.label).joined(separator: " awaits ")
      diagnostics?.reportOnce(
        Diagnostic(
          .deadlock, place: place, message: "tasks await each other and none can go on: \(names)",
          advice: "let one of them go on without the other's end: use an Event or a queue"))
      return
    }
    var waits: [String] = []
    for (index, task) in circle.enumerated() {
      let other = circle[(index + 1) % circle.count].label
      let stands = index == 0 ? place : task.whereabouts
      var text = task.label + (awaits[index] ? " awaits \(other)" : " waits")
      if let file = stands?.file, let line = stands?.line { text += " at \(file):\(line)" }
      waits.append(text + (awaits[index] ? "" : " for the Lock that \(other) has"))
    }
    let hasLocksOnly = !awaits.contains(true)
    diagnostics?.reportOnce(
      Diagnostic(
        .deadlock, place: place,
        message: "tasks wait for each other\(hasLocksOnly ? "'s locks" : "") and none can go on: "
          + waits.joined(separator: ", "),
        advice: hasLocksOnly
          ? "take the locks in the same order everywhere, or hold one at a time"
          : "release a lock before you await a task that needs it"))
  }

  /// The firmware's place, in a language without the line at which the last await was or is to be.
  package var runningPlace: Diagnostic.Place {
    firmwarePlace ?? current?.whereabouts ?? Diagnostic.Place()
  }

  /// The same with the name of the running task.
  var runningTaskPlace: Diagnostic.Place {
    var place = runningPlace
    place.task = place.task ?? current?.name
    return place
  }

  private func describeWait(_ task: ScheduledTask) -> String {
    var text = task.name.isEmpty ? "a task" : task.name
    text += " waits"
    if let place = task.whereabouts, let file = place.file, let line = place.line {
      text += " \(task.isWhereaboutsExact ? "at" : "after") \(file):\(line)"
    }
    return text + " for " + (task.awaitedThing ?? knownWait(task))
  }

  private func knownWait(_ task: ScheduledTask) -> String {
    if let awaited = task.awaitedTask { return awaited.label }
    let node = task.node
    switch node.pointee.place {
    case .stream: return isAtFlag(node) ? "a ThreadSafeFlag" : "a stream"
    case .parked: return "the tasks that it gathers"
    default: return "\(node.pointee.waitList?.pointee.kind ?? .anything)"
    }
  }

  private func isAtFlag(_ node: NodePointer) -> Bool {
    streams.entries.contains { ($0.reader == node || $0.writer == node) && $0.stream is ThreadSafeFlag }
  }
}
