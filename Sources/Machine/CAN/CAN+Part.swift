extension BoardDescription {
  public struct CAN: PartDescription, Hashable {
    public var number: Int
    /// The connector's name that firmware may use instead of the number: `YA`.
    public var name: String?
    public var tx: String
    public var rx: String
    public var bus: Bus

    public static let keys = ["cans"]
    public static let title = "CAN controllers"

    public static func read(_ file: BoardFile) throws(BoardFileError) -> [Self] {
      var controllers: [Self] = []
      for (number, section) in try file.section("cans").numberedSections() {
        try section.allow("name", "tx", "rx", "bus")
        controllers.append(
          Self(
            number: number, name: try section.optionalText("name"),
            tx: try file.pin("tx", in: section, carrying: "CAN\(number)_TX"),
            rx: try file.pin("rx", in: section, carrying: "CAN\(number)_RX"), bus: try file.bus(in: section)))
      }
      return controllers
    }

    public var partName: String { "can\(number)" }
    public var facts: [String] { [name ?? "", "TX \(tx)", "RX \(rx)"] }

    public func makePart(_ context: PartContext) throws(BoardError) -> (any Part)? {
      Machine.CAN(
        number: number, connector: name, tx: try context.pins[tx], rx: try context.pins[rx],
        bus: bus, context: context)
    }
  }
}

extension CAN: NumberedPart {
  public static let kindName = "CAN"
  public static let pluralName = "CAN controllers"

  public var name: String { "can\(number)" }

  public func reset(_ kind: ResetKind) { stop() }
}

extension Board {
  /// By number.
  public var cans: [Int: CAN] { numbered(CAN.self) }
}
