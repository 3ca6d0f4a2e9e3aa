extension BoardDescription {
  /// Every board has one.
  public struct Random: PartDescription, Hashable {
    public static let title = "Random numbers"

    public var partName: String { "rng" }

    public static func read(_ file: BoardFile) throws(BoardFileError) -> [Self] { [Self()] }

    public func makePart(_ context: PartContext) throws(BoardError) -> (any Part)? {
      HardwareRandom(seed: context.seed)
    }
  }
}

extension HardwareRandom: Part {
  public var name: String { "rng" }

  public var controls: [Control] {
    [
      Control("seed", .integer(0...Int.max), example: "7") { [self] value, _ in
        if case .integer(let seed) = value { start(from: UInt64(seed)) }
      }
    ]
  }
}

extension Board {
  public var random: HardwareRandom { theOnly(HardwareRandom.self) }
}
