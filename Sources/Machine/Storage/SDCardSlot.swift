import Timebase

/// A store of blocks of 512 bytes: an SD card.
public protocol BlockStorage: AnyObject {
  static var blockSize: Int { get }
  var blockCount: Int { get }
  /// - Returns: 512 bytes; nil for a block that does not exist, or that cannot be read.
  func readBlock(_ block: Int) -> [UInt8]?
  /// - Parameter bytes: 512.
  /// - Returns: whether they were written.
  func writeBlock(_ block: Int, _ bytes: [UInt8]) -> Bool
}

extension BlockStorage {
  public static var blockSize: Int { 512 }
}

/// The socket for an SD card: a switch that a card closes, and the processor's SDIO, which reads and writes blocks.
public final class SDCardSlot {
  /// Reads low while a card is in the socket.
  public let detectPin: Pin
  /// The card in the socket, or the last one taken out of it.
  public private(set) var card: (any BlockStorage)?
  public private(set) var isInserted = false
  /// Whether the firmware has powered the card up.
  public private(set) var isOn = false

  private let context: PartContext
  private let contact: NetDriver
  private let blockTime: Interval
  let observers = SignalObservers()

  init(detectPin: Pin, context: PartContext) {
    self.detectPin = detectPin
    self.context = context
    blockTime = context.cost("sd-block")
    contact = NetDriver(name: "SD card")
    detectPin.configure(.input, pull: .up, at: nil)
    detectPin.net.attach(contact)
  }

  /// A person puts a card into the socket.
  public func insert(_ card: any BlockStorage) {
    self.card = card
    setInserted(true)
  }

  /// Takes the card out of the socket, or puts the one in that was there before.
  func setInserted(_ isInserted: Bool) {
    guard isInserted != self.isInserted, card != nil else { return }
    self.isInserted = isInserted
    isOn = false
    if isInserted { contact.drive(.low) } else { contact.release() }
    observers.tell(.flag(isInserted), at: context.clock.now)
    context.interrupts.poll()
  }

  /// Whether the firmware sees a card: the level of the switch's pin.
  public var isPresent: Bool { detectPin.level == .low }

  /// - Returns: false without a card.
  public func turnOn() -> Bool {
    guard isPresent, isInserted else { return false }
    isOn = true
    return true
  }

  public func turnOff() { isOn = false }

  /// Takes the time that the bus needs for it.
  /// - Returns: nil where nothing could be read.
  public func read(_ block: Int) -> [UInt8]? {
    guard isOn, let card else { return nil }
    context.clock.busy(for: blockTime)
    return card.readBlock(block)
  }

  public func write(_ block: Int, _ bytes: [UInt8]) -> Bool {
    guard isOn, let card else { return false }
    context.clock.busy(for: blockTime)
    return card.writeBlock(block, bytes)
  }
}

extension SDCardSlot: Part {
  public var name: String { "sd" }

  public var signals: [Signal] {
    [
      Signal(
        "inserted", .flag, read: { [self] in .flag(isInserted) }, watch: { [self] in observers.add($0) })
    ]
  }

  public var controls: [Control] {
    [
      Control("inserted", .flag, example: "1") { [self] value, _ in setInserted(value == .flag(true)) }
    ]
  }

  public func reset(_ kind: ResetKind) {
    guard kind == .hard else { return }
    isOn = false
    if !detectPin.isHostPin { detectPin.configure(.input, pull: .up, at: nil) }
  }
}

extension BoardDescription {
  public struct SDCard: PartDescription, Hashable {
    /// The pin of the switch that a card closes to ground.
    public var detect: String

    public static let keys = ["sd-card"]
    public static let title = "SD card"
    public static let costNames: Set<String> = ["sd-block"]

    public static func read(_ file: BoardFile) throws(BoardFileError) -> [Self] {
      guard file.top.has("sd-card") else { return [] }
      let section = try file.section("sd-card")
      try section.allow("detect")
      return [Self(detect: try file.pin("detect", in: section))]
    }

    public var partName: String { "sd" }
    public var facts: [String] { ["detect \(detect)"] }

    public func makePart(_ context: PartContext) throws(BoardError) -> (any Part)? {
      SDCardSlot(detectPin: try context.pins[detect], context: context)
    }
  }
}

extension Board {
  /// `nil` for a board without one.
  public var sdCardSlot: SDCardSlot? { parts(of: SDCardSlot.self).first }
}
