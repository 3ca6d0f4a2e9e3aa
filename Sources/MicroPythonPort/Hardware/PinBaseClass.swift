import Machine
import MicroPython

/// A `PinBase` object: the base of firmware's own pins.
final class PinBase {}

/// `machine.PinBase` (extmod/machine_pinbase.c), whose subclasses have a method `value`.
enum PinBaseClass: HardwareClass {
  static let name = "PinBase"
  static let modules = [HardwareModule.machine]
  static let boardBytes = 0

  static func define(_ type: PythonClassBuilder<Hardware, PinBase>) {
    type.make(.rest) { _, _ in PinBase() }
  }
}
