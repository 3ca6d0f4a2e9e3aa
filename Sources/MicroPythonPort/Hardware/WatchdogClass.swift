import Machine
import MicroPython

/// `machine.WDT` (extmod/machine_wdt.c, ports/stm32/machine_wdt.c, ports/rp2/machine_wdt.c).
enum WatchdogClass: HardwareClass {
  static let name = "WDT"
  static let modules = [HardwareModule.machine]
  static let boardBytes = 0

  static func define(_ type: PythonClassBuilder<Hardware, Watchdog>) {
    type.make(
      rules: .named, .optional("id", .value, default: Value(smallInt: 0)),
      .optional("timeout", .int, default: 5000)
    ) {
      call, id, timeout -> Watchdog in
      try call.host.port.startWatchdog(id, timeout: timeout, call.host)
    }
    type.method("feed") { $0.feed() }
  }

  /// - Throws: `ValueError` for a number of a watchdog that there is not.
  static func checkNumber(_ id: Value, _ vm: Interpreter) throws {
    let number = try vm.int(id)
    guard number == 0 else { throw PythonError.value("WDT(\(number)) doesn't exist") }
  }
}
