import Timebase

/// An I2C controller made of two ordinary pins, moved by firmware bit by bit (extmod/machine_i2c.c).
public final class SoftI2C {
  public let sclPin: Pin
  public let sdaPin: Pin
  /// Bits a second: half a period is a whole number of microseconds, at least one.
  public var frequency: Int { 500_000 / halfPeriod }

  private let halfPeriod: Int
  private let wire: I2CBitWire
  private let context: PartContext

  /// Makes both pins open-drain outputs and ends any transfer on the bus with a stop condition.
  /// - Parameters:
  ///   - frequency: Hz.
  ///   - timeout: how long a target may hold the clock low.
  public init(
    scl: Pin, sda: Pin, frequency: Int, timeout: Interval = .milliseconds(50), board: Board,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    sclPin = scl
    sdaPin = sda
    context = board.context
    halfPeriod = max(1, 500_000 / max(1, frequency))
    for pin in [scl, sda] {
      pin.configure(.outputOpenDrain, pull: pin.pull, level: .high, file: file, line: line)
    }
    wire = I2CBitWire(
      scl: PinLine(scl), sda: PinLine(sda), timing: I2CTiming(halfPeriod: halfPeriod), timeout: timeout,
      seesArbitration: false, clock: board.clock)
    do throws(I2CError) { try wire.stop() } catch {}
  }

  /// A start condition alone.
  public func start() throws(I2CError) { try wire.start() }

  /// A stop condition alone.
  public func stop() throws(I2CError) { try wire.stop() }

  /// Writes bytes without start and stop conditions, up to the first that is not acknowledged.
  /// - Returns: how many were.
  public func write(_ bytes: [UInt8]) throws(I2CError) -> Int { try wire.write(bytes) }

  /// Reads bytes without start and stop conditions.
  /// - Parameter refusesLast: whether the last one is not acknowledged, which ends the transfer for the target.
  public func read(count: Int, refusesLast: Bool = true) throws(I2CError) -> [UInt8] {
    try wire.read(count: count, refusesLast: refusesLast)
  }

  /// Writes bytes to a target.
  /// - Returns: how many were acknowledged.
  @discardableResult
  public func write(to address: Int, _ bytes: [UInt8], stop: Bool = true) throws(I2CError) -> Int {
    try begin(address, isRead: false)
    let count = try write(bytes)
    if stop { try wire.stop() }
    return count
  }

  /// Reads bytes from a target.
  public func read(from address: Int, count: Int, stop: Bool = true) throws(I2CError) -> [UInt8] {
    try begin(address, isRead: true)
    let bytes = try read(count: count)
    if stop { try wire.stop() }
    return bytes
  }

  private func begin(_ address: Int, isRead: Bool) throws(I2CError) {
    let isAcknowledged: Bool
    do throws(I2CError) { isAcknowledged = try wire.select(address, isRead: isRead) } catch {
      if case .timeout = error { tellMissingPulls() }
      throw error
    }
    guard isAcknowledged else {
      do throws(I2CError) { try wire.stop() } catch {}
      context.silentDevice = SilentDevice(i2cAddress: address, scl: sclPin, sda: sdaPin)
      throw .noAcknowledge(address: address & 0x7f)
    }
    context.silentDevice = nil
  }

  private func tellMissingPulls() {
    context.reportMissingPulls([sclPin, sdaPin], by: "SoftI2C", "its clock looks held low for ever") { pin in
      "add resistors to the supply (--pull \(pin.name):up), or wire a device that has them"
    }
  }
}

extension PartContext {
  /// Reports lines of a bus that nothing pulls up.
  /// - Parameters:
  ///   - controller: as firmware calls it.
  ///   - outcome: what that looks like.
  func reportMissingPulls(
    _ lines: [Pin], by controller: String, _ outcome: String, advice: (Pin) -> String
  ) {
    for pin in lines where pin.net.state == .floating {
      reporter.reportOnce(
        .i2cNoPullUp, "nothing pulls \(pin.name) up, which \(controller) can only pull down: \(outcome)",
        advice: advice(pin))
    }
  }
}

extension SilentDevice {
  init(i2cAddress address: Int, scl: Pin, sda: Pin) {
    self.init("I2C address 0x\((address & 0x7f).hexadecimal(digits: 2))", pins: [scl.name, sda.name])
  }
}

/// A pin that is an open-drain output.
private final class PinLine: I2CLine {
  private let pin: Pin

  init(_ pin: Pin) { self.pin = pin }

  func pullLow() { pin.level = .low }
  func release() { pin.level = .high }
  var isHigh: Bool { pin.level == .high }
}
