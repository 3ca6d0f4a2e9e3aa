/// A board file as a kind of part reads it: its own keys, and the file's entries for the processor and its
/// pins.
public struct BoardFile {
  /// The whole file.
  public let top: BoardFileSection
  public let identity: BoardDescription.Identity
  public let processor: BoardDescription.Processor
  /// In the order of the file.
  public let pins: [BoardDescription.PinName]
  /// By the processor's name for the pin.
  public let functions: [String: [PinFunction]]

  private let knownPins: Set<String>

  init(
    top: BoardFileSection, identity: BoardDescription.Identity, processor: BoardDescription.Processor,
    pins: [BoardDescription.PinName], functions: [String: [PinFunction]]
  ) {
    self.top = top
    self.identity = identity
    self.processor = processor
    self.pins = pins
    self.functions = functions
    knownPins = Set(pins.map(\.name)).union(pins.map(\.cpuName))
  }

  /// The section under a key at the top of the file; an empty one when it is not there.
  public func section(_ key: String) throws(BoardFileError) -> BoardFileSection { try top.section(key) }

  /// The pin that a key of a section names.
  public func pin(_ key: String, in section: BoardFileSection) throws(BoardFileError) -> String {
    let name = try section.text(key)
    guard knownPins.contains(name) else {
      let summary = PinNameSummary(pins.map(\.name))
      throw section.error("pin \"\(name)\" is not on this board (\(summary))", at: key)
    }
    return name
  }

  /// The pin that a key of a section names, to which one of a peripheral's signals must be connectable: `UART4_TX`. Boards whose files do
  /// not say what their pins can do take any.
  public func pin(
    _ key: String, in section: BoardFileSection, carrying signals: String...
  ) throws(BoardFileError) -> String {
    let name = try pin(key, in: section)
    func carries(_ cpuName: String) -> Bool {
      functions[cpuName]?.contains { signals.contains($0.signal) } ?? false
    }
    guard !functions.isEmpty, !carries(cpuName(of: name)) else { return name }
    let able = pins.filter { carries($0.cpuName) }.map(\.name).joined(separator: ", ")
    throw section.error(
      "\"\(key)\" cannot be \(name), which does not carry \(signals.joined(separator: " or ")) "
        + (able.isEmpty ? "(no pin does)" : "(\(able))"),
      at: key)
  }

  /// The processor's name for a pin of the board.
  func cpuName(of name: String) -> String { pins.first { $0.name == name }?.cpuName ?? name }

  public func optionalPin(_ key: String, in section: BoardFileSection) throws(BoardFileError) -> String? {
    section.has(key) ? try pin(key, in: section) : nil
  }

  /// The board's first name for a pin of the processor, or the processor's when the board has none.
  public func name(ofPin cpuName: String) -> String {
    pins.first { $0.cpuName == cpuName }?.name ?? cpuName
  }

  /// The bus that the key `bus` of a section names.
  public func bus(in section: BoardFileSection) throws(BoardFileError) -> BoardDescription.Bus {
    try section.choice(
      "bus",
      [
        "apb1": BoardDescription.Bus(name: "apb1", clock: processor.apb1),
        "apb2": BoardDescription.Bus(name: "apb2", clock: processor.apb2),
        "peripheral": BoardDescription.Bus(name: "peripheral", clock: processor.peripheral),
      ])
  }
}
