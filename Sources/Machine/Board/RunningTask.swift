import Timebase

/// Which task of the firmware runs, for those who watch: whoever runs the firmware says so.
public final class RunningTask: Part {
  public let name = "firmware"
  /// Empty while none runs.
  public private(set) var task = ""

  private let observers = SignalObservers()

  /// Whether anybody wants to know.
  public var isObserved: Bool { !observers.isEmpty }

  public var signals: [Signal] {
    [
      Signal(
        "task", .text, read: { [self] in .text(task) }, watch: { [self] in observers.add($0) })
    ]
  }

  /// Another task runs, or none.
  public func changed(to task: String, at time: Instant) {
    guard task != self.task else { return }
    self.task = task
    observers.tell(.text(task), at: time)
  }
}
