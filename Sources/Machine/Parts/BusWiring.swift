/// The wiring of a bus that firmware cannot use yet.
private func readWiring(
  _ file: BoardFile, _ key: String, signals: [String]
) throws(BoardFileError) -> [(number: Int, wiring: BoardDescription.BusWiring)] {
  var wirings: [(number: Int, wiring: BoardDescription.BusWiring)] = []
  for (number, section) in try file.section(key).numberedSections() {
    try section.allow(["name"] + signals)
    var wiring = BoardDescription.BusWiring(name: try section.optionalText("name"), pins: [:])
    for signal in signals where section.has(signal) {
      wiring.pins[signal] = try file.pin(signal, in: section)
    }
    wirings.append((number, wiring))
  }
  return wirings
}

extension BoardDescription {
  public struct BusWiring: Sendable, Hashable {
    /// The connector's name that firmware may use instead of the number: `X`.
    public var name: String?
    /// Pins by signal: `scl`, `sda`, `sck`.
    public var pins: [String: String]

    fileprivate var facts: [String] {
      let pins = pins.sorted { $0.key < $1.key }.map { "\($0.key.uppercased()) \($0.value)" }
      return [name ?? "", pins.joined(separator: "  ")]
    }
  }

  public struct SPI: PartDescription, Hashable {
    public var number: Int
    public var wiring: BusWiring

    public static let keys = ["spis"]
    public static let title = "SPI buses"

    public static func read(_ file: BoardFile) throws(BoardFileError) -> [Self] {
      try readWiring(file, "spis", signals: ["nss", "sck", "miso", "mosi"])
        .map { Self(number: $0.number, wiring: $0.wiring) }
    }

    public var partName: String { "spi\(number)" }
    public var facts: [String] { wiring.facts }
    public func makePart(_ context: PartContext) throws(BoardError) -> (any Part)? { nil }
  }

  /// By number.
  public var spis: [Int: BusWiring] { Dictionary(parts(of: SPI.self).map { ($0.number, $0.wiring) }) { $1 } }
}
