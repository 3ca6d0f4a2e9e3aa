import Machine
import MicroPython
import Timebase

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
      let resets = call.host.resets
      if let name = StringHandle(id)?.text, call.host.port is STM32Port {
        if name == "WWDG" {
          let window = WindowWatchdog(
            watchdog: resets.windowWatchdog, clock: call.host.board.description.processor.apb1)
          try start(window, timeout)
          return window.watchdog
        }
        guard name == "IWDG" else { throw PythonError.value("WDT(\(name)) doesn't exist") }
      } else {
        let number = try call.vm.int(id)
        guard number == 0 else { throw PythonError.value("WDT(\(number)) doesn't exist") }
      }
      try start(resets.watchdog, timeout, isSTM32: call.host.port is STM32Port)
      return resets.watchdog
    }
    type.method("feed") { $0.feed() }
  }

  /// - Parameter timeout: milliseconds.
  private static func start(
    _ watchdog: Watchdog, _ timeout: Int, isSTM32: Bool
  ) throws(PythonError) {
    guard isSTM32 else {
      // 24 bits, counted down twice a microsecond.
      guard (0...8388).contains(timeout) else { throw .value("timeout exceeds 8388") }
      return watchdog.start(timeout: .milliseconds(timeout))
    }
    // 12 bits of a clock of 32 kHz, divided by 4 to 256.
    var ticks = timeout
    var prescaler = 0
    while prescaler < 6, ticks >= 512 {
      prescaler += 1
      ticks /= 2
    }
    ticks *= 8
    guard ticks > 0 else { throw .value("WDT timeout too short") }
    guard ticks <= 0xfff else { throw .value("WDT timeout too long") }
    watchdog.start(timeout: .microseconds((ticks * 125) << prescaler))
  }

  private static func start(_ window: WindowWatchdog, _ timeout: Int) throws(PythonError) {
    let clock = window.clock / 1000
    var ticks = timeout * clock / 4096
    var prescaler = 0
    while prescaler < 3, ticks > 64 {
      prescaler += 1
      ticks = (ticks + 1) / 2
    }
    guard ticks > 0 else { throw .value("WDT timeout too short") }
    guard ticks <= 64 else {
      throw .value("WDT timeout too long, max \(64 * 4096 * 8 / clock)ms")
    }
    window.watchdog.start(timeout: .microseconds((ticks * 4096 * 1000 << prescaler) / clock))
  }
}

/// The STM32's window watchdog (RM0090, section 22), without its window, which MicroPython does not use.
struct WindowWatchdog {
  let watchdog: Watchdog
  /// Hz, of the bus that it is on.
  let clock: Int
}
