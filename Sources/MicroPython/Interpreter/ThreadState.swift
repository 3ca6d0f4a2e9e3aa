/// The part of the interpreter's state that belongs to one thread of the firmware, while another thread runs.
///
/// Invariant: while its thread runs a context is out of date; the state is in the interpreter itself.
package final class ThreadState {
  var machine: MachineState
  private var temporaryRoots: [Value] = []
  private var constructionArguments: [(object: Value, arguments: Value)] = []
  private var stopValue = Value.none
  private var heapLockDepth = 0

  fileprivate init(_ machine: MachineState) { self.machine = machine }

  fileprivate func take(from vm: Interpreter) {
    machine = vm.state.pointee
    temporaryRoots = vm.temporaryRoots
    constructionArguments = vm.constructionArguments
    stopValue = vm.stopValue
    heapLockDepth = vm.heap.lockDepth
  }

  fileprivate func restore(to vm: Interpreter) {
    vm.state.pointee = machine
    vm.temporaryRoots = temporaryRoots
    vm.constructionArguments = constructionArguments
    vm.stopValue = stopValue
    vm.heap.lockDepth = heapLockDepth
  }

  func visitValues(_ visit: (Value) -> Void, _ vm: Interpreter) {
    vm.visitRegisters(of: &machine, visit)
    visit(machine.sent)
    visit(stopValue)
    for value in temporaryRoots { visit(value) }
    for item in constructionArguments {
      visit(item.object)
      visit(item.arguments)
    }
  }
}

extension Interpreter {
  /// A thread that has not begun; it sees the globals of the code that runs.
  /// - Parameter depth: how many calls may lie inside each other.
  package func makeThread(depth: Int) -> ThreadState {
    let frameCount = min(max(depth, 8), MachineState.frameCount)
    let machine = MachineState(
      account: account, frameCount: frameCount,
      registerCount: MachineState.registerCount * frameCount / MachineState.frameCount + 200)
    var bottom = state.pointee.frames.pointee
    bottom.registers = machine.stack
    bottom.result = machine.stack
    bottom.stackTop = machine.stack + 1
    bottom.globals = state.pointee.frame.pointee.globals
    machine.frames.initialize(to: bottom)
    let thread = ThreadState(machine)
    parkedThreads.append(thread)
    return thread
  }

  /// Forgets a thread that does not run and never will.
  package func discardThread(_ thread: ThreadState) {
    parkedThreads.removeAll { $0 === thread }
    thread.machine.deallocate()
  }

  /// The context in which the running thread is kept while it does not run.
  package func makeContextOfRunningThread() -> ThreadState { ThreadState(state.pointee) }

  /// Parks the running thread and makes another one the running one. The host thread that goes on afterwards must be
  /// that other one's.
  package func exchangeThread(parking old: ThreadState, resuming new: ThreadState) {
    parkedThreads.removeAll { $0 === new }
    old.take(from: self)
    parkedThreads.append(old)
    new.restore(to: self)
    requestAttention()
  }

  /// Makes another thread the running one in place of the running one, which is over.
  package func endThread(_ old: ThreadState, resuming new: ThreadState) {
    exchangeThread(parking: old, resuming: new)
    discardThread(old)
  }
}
