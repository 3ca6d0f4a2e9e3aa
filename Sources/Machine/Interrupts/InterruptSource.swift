import Diagnostics
import Timebase

/// One thing that can interrupt: a pin's line, a timer, a UART. Latches one interrupt until it is handled.
public final class InterruptSource {
  /// The controller's name for it: `EXTI3`.
  public let name: String
  /// Lower goes first, as on the processor; 0 to 15.
  public let priority: Int
  /// What diagnostics and the trace call it: the pin instead of its line.
  public internal(set) var label: String
  /// Where Swift firmware has set the handler.
  var setAt: SourceLine?
  public var handler: InterruptHandler? {
    didSet {
      line?.switchOff()
      line = nil
    }
  }
  /// While false, interrupts are lost, as with the line masked.
  public var isEnabled = true
  /// Interrupts that came while one was latched already.
  public internal(set) var missedCount = 0

  /// Edges of a real line that came while the kernel's queue was full, as far as they were counted.
  public internal(set) var lostCount = 0
  var lossReport: EdgeLossReport?

  /// The order in which sources of one priority go.
  let index: Int
  var latched: Latch?
  /// Whether the controller has it on its list.
  var isWaiting = false
  /// Its handler beside the firmware, in host mode.
  var line: ConcurrentHandler?
  var isMissReported = false

  struct Latch: Sendable {
    let time: Instant
    let level: Level?
    /// Called when it has been handled: whoever raised it has the next one ready.
    var taken: (@Sendable () -> Void)?
  }

  init(name: String, priority: Int, index: Int) {
    self.name = name
    self.priority = priority
    self.index = index
    label = name
  }

  /// Forgets what is latched.
  func clear() {
    latched = nil
    line?.forget()
  }
}
