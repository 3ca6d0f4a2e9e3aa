/// All pins of a board, by every name they have.
public struct PinTable: Sequence {
  private let byName: [String: Pin]
  private let ordered: [Pin]
  /// The board's names in the order of the board file.
  public let boardNames: [String]

  init(_ pins: [Pin], boardNames: [String]) {
    ordered = pins
    self.boardNames = boardNames
    var table: [String: Pin] = [:]
    for pin in pins {
      table[pin.cpuName] = pin
      for name in pin.names { table[name] = pin }
    }
    byName = table
  }

  /// The pin with this board or processor name, if there is one.
  public func find(_ name: String) -> Pin? { byName[name] }

  /// The pin that a processor whose pins are only counted knows by this number: 17 is `GPIO17`.
  public func find(number: Int) -> Pin? { byName[CPUPinName.counted(number)] }

  /// The pin with this board or processor name.
  /// - Throws: `BoardError.noSuchPin`, which names the existing pins.
  public subscript(name: String) -> Pin {
    get throws(BoardError) {
      guard let pin = byName[name] else {
        throw .noSuchPin(name, available: PinNameSummary(boardNames).description)
      }
      return pin
    }
  }

  /// In the order of the board file; pins with several names once.
  public func makeIterator() -> IndexingIterator<[Pin]> { ordered.makeIterator() }
}
