import Asyncio
import Machine
import MicroPython

/// What somebody outside of the board adds to its interpreter: a test bench its module.
package protocol FirmwareAddition: AnyObject {
  /// Called at each boot, when all else is there. It must not keep the interpreter longer than that lives.
  func add(to parts: FirmwareParts)
}

/// What an interpreter consists of, for an addition.
package struct FirmwareParts {
  package let vm: Interpreter
  package let board: Board
  package let scheduler: Scheduler
}
