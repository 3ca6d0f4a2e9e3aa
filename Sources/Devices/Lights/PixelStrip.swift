import Machine
import Timebase

/// A strip of WS2812 lights ("NeoPixel"): bits by the length of a pulse, 24 for each light.
///
/// Worldsemi's data sheet of the WS2812B: a 0 is high for 0.4 µs, a 1 for 0.8 µs, each ±150 ns; a low of 50 µs shows what was sent. Green comes first.
public final class PixelStrip: NetListener, PictureDevice {
  public static let kind = DeviceKind(
    "ws2812", title: "strip of RGB lights with one line (NeoPixel)", source: "Worldsemi, WS2812B data sheet",
    pins: [
      DeviceKind.Pin("din"), DeviceKind.Pin("dout", isOptional: true), .power(aliases: ["vdd", "5v"]),
      .ground(aliases: ["vss"]),
    ],
    keys: [DeviceKind.Key("pixels", .integer(1...4096), standard: .integer(8))])

  private static let middle = Interval.nanoseconds(600)
  private static let reset = Interval.microseconds(50)

  public let site: DeviceSite

  private let count: Int
  private let observers = SignalObservers()
  private var listening: NetListening?
  private var rose: Instant?
  private var bits = 0
  private var word: UInt32 = 0
  private var incoming: [UInt32] = []
  /// Colour of each light, as 0xRRGGBB.
  public private(set) var colours: [UInt32]
  private var lastFall = Instant.powerOn
  private var isExpectingReset = false

  public init(_ site: DeviceSite) {
    self.site = site
    count = site.integer("pixels")
    colours = [UInt32](repeating: 0, count: count)
    listening = site.pin("din").net.listen(self)
  }

  /// `#rrggbb` for each light.
  public var signals: [Signal] {
    [Signal("colours", .text, read: { [self] in .text(text) }, watch: { [self] in observers.add($0) })]
  }

  public var picture: Picture? { LightPicture.picture(of: colours) }

  private var text: String {
    colours.map { "#" + String(0x100_0000 | $0, radix: 16).dropFirst() }.joined(separator: " ")
  }

  public func netChanged(_ edge: Net.Edge) {
    if edge.level == .high {
      if edge.time - lastFall >= Self.reset { begin() }
      rose = edge.time
      return
    }
    guard let rose else { return }
    self.rose = nil
    lastFall = edge.time
    take(edge.time - rose >= Self.middle)
    expectReset()
  }

  private func begin() {
    bits = 0
    word = 0
    incoming.removeAll(keepingCapacity: true)
  }

  private func take(_ bit: Bool) {
    guard incoming.count < count else { return }
    word = word << 1 | (bit ? 1 : 0)
    bits += 1
    guard bits == 24 else { return }
    // Green, red, blue.
    incoming.append((word >> 8 & 0xFF) << 16 | (word >> 16 & 0xFF) << 8 | word & 0xFF)
    bits = 0
    word = 0
  }

  /// One event stands for all edges of a transfer: when it comes too early it waits on.
  private func expectReset() {
    guard !isExpectingReset else { return }
    isExpectingReset = true
    site.at(lastFall + Self.reset) { [weak self] in
      guard let self else { return }
      isExpectingReset = false
      // A pulse that goes on is followed by a fall, which expects the reset again.
      if rose != nil { return }
      if site.now - lastFall < Self.reset { return expectReset() }
      show()
    }
  }

  private func show() {
    var new = colours
    for (index, colour) in incoming.enumerated() { new[index] = colour }
    begin()
    guard new != colours, site.isPowered else { return }
    colours = new
    observers.tell(.text(text), at: lastFall + Self.reset)
  }
}
