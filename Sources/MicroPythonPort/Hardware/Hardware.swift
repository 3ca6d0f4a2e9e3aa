import Asyncio
import Machine
import MicroPython

/// Binds the board to firmware: the modules `machine` and `pyb` and their types.
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
  var mounting: VfsModule?
  /// Input from the board's terminal, once a program runs.
  var terminalInput: StandardInput?
  /// Whether the board has the module `pyb`.
  private var hasPyb: Bool { port is STM32Port }
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
    addMachineModule()
    OneWireModule.add(to: vm, host: self)
    if hasPyb {
      addBoardModule()
      StmModule.add(to: vm)
      NetworkModule.add(to: vm, host: self)
    }
  }

  func useFlash(_ image: FlashImage) { flash = image }

  func addMachineModule() {
    vm.addModule("machine") { [unowned self] module in
      addClasses(of: .machine, to: module)
      addFunctions(of: .machine, to: module)
      addSystemFunctions(to: module, of: .machine)
      addResetCauses(to: module)
      if hasPyb {
        addRandomFunction(to: module)
        InformationFunctions.addInformation(to: PythonModuleBuilder(module, self))
      }
      MemoryAccess.add(to: module)
    }
    vm.addModuleAlias("umachine", for: "machine")
  }

  /// `pyb`, which only the Pyboard's port has.
  func addBoardModule() {
    vm.addModule("pyb") { [unowned self] module in
      addClasses(of: .pyb, to: module)
      addFunctions(of: .pyb, to: module)
      addSystemFunctions(to: module, of: .pyb)
      addTimeFunctions(to: module)
      addRandomFunction(to: module)
      addMainFunction(to: module)
      if let mounting {
        module.function("mount", 0...Int.max, keywords: true) { (vm, args) throws(Raised) in
          try mounting.mount(vm, args)
        }
      }
      if let slot = board.sdCardSlot {
        module.attribute("SD", objects(of: SDCardClass.self).shared(for: slot))
      }
    }
  }
}
