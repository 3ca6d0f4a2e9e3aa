/// A pin of something that is wired to a board from outside: an electrical node of its own until a wire joins it to others.
public final class Terminal {
  /// Within its device: `data`, `scl`.
  public let name: String
  /// The device's driver for it; `room.data` in diagnostics.
  public let driver: NetDriver
  /// The electrical node that it is part of.
  public internal(set) var net: Net

  /// Whether what the device does at this pin reaches the wire: without power it does not.
  public var isDriven = true { didSet { connectDriver() } }
  /// The level that the wire is held at whatever the device does, as by a short circuit; `nil` for none.
  public var stuckLevel: Level? {
    didSet {
      guard stuckLevel != oldValue else { return }
      connectDriver()
      guard let stuckLevel else {
        if let short { short.net?.detach(short) }
        short = nil
        return
      }
      let short = self.short ?? NetDriver(name: "\(fullName), which is stuck,")
      self.short = short
      short.drive(stuckLevel)
      if short.net == nil { net.attach(short) }
    }
  }
  /// Called when the firmware writes to a pin on the net that is an input, which drives nothing.
  public var inputWasWritten: ((Pin) -> Void)?

  private let ownNet: Net
  private var short: NetDriver?

  /// - Parameter owner: the name of the device; empty for a supply of the board.
  public init(_ name: String, owner: String, context: PartContext) {
    self.name = name
    driver = NetDriver(name: owner.isEmpty ? name : "\(owner).\(name)")
    net = Net(context: context)
    ownNet = net
    net.add(self)
    net.attach(driver)
  }

  private func connectDriver() {
    let isConnected = isDriven && stuckLevel == nil
    guard isConnected != (driver.net != nil) else { return }
    if isConnected { net.attach(driver) } else { net.detach(driver) }
  }

  /// The device and the pin: `room.data`.
  public var fullName: String { driver.name }

  /// Whether a wire joins it to something else.
  public var isWired: Bool { net !== ownNet || net.endCount > 1 }

  /// The level that an input reads here now.
  public var level: Level { net.level }

  /// Drives a level with full strength. A caller outside of an event of `PartContext.after` and of a control
  /// polls interrupts.
  public func drive(_ level: Level) { driver.drive(level) }

  public func release() { driver.release() }

  /// Drives low, or lets go of what others pull high.
  public func driveOpenDrain(_ level: Level) {
    if level == .low { driver.drive(.low) } else { driver.release() }
  }

  /// A resistor to a supply, as modules have on their bus lines.
  public func pull(_ pull: Pull) { driver.hold(pull) }
}
