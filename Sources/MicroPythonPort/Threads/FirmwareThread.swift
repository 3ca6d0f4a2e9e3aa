import Asyncio
import MicroPython
import Timebase

/// A thread that firmware has started, or its main thread.
///
/// Each has a thread of the host, because built-ins that call back into firmware keep their place on the host's stack;
/// but only the one that has the baton runs.
final class FirmwareThread {
  let context: ThreadState
  /// Stands for its stack in the board's memory. Unbound in the main thread, as is its function.
  let stack: Value
  let function: Value
  let arguments: [Value]
  let keywords: [(name: Value, value: Value)]
  /// Signalled when the thread has been given the baton.
  let baton = HostSemaphore()

  /// Set while the thread has nothing to do.
  var rest: Rest?
  /// It must end at its next safe point.
  var isEnding = false

  /// A thread that waits for board time to pass or for something to happen.
  struct Rest {
    /// When it wants to go on at the latest.
    var until: Instant?
    /// How much other threads had done when it last looked.
    var generation: Int
    /// When it wants to look again if they have done more.
    var nextLook: Instant
  }

  init(
    context: ThreadState, stack: Value = .unbound, function: Value = .unbound, arguments: [Value] = [],
    keywords: [(name: Value, value: Value)] = []
  ) {
    self.context = context
    self.stack = stack
    self.function = function
    self.arguments = arguments
    self.keywords = keywords
  }

  func visitValues(_ visit: (Value) -> Void) {
    visit(stack)
    visit(function)
    for value in arguments { visit(value) }
    for keyword in keywords {
      visit(keyword.name)
      visit(keyword.value)
    }
  }
}

/// A thread on its way to its own thread of the host.
///
/// Neither the thread nor the scheduler is Sendable. Safe because the new thread touches them only once it has been
/// given the baton, and no other thread does until it hands the baton on; the semaphores order the memory accesses.
struct ThreadPassage: @unchecked Sendable {
  let thread: FirmwareThread
  let threads: ThreadScheduler
}
