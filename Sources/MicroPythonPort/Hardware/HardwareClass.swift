import Machine
import MicroPython

/// A class of `machine` or `pyb`. Adding one takes its own file and a line in `HardwareClasses.all`
/// (docs/contributing.md).
protocol HardwareClass: PythonClass where Host == Hardware {
  /// The modules that have the class under its name.
  static var modules: [HardwareModule] { get }
  /// Whether the board has what the class is for. Which classes its port has, the port says (`MachinePort.has`).
  static func exists(on hardware: Hardware) -> Bool
}

extension HardwareClass {
  static func exists(on hardware: Hardware) -> Bool { true }
}

enum HardwareModule {
  case machine
  case pyb
}

/// The registry, in the order in which the modules list them.
enum HardwareClasses {
  static let all: [any HardwareClass.Type] = [
    PinClass.self,
    PinAFClass.self,
    IRQClass.self,
    UARTClass.self,
    LEDClass.self,
    SwitchClass.self,
    ExtIntClass.self,
    RTCClass.self,
    MachineADCClass.self,
    PybADCClass.self,
    ADCAllClass.self,
    SignalClass.self,
    PinBaseClass.self,
    DACClass.self,
    CANClass.self,
    MachineCANClass.self,
    I2SClass.self,
    SDCardClass.self,
    FlashClass.self,
    AccelClass.self,
    MachineI2CClass.self,
    SoftI2CClass.self,
    I2CTargetClass.self,
    PybI2CClass.self,
    USBVCPClass.self,
    USBHIDClass.self,
    MachineSPIClass.self,
    SoftSPIClass.self,
    PybSPIClass.self,
    SoftTimerClass.self,
    TimerClass.self,
    TimerChannelClass.self,
    PWMClass.self,
    ServoClass.self,
    WatchdogClass.self,
    LCDClass.self,
  ]
}

extension Hardware {
  /// The objects of a class that the board has.
  func objects<Kind: HardwareClass>(of kind: Kind.Type) -> PythonObjects<Kind.Receiver> {
    guard let objects = classes[ObjectIdentifier(kind)]?.objects as? PythonObjects<Kind.Receiver> else {
      preconditionFailure("\(kind) is not in HardwareClasses.all, or asked for on a board without it")
    }
    return objects
  }

  func defineClasses() {
    for kind in HardwareClasses.all where port.has(class: kind) && kind.exists(on: self) { define(kind) }
  }

  private func define<Kind: HardwareClass>(_ kind: Kind.Type) {
    let objects = kind.make(in: vm, host: self).objects
    classes[ObjectIdentifier(kind)] = DefinedClass(objects: objects, type: objects.type)
  }

  /// Puts the classes of a module into it.
  func addClasses(of module: HardwareModule, to builder: PythonModuleBuilder<Hardware>) {
    for kind in HardwareClasses.all where kind.modules.contains(module) {
      if let type = classes[ObjectIdentifier(kind)]?.type { builder.constant(kind.name, type.value) }
    }
  }

  /// Returns a part that firmware asks for by number, with the board's error for one that does not exist.
  /// - Parameter kind: as the class is called: `LED`.
  func part<Part>(_ kind: String, _ number: Int, in parts: [Int: Part]) throws(PythonError) -> Part {
    if let part = parts[number] { return part }
    let reason = parts.isEmpty ? ": this board has no \(kind)s" : ""
    throw .value("\(kind)(\(number)) doesn't exist\(reason)")
  }

  /// A bus by number, or by the name of its connector (ports/stm32, `i2c_find_peripheral` and its like).
  func bus<Part>(
    _ kind: String, _ identifier: Value, in parts: [Int: Part], connector: KeyPath<Part, String?>
  ) throws -> Part {
    let found: (part: Part?, text: String)
    if let name = StringHandle(identifier)?.text {
      found = (parts.values.first { $0[keyPath: connector] == name }, name)
    } else {
      let number = try vm.int(identifier)
      found = (parts[number], "\(number)")
    }
    guard let part = found.part else { throw PythonError.value("\(kind)(\(found.text)) doesn't exist") }
    return part
  }
}

/// A class as `Hardware` keeps it, whatever its objects stand for.
struct DefinedClass {
  /// `PythonObjects` of the class's receivers.
  let objects: AnyObject
  let type: TypeHandle
}
