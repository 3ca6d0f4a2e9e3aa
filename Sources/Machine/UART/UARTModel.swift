/// The hardware of a UART together with MicroPython's driver for it, which decide how it behaves.
public enum UARTModel: Sendable, Hashable {
  /// The UART of an STM32 (ports/stm32/uart.c): a write waits until the last bit is out, one character waits
  /// in hardware.
  case stm32
  /// ARM's PL011, as in an RP2040 (ports/rp2/machine_uart.c): a write returns when the rest fits into the transmit
  /// buffer, 32 characters each way wait in hardware.
  case pl011

  /// Characters of data that a frame may have without parity.
  var dataBits: ClosedRange<Int> { self == .stm32 ? 7...9 : 5...8 }

  /// How many characters hardware keeps in each direction, behind the driver's buffers.
  var hardwareBuffer: Int { self == .stm32 ? 1 : 32 }

  /// Milliseconds that the driver waits at least for a further byte.
  func shortestTimeoutBetweenBytes(baudRate: Int) -> Int64 {
    Int64(13000 / max(1, baudRate) + (self == .stm32 ? 2 : 1))
  }

  /// Returns the bit time that the divider makes of a baud rate.
  /// - Parameter clock: of the bus, Hz. The PL011 divides it in steps of a sixty-fourth of 16.
  func bitTime(baudRate: Int, clock: Int) -> BitTime {
    switch self {
    case .stm32: BitTime(baudRate: baudRate, clock: clock, dividers: 16...0xFFFF)
    case .pl011: BitTime(baudRate: baudRate, clock: 4 * clock, dividers: 64...0x3F_FFC0)
    }
  }

  /// Returns the pull of a pin after the driver has taken it.
  func pull(before: Pull) -> Pull { self == .stm32 ? .up : before }

  /// Bits of silence after which the line counts as idle.
  func idleBits(format: SerialFormat) -> Int { self == .stm32 ? format.bitCount : 32 }
}
