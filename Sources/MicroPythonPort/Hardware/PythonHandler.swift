import Machine
import MicroPython

/// A function of the firmware's that the board calls on interrupts. The interrupt source that it is set on owns it;
/// the collector finds it there.
final class PythonHandler: InterruptRoutine, ValueHolding {
  private let function: Value
  private let argument: Value
  private let kind: InterruptKind
  /// The line that the board prints when the handler raises.
  private let complaint: String
  /// What the board does when a hard handler has raised, beyond taking that away.
  private let afterFailure: (() -> Void)?
  private unowned let vm: Interpreter

  fileprivate init(
    _ function: Value, argument: Value, _ kind: InterruptKind, complaint: String, afterFailure: (() -> Void)?,
    _ vm: Interpreter
  ) {
    self.function = function
    self.argument = argument
    self.kind = kind
    self.complaint = complaint
    self.afterFailure = afterFailure
    self.vm = vm
  }

  func visitValues(_ visit: (Value) -> Void) {
    visit(function)
    visit(argument)
  }

  func handle(_ interrupt: Interrupt) throws { try call() }

  /// Does what an interrupt does: calls the function now if it is a hard handler, queues the call if it is a soft one.
  func call() throws(Raised) {
    if kind == .hard {
      do throws(Raised) {
        return try vm.callHardHandler(function, [argument], complaint: complaint)
      } catch {
        afterFailure?()
        throw error
      }
    }
    // A call for a full queue is lost without a report, as on the board.
    vm.scheduleIfRoom(function, argument)
  }
}

extension Interpreter {
  /// Calls a function from an interrupt: nothing else of the firmware runs in between, and nothing can be allocated.
  /// - Parameter complaint: the line that the board prints when the function raises.
  func callHardHandler(_ function: Value, _ arguments: [Value], complaint: String) throws(Raised) {
    // The interrupted code (a handler of lower priority) may have allocated just now; its error is due when
    // it goes on.
    let isOwed = heap.takeLockedAllocation()
    defer { if isOwed { heap.noteLockedAllocation() } }
    heap.lock()
    handlerDepth += 1
    let first = heap.objectCount
    defer {
      handlerDepth -= 1
      heap.discount(from: first)
    }
    do throws(Raised) {
      _ = try callUnpinned(function, arguments: arguments)
      try checkLockedAllocation()
      heap.unlock()
    } catch {
      heap.unlock()
      printUncaught(error.exception, after: complaint + "\n")
      throw error
    }
  }
}

extension Hardware {
  /// Returns the interrupt handler for a handler written in firmware. Most of the board's peripherals find
  /// out only when they call it whether it can be called.
  /// - Parameters:
  ///   - complaint: the line that the board prints when the handler raises.
  ///   - afterFailure: called when a hard handler has raised.
  /// - Returns: `nil` for None: no handler.
  func handler(
    _ function: Value, argument: Value, _ kind: InterruptKind, complaint: String,
    afterFailure: (() -> Void)? = nil
  ) throws(Raised) -> InterruptHandler? {
    guard !function.isNone else { return nil }
    callbackIsSet?(function)
    let handler = PythonHandler(
      function, argument: argument, kind, complaint: complaint, afterFailure: afterFailure, vm)
    return .routine(handler, kind)
  }

  /// The line that the board prints before the traceback of a hard handler that raised
  /// (shared/runtime/mpirq.c).
  static let irqComplaint = "Uncaught exception in IRQ callback handler"
}
