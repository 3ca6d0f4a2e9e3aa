import Asyncio
import Machine
import MicroPython

/// Binds the board to firmware: the host of its modules and their classes.
///
/// The collector finds handlers that firmware has registered with the board in the interrupt sources.
final class Hardware {
  unowned let vm: Interpreter
  unowned let board: Board
  /// Serves `machine.reset()` and its kin.
  unowned var resets: ResetControl
  /// Called with every function that firmware gives to be called by the board.
  var callbackIsSet: ((Value) -> Void)?
  private(set) lazy var pinFinder = PinFinder(self)
  /// By the `HardwareClass` that describes it.
  var classes: [ObjectIdentifier: DefinedClass] = [:]
  let port: any MachinePort
  let usb = USBPort()
  let livingTimers = LivingTimers()
  let network = NetworkSettings()
  private(set) lazy var terminalCopies = TerminalCopies(self)
  /// The sectors of the board's flash, once a program runs; of their own where its files are a folder of the host.
  private(set) lazy var flash = resets.spareFlash
  /// Serves `pyb.mount`, once a program runs.
  var mounting: Mounting?
  /// Input from the board's terminal, once a program runs.
  var terminalInput: StandardInput?
  private let processor: ProcessorView

  init(vm: Interpreter, board: Board, resets: ResetControl) {
    self.vm = vm
    self.board = board
    port = board.description.identity.port.machinePort
    self.resets = resets
    processor = ProcessorView(board, resets)
    vm.processorEnvironment = processor
    vm.compilerTarget = port.compilerTarget
    vm.rootVisitors.append { [interrupts = board.interrupts] visit in
      interrupts.forEachRoutine { ($0 as? any ValueHolding)?.visitValues(visit) }
    }
    defineClasses()
    vm.addModules(PortModules.ofBoard, host: self)
  }

  func useFlash(_ image: FlashImage) { flash = image }
}
