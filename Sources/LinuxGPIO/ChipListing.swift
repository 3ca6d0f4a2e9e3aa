/// All chips and lines of this machine with their users, as `vpyboard gpio` shows them.
public struct ChipListing {
  public let text: String

  /// - Parameter chip: only this one; by label, name or device file.
  public init(library: any GPIOLibrary = Libgpiod(), chip: String? = nil) throws(GPIOError) {
    let search = ChipSearch(library: library)
    var lines: [String] = []
    if let chip {
      lines += Self.lines(of: try search.find(chip))
    } else {
      let (chips, failure) = try search.openAll()
      for chip in chips { lines += Self.lines(of: chip) }
      if chips.isEmpty, let failure { throw failure }
      if let failure { lines.append("\(failure)") }
    }
    text = lines.joined(separator: "\n")
  }

  private static func lines(of chip: any GPIOChip) -> [String] {
    var infos: [LineInfo?] = []
    for offset in 0..<chip.lineCount { infos.append(try? chip.info(offset)) }
    let width = infos.map { $0?.name.count ?? 0 }.max() ?? 0
    return ["\(ChipSearch.title(chip)) \(chip.lineCount) lines"]
      + infos.enumerated().map { offset, info in
        guard let info else { return "  \(offset): cannot be asked" }
        return "  " + padded("\(offset)", 3, atEnd: false) + "  "
          + padded(info.name.isEmpty ? "-" : info.name, width)
          + "  " + attributes(info)
      }
  }

  private static func attributes(_ info: LineInfo) -> String {
    var words = [info.isOutput ? "output" : "input "]
    if info.isActiveLow { words.append("active-low") }
    switch info.drive {
    case .pushPull: break
    case .openDrain: words.append("open-drain")
    case .openSource: words.append("open-source")
    }
    switch info.bias {
    case .unknown, .disabled: break
    case .pullUp: words.append("pull-up")
    case .pullDown: words.append("pull-down")
    }
    if info.isUsed {
      words.append("used by " + (info.consumer.isEmpty ? "the kernel" : "\"\(info.consumer)\""))
    }
    let text = words.joined(separator: "  ")
    return info.isUsed || words.count > 1 ? text : words[0].filter { $0 != " " }
  }

  private static func padded(_ text: String, _ width: Int, atEnd: Bool = true) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return atEnd ? text + space : space + text
  }
}
