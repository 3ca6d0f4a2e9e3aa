import Machine
import MicroPython
import Timebase

/// `machine.WDT` (extmod/machine_wdt.c, ports/stm32/machine_wdt.c, ports/rp2/machine_wdt.c).
enum WatchdogType {
  /// - Parameters:
  ///   - independent: the one that `WDT(0)` means.
  ///   - window: the STM32's other one, `WDT("WWDG")`, whose time-outs are short; nil on other boards.
  static func make(_ vm: Interpreter, independent: Watchdog, window: WindowWatchdog?) -> Value {
    let type = vm.heap.type("WDT")
    type.info.make = { (vm, type, args) throws(Raised) in
      let options = try vm.parse(args, positional: ["id", "timeout"], required: 0)
      let timeout = options[1].isUnbound ? 5000 : try vm.int(options[1])
      let id = options[0].isUnbound ? Value(smallInt: 0) : options[0]
      if let name = StringHandle(id)?.text, let window {
        if name == "WWDG" {
          try start(window, timeout, vm)
          return vm.heap.native(type, window.watchdog, boardBytes: 0)
        }
        guard name == "IWDG" else { throw vm.error(.valueError, "WDT(\(name)) doesn't exist") }
      } else if try vm.int(id) != 0 {
        throw vm.error(.valueError, "WDT(\(try vm.int(id))) doesn't exist")
      }
      try start(independent, timeout, isSTM32: window != nil, vm)
      return vm.heap.native(type, independent, boardBytes: 0)
    }
    vm.define(type) { builder in
      builder.method("feed", 0...0) { (vm, args) throws(Raised) in
        (NativeHandle(args[0])?.payload as? Watchdog)?.feed()
        return .none
      }
    }
    return type.value
  }

  /// - Parameter timeout: milliseconds.
  private static func start(
    _ watchdog: Watchdog, _ timeout: Int, isSTM32: Bool, _ vm: Interpreter
  ) throws(Raised) {
    guard isSTM32 else {
      // 24 bits, counted down twice a microsecond.
      guard (0...8388).contains(timeout) else { throw vm.error(.valueError, "timeout exceeds 8388") }
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
    guard ticks > 0 else { throw vm.error(.valueError, "WDT timeout too short") }
    guard ticks <= 0xfff else { throw vm.error(.valueError, "WDT timeout too long") }
    watchdog.start(timeout: .microseconds((ticks * 125) << prescaler))
  }

  private static func start(_ window: WindowWatchdog, _ timeout: Int, _ vm: Interpreter) throws(Raised) {
    let clock = window.clock / 1000
    var ticks = timeout * clock / 4096
    var prescaler = 0
    while prescaler < 3, ticks > 64 {
      prescaler += 1
      ticks = (ticks + 1) / 2
    }
    guard ticks > 0 else { throw vm.error(.valueError, "WDT timeout too short") }
    guard ticks <= 64 else {
      throw vm.error(.valueError, "WDT timeout too long, max \(64 * 4096 * 8 / clock)ms")
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
