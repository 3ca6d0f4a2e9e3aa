import Asyncio
import Machine
import MicroPython

/// An addition to a board's interpreter from outside of the board: a test bench adds its module.
package protocol FirmwareAddition: AnyObject {
  /// Called at each boot, when all else is there. It must not keep the interpreter longer than that lives.
  func add(to parts: FirmwareParts)
}

/// The parts of an interpreter, for an addition.
package struct FirmwareParts {
  package let vm: Interpreter
  package let board: Board
  package let scheduler: Scheduler
}
