import Machine
import Timebase

/// An I2C device whose registers are read and written by number: the first byte that is written chooses one, each further byte
/// goes to the next, and reading goes on from there.
final class RegisterBus: I2CBehaviour {
  /// The register that the next byte is for.
  private(set) var pointer = 0
  /// Gives what a register holds.
  var provide: (Int) -> UInt8 = { _ in 0xFF }
  /// Takes a byte that is written to a register.
  var store: (Int, UInt8) -> Void = { _, _ in }
  /// Called when the controller addresses the device, before anything is read: values that belong together
  /// are taken at one instant.
  var latch: () -> Void = {}

  /// Whether written bytes come in pairs of a number and a value, rather than a number and values from there
  /// on.
  var takesPairs = false

  /// Called at the end of a transfer.
  var finish: () -> Void = {}

  private let count: Int
  private var hasPointer = false

  /// - Parameter count: registers; behind the last comes the first.
  init(count: Int = 256) { self.count = count }

  func begin(isRead: Bool) -> Bool {
    if !isRead { hasPointer = false }
    latch()
    return true
  }

  func end() { finish() }

  func write(_ byte: UInt8) -> Bool {
    guard hasPointer else {
      hasPointer = true
      pointer = Int(byte) % count
      return true
    }
    store(pointer, byte)
    if takesPairs { hasPointer = false } else { pointer = (pointer + 1) % count }
    return true
  }

  func read() -> UInt8 {
    defer { pointer = (pointer + 1) % count }
    return provide(pointer)
  }
}

/// Two decimal digits in a byte.
enum BCD {
  static func byte(of number: Int) -> UInt8 { UInt8((number / 10 % 10) << 4 | number % 10) }
  static func number(of byte: UInt8) -> Int { Int(byte >> 4) * 10 + Int(byte & 0x0F) }
}
