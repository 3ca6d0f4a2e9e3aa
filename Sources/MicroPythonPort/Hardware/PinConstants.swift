import Machine
import MicroPython

/// The numbers behind a port's `Pin.OUT`, `Pin.PULL_UP`, `Pin.IRQ_RISING`, as firmware may print and store them.
struct PinConstants {
  /// The first name of each mode is the one that a printed pin shows.
  let modes: [(names: [String], number: Int, mode: PinMode)]
  let pulls: [(name: String, number: Int, pull: Pull)]
  let rising: Int
  let falling: Int
  /// Further constants of `Pin`: `ALT_UART`.
  let alternates: [(name: String, number: Int)]

  private init(
    modes: [([String], Int, PinMode)], pulls: [(String, Int, Pull)], rising: Int, falling: Int,
    alternates: [(String, Int)] = []
  ) {
    self.modes = modes.map { (names: $0.0, number: $0.1, mode: $0.2) }
    self.pulls = pulls.map { (name: $0.0, number: $0.1, pull: $0.2) }
    self.rising = rising
    self.falling = falling
    self.alternates = alternates.map { (name: $0.0, number: $0.1) }
  }

  func edgeTrigger(_ number: Int) throws(PythonError) -> EdgeTrigger {
    switch number {
    case rising: return .rising
    case falling: return .falling
    case rising | falling: return .risingOrFalling
    default: throw .value("invalid ExtInt Mode: \(number)")
    }
  }

  func number(of edges: EdgeTrigger) -> Int {
    switch edges {
    case .rising: rising
    case .falling: falling
    case .risingOrFalling: rising | falling
    }
  }

  /// GPIO_MODE_* of the STM32 HAL.
  static let stm32 = PinConstants(
    modes: [
      (["IN"], 0x00, .input), (["OUT", "OUT_PP"], 0x01, .outputPushPull),
      (["OPEN_DRAIN", "OUT_OD"], 0x11, .outputOpenDrain), (["ALT", "AF_PP"], 0x02, .alternatePushPull),
      (["ALT_OPEN_DRAIN", "AF_OD"], 0x12, .alternateOpenDrain), (["ANALOG"], 0x03, .analog),
    ],
    pulls: [("PULL_NONE", 0, .none), ("PULL_UP", 1, .up), ("PULL_DOWN", 2, .down)],
    rising: 0x1011_0000, falling: 0x1021_0000)

  /// ports/rp2/machine_pin.h, and the function numbers of the RP2040.
  static let rp2 = PinConstants(
    modes: [
      (["IN"], 0, .input), (["OUT"], 1, .outputPushPull), (["OPEN_DRAIN"], 2, .outputOpenDrain),
      (["ALT"], 3, .alternatePushPull),
    ],
    pulls: [("PULL_UP", 1, .up), ("PULL_DOWN", 2, .down)], rising: 8, falling: 4,
    alternates: [
      ("ALT_SPI", 1), ("ALT_UART", 2), ("ALT_I2C", 3), ("ALT_PWM", 4), ("ALT_SIO", 5), ("ALT_PIO0", 6),
      ("ALT_PIO1", 7), ("ALT_GPCK", 8), ("ALT_USB", 9),
    ])
}
