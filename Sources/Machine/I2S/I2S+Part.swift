import Diagnostics

extension BoardDescription {
  public struct I2S: PartDescription, Hashable {
    /// Also that of the SPI whose pins it shares.
    public var number: Int

    public static let keys = ["i2ss"]
    public static let title = "I2S buses"

    public static func read(_ file: BoardFile) throws(BoardFileError) -> [Self] {
      var buses: [Self] = []
      for (number, section) in try file.section("i2ss").numberedSections() {
        try section.allow("spi")
        _ = try section.integer("spi", in: number...number)
        buses.append(Self(number: number))
      }
      return buses
    }

    public var partName: String { "i2s\(number)" }
    public var facts: [String] { ["pins of SPI \(number)"] }

    public func makePart(_ context: PartContext) throws(BoardError) -> (any Part)? {
      Machine.I2S(number: number, context: context)
    }
  }
}

extension I2S: NumberedPart {
  public static let kindName = "I2S"
  public static let pluralName = "I2S buses"

  public var name: String { "i2s\(number)" }

  public var signals: [Signal] {
    [
      Signal(
        "sent", .bytes, isMomentary: true, read: { .bytes([]) }, watch: { [self] in sentSamples.add($0) }),
      Signal(
        "received", .bytes, isMomentary: true, read: { .bytes([]) },
        watch: { [self] in receivedSamples.add($0) }),
    ]
  }

  public func reset(_ kind: ResetKind) {
    stop()
    halfDone = nil
  }
}

extension Board {
  /// By number.
  public var i2ss: [Int: I2S] { numbered(I2S.self) }
}

extension TraceEntry {
  /// - Parameter digits: of a word.
  static func i2s(_ number: Int, _ verb: String, _ words: [UInt32], digits: Int) -> TraceEntry {
    let text = words.map { ($0 >> UInt32(32 - 4 * digits)).hexadecimal(digits: digits) }.joined(
      separator: " ")
    return TraceEntry("i2s \(number) \(verb) \(text)")
  }
}
