import Diagnostics
import Timebase

/// One thing that can interrupt: a pin's line, a timer, a UART. Latches one interrupt until it is handled.
public final class InterruptSource {
  /// The controller's name for it: `EXTI3`.
  public let name: String
  /// Lower goes first, as on the processor; 0 to 15.
  public let priority: Int
  /// Its name in diagnostics and the trace: the pin instead of its line.
  public internal(set) var label: String
  /// The place at which Swift firmware has set the handler.
  var setAt: SourceLine?
  /// The handler of its interrupts. The only place that holds it.
  public var handler: InterruptHandler? {
    didSet {
      registry.handlerChanged(of: self)
      concurrentHandler?.switchOff()
      concurrentHandler = nil
    }
  }
  /// The part that it belongs to.
  public weak var owner: (any InterruptOwner)?
  /// While false, interrupts are lost, as with the line masked.
  public var isEnabled = true
  /// The level after the edge that its handler was called for last; `nil` before that, and for sources
  /// without a level.
  public internal(set) var lastLevel: Level?
  /// The treatment of its interrupts while the processor's clocks stand.
  var inStopMode = InStopMode.stands
  /// Whether the next interrupt takes the handler away: a timer that fires once.
  var firesOnce = false
  /// Interrupts that came while one was latched already.
  public internal(set) var missedCount = 0

  /// Edges of a real line that came while the kernel's queue was full, as far as they were counted.
  public internal(set) var lostCount = 0
  var lossReport: EdgeLossReport?

  /// The order in which sources of one priority go.
  let index: Int
  var latched: Latch?
  /// The delivery that has handled it last.
  var handledIn = 0
  /// How often that delivery has handled it again since.
  var repeats = 0
  /// Whether the controller has it on its list.
  var isWaiting = false
  /// Its handler beside the firmware, in host mode.
  var concurrentHandler: ConcurrentHandler?
  var isMissReported = false

  /// The effect of Stop mode on a source (RM0090, 5.3.4).
  enum InStopMode {
    /// Its own clock stands too: it does not interrupt.
    case stands
    /// It is served when the processor has been woken.
    case waits
    /// It wakes the processor.
    case wakes
  }

  struct Latch: Sendable {
    let time: Instant
    let level: Level?
    /// Whether a running handler did what interrupted, rather than the passing of time.
    var isByHandler = false
    /// Called when it has been handled, so that the raiser can have the next one ready.
    var taken: (@Sendable () -> Void)?
  }

  private let registry: InterruptSourceRegistry

  init(name: String, priority: Int, index: Int, registry: InterruptSourceRegistry) {
    self.name = name
    self.priority = priority
    self.index = index
    self.registry = registry
    label = name
  }

  deinit { registry.forget(index) }

  /// Forgets the latched interrupt.
  func clear() {
    latched = nil
    concurrentHandler?.forget()
  }
}

/// A part of the board that interrupts.
public protocol InterruptOwner: AnyObject {
  /// Its handler threw and was taken away, as on the board.
  func handlerFailed(of source: InterruptSource)
}

/// The sources whose handler is a language port's, for the port's collector. Shared by a controller and its sources; used
/// by the thread that has the baton.
final class InterruptSourceRegistry {
  /// By index. A source takes itself out when it loses its handler and when it goes.
  private var sources: [Int: UnownedSource] = [:]

  private struct UnownedSource {
    unowned let source: InterruptSource
  }

  func handlerChanged(of source: InterruptSource) {
    if case .routine = source.handler {
      sources[source.index] = UnownedSource(source: source)
    } else {
      forget(source.index)
    }
  }

  func forget(_ index: Int) { sources[index] = nil }

  var hasRoutines: Bool { sources.values.contains { $0.source.isEnabled } }

  func forEachRoutine(_ body: (any InterruptRoutine) -> Void) {
    for entry in sources.values {
      if case .routine(let routine, _) = entry.source.handler { body(routine) }
    }
  }
}
