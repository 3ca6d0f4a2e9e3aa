import Timebase

/// An SPI controller made of three ordinary pins, moved by firmware bit by bit (drivers/bus/softspi.c).
public final class SoftSPI {
  public let sckPin: Pin
  public let mosiPin: Pin
  public let misoPin: Pin
  public let settings: SPISettings
  /// Microseconds.
  private let halfPeriod: Int
  private let format: SPIFormat
  private let clock: Clock

  /// Makes clock and data outputs and the third pin an input.
  /// - Parameter settings: with words of eight bits; half a period is a whole number of microseconds, rounded up.
  public init(
    _ settings: SPISettings, sck: Pin, mosi: Pin, miso: Pin, board: Board, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.settings = settings
    sckPin = sck
    mosiPin = mosi
    misoPin = miso
    let baudRate = max(1, settings.baudRate)
    halfPeriod = max(1, (500_000 + baudRate - 1) / baudRate)
    format = SPIFormat(settings)
    clock = board.clock
    sck.configure(.outputPushPull, level: idle, file: file, line: line)
    mosi.configure(.outputPushPull, file: file, line: line)
    miso.configure(.input, pull: miso.pull, file: file, line: line)
  }

  /// Bits a second.
  public var baudRate: Int { 500_000 / halfPeriod }

  private var idle: Level { settings.polarity == 0 ? .low : .high }

  /// Sends bytes and reads as many at the same time.
  /// - Returns: the bytes read; fewer when the power went.
  public func transfer(_ bytes: [UInt8]) -> [UInt8] {
    var heard: [Bool] = []
    for bit in format.bits(of: bytes) {
      mosiPin.level = bit ? .high : .low
      if settings.phase != 0 { sckPin.level = idle.opposite }
      guard wait() else { return format.bytes(of: heard) }
      if settings.phase == 0 { sckPin.level = idle.opposite }
      heard.append(misoPin.level == .high)
      if settings.phase != 0 { sckPin.level = idle }
      guard wait() else { return format.bytes(of: heard) }
      if settings.phase == 0 { sckPin.level = idle }
    }
    return format.bytes(of: heard)
  }

  private func wait() -> Bool { clock.busy(for: .microseconds(Int64(halfPeriod))) }
}
