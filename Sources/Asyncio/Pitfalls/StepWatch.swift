import Diagnostics
import Timebase

/// Finds steps of tasks that keep the loop to themselves: by calls that block, by computing on and on, and, if asked
/// for, any that take long. For tasks in any language.
public final class StepWatch: ClockObserver {
  /// Limits above which a step is reported.
  public struct Limits: Sendable {
    /// A call that waits for so long inside a task.
    public var blocking = Interval.milliseconds(100)
    /// So much computing while another task is due.
    public var starvation = Interval.milliseconds(250)
    /// Any step that takes so long; `nil` for none.
    public var slowStep: Interval?

    public init(slowStep: Interval? = nil) { self.slowStep = slowStep }

    fileprivate var smallest: Interval { min(blocking, min(starvation, slowStep ?? starvation)) }
  }

  /// A call that waits.
  private struct Wait {
    var place: Diagnostic.Place
    var name: String
    var duration: Interval
  }

  /// Whether what runs just now is no part of the step: an interrupt handler.
  public let isElsewhere = Observers<() -> Bool>()
  /// Whether the wait that has just ended is part of asyncio itself, so that firmware cannot avoid it.
  public let isExcused = Observers<() -> Bool>()
  /// The firmware's name for the function that it calls just now: `time.sleep`.
  public let callName = Observers<() -> String?>()

  /// The line of the task's own coroutine, and the helper that it is in, as text; a language port knows.
  public var coroutinePlace: () -> (place: Diagnostic.Place, helper: String?)? = { nil }

  private unowned let scheduler: Scheduler
  private var observation: Observation?
  private let limits: Limits
  /// Time that the step has spent in waits that were reported or need not be.
  private var settled = Interval.zero
  private var lastWait: Wait?
  private var observedStep = -1
  private var isStarvationReported = false
  /// The place at which the step was first found to be slow.
  private var slowPlace: Diagnostic.Place?
  private var reported: Set<String> = []

  init(_ scheduler: Scheduler, limits: Limits) {
    self.scheduler = scheduler
    var limits = limits
    // Wall time passes without the firmware's doing too.
    if scheduler.clock.mode == .host {
      limits.blocking = .nanoseconds(limits.blocking.nanoseconds * 5)
      limits.starvation = .nanoseconds(limits.starvation.nanoseconds * 5)
    }
    self.limits = limits
    scheduler.state.pointee.reportableStep = limits.smallest.nanoseconds
    observation = scheduler.clock.addObserver(self)
  }

  // MARK: During a step

  public func waitEnded(_ duration: Interval) {
    guard scheduler.state.pointee.isStepping, duration > .zero,
      !isElsewhere.latestFirst.contains(where: { $0() })
    else { return }
    beginIfNew()
    if isExcused.latestFirst.contains(where: { $0() }) {
      settled += duration
      return
    }
    let place = self.place
    if lastWait?.place == place {
      lastWait?.duration += duration
    } else {
      reportWait()
      lastWait = Wait(place: place, name: calledName.map { $0 + "()" } ?? "a call", duration: duration)
    }
    // A loop of short waits need not have an end.
    if let wait = lastWait, wait.duration > duration, wait.duration >= .seconds(1) { reportWait() }
    // Nobody comes back to the end of a step when the power goes.
    if scheduler.clock.isPoweredOff { reportWait() }
  }

  /// Must be called now and then while a step goes on, so that one without end is found too.
  public func look() {
    // At the end of each slice of time this is asked, and nearly always there is nothing.
    guard let duration = scheduler.noticedStepDuration, !isElsewhere.latestFirst.contains(where: { $0() })
    else { return }
    beginIfNew()
    if let limit = limits.slowStep, duration >= limit, slowPlace == nil { slowPlace = place }
    if let current = scheduler.current {
      checkStarvation(current) { coroutinePlace() ?? (place, nil) }
    }
  }

  // MARK: At its end

  func stepEnded(_ task: ScheduledTask) {
    beginIfNew()
    let afterwards = task.whereabouts ?? Diagnostic.Place(task: task.name)
    checkStarvation(task) { (afterwards, nil) }
    reportWait()
    let duration = scheduler.clock.now - scheduler.state.pointee.stepBegan
    guard let limit = limits.slowStep, duration >= limit else { return }
    var place = slowPlace ?? afterwards
    if place.task == nil { place.task = task.name }
    report(
      .slowStep, place,
      "a step of the task took \(Self.text(duration)), and nothing else could run meanwhile",
      "await something more often; --slow-step sets what counts as slow")
  }

  /// A stream has been asked whether it is ready.
  /// - Parameter task: one that waits for it.
  func pollEnded(began: Instant, for task: ScheduledTask?) {
    let duration = scheduler.clock.now - began
    guard let limit = limits.slowStep, duration >= limit else { return }
    report(
      .slowPoll, scheduler.firmwarePlace ?? task?.whereabouts ?? Diagnostic.Place(),
      "asking a stream whether it is ready took \(Self.text(duration))",
      "let ioctl answer from what it knows; no task runs while it works")
  }

  private func beginIfNew() {
    let step = scheduler.switchCount
    guard step != observedStep else { return }
    observedStep = step
    settled = .zero
    lastWait = nil
    isStarvationReported = false
    slowPlace = nil
  }

  /// - Parameter whereabouts: the task's place, and the function that it called; asked only when there is
  ///   something to report.
  private func checkStarvation(
    _ task: ScheduledTask, _ whereabouts: () -> (place: Diagnostic.Place, helper: String?)
  ) {
    guard !isStarvationReported else { return }
    let state = scheduler.state
    let now = scheduler.clock.now
    let open = lastWait.map { $0.duration >= limits.blocking ? $0.duration : .zero } ?? .zero
    guard now - state.pointee.stepBegan - settled - open >= limits.starvation else { return }
    guard let victim = longestWaiting(besides: task) else { return }
    let since = max(state.pointee.stepBegan, Instant(nanoseconds: victim.due * 1_000_000))
    guard now - since >= limits.starvation else { return }
    isStarvationReported = true
    let (place, helper) = whereabouts()
    report(
      .loopStarved, place,
      "the task has not awaited anything for \(Self.text(now - since))\(helper.map { " (in \($0))" } ?? ""), "
        + "while \(victim.label) was due all the time",
      "await \(scheduler.current is FirmwareTaskBody ? "sleepMs(0)" : "asyncio.sleep_ms(0)") in the loop, "
        + "or split the work up")
  }

  private func reportWait() {
    guard let wait = lastWait else { return }
    lastWait = nil
    guard wait.duration >= limits.blocking else { return }
    settled += wait.duration
    var harm = ""
    if let current = scheduler.current, let victim = longestWaiting(besides: current) {
      harm = " while \(victim.label) was due"
    }
    report(
      .blockingCall, wait.place,
      "\(wait.name) held the event loop for \(Self.text(wait.duration))\(harm)",
      "await \(scheduler.current is FirmwareTaskBody ? "sleep" : "asyncio.sleep_ms()") or a stream instead, "
        + "or do it in smaller parts")
  }

  private func longestWaiting(besides task: ScheduledTask) -> ScheduledTask? {
    var first: NodePointer?
    scheduler.state.pointee.queue.forEachDue(by: scheduler.ticks) { node in
      if node == task.node || node.pointee.isDone { return }
      if node.pointee.due < first?.pointee.due ?? .max { first = node }
    }
    return first?.pointee.owner.takeUnretainedValue()
  }

  private var place: Diagnostic.Place { scheduler.runningTaskPlace }

  private var calledName: String? {
    callName.latestFirst.lazy.compactMap { $0() }.first
      ?? (scheduler.current as? FirmwareTaskBody)?.call.map { "\($0)" }
  }

  /// Once for each place: loops would report the same over and over.
  private func report(_ finding: Finding, _ place: Diagnostic.Place, _ message: String, _ advice: String) {
    guard reported.insert("\(finding.code) \(place)").inserted else { return }
    scheduler.diagnostics?.report(
      Diagnostic(finding, place: place, message: message, advice: advice))
  }

  private static func text(_ interval: Interval) -> String {
    let tenths = interval.nanoseconds / 100_000
    return tenths % 10 == 0 || tenths >= 1000 ? "\(tenths / 10) ms" : "\(tenths / 10).\(tenths % 10) ms"
  }
}

extension Scheduler {
  /// Looks for steps that keep others from running from now on.
  public func watchSteps(_ limits: StepWatch.Limits) { stepWatch = StepWatch(self, limits: limits) }
}

extension ScheduledTask {
  /// How diagnostics call it.
  var label: String { name.isEmpty ? "another task" : "task '\(name)'" }
}
