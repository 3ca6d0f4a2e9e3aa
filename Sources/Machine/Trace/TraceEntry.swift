/// Something that a part of the board did, as a line of the trace shows it.
enum TraceEntry {
  case started(board: String)
  case pin(String, Level)
  /// Two drivers of one net.
  case conflict(String, String)
  /// Brightness 0 to 255.
  case led(Int, brightness: Int)
  case switchPressed(String)
  case switchReleased(String)
  case tilt(x: Int, y: Int, z: Int)
  /// 0 to 4095.
  case dac(Int, Int)
  /// A voltage from outside.
  case voltage(String, Double)
  case interruptEntry(String)
  case interruptExit(String)
  case interruptMissed(String)
  case uartSent(Int, UInt16)
  case uartReceived(Int, UInt16)
  case uartLost(Int, UInt16)

  /// What follows the time on the line; words separated by single spaces.
  var text: String {
    switch self {
    case .started(let board): "board \(board)"
    case .pin(let name, let level): "pin \(name) \(level)"
    case .conflict(let first, let second): "conflict \(first) \(second)"
    case .led(let number, 0): "led \(number) off"
    case .led(let number, 255): "led \(number) on"
    case .led(let number, let brightness): "led \(number) \(brightness)"
    case .switchPressed(let name): "switch \(name) pressed"
    case .switchReleased(let name): "switch \(name) released"
    case .tilt(let x, let y, let z): "accelerometer \(x) \(y) \(z)"
    case .dac(let number, let value): "dac \(number) \(value)"
    case .voltage(let name, let voltage): "volts \(name) \(voltage)"
    case .interruptEntry(let source): "interrupt \(source) entry"
    case .interruptExit(let source): "interrupt \(source) exit"
    case .interruptMissed(let source): "interrupt \(source) missed"
    case .uartSent(let number, let value): "uart \(number) tx \(hexadecimal(value))"
    case .uartReceived(let number, let value): "uart \(number) rx \(hexadecimal(value))"
    case .uartLost(let number, let value): "uart \(number) overrun \(hexadecimal(value))"
    }
  }

  private func hexadecimal(_ value: UInt16) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, 2 - digits.count)) + digits
  }
}
