/// Source of a frozen module, in which a line `# line N` gives the line behind it the number N: tracebacks show the
/// numbers that a board shows, and the source needs no gaps for that.
struct FrozenSource {
  let bytes: [UInt8]

  /// - Precondition: numbers rise.
  init(marked source: [UInt8]) {
    let marker = Array("# line ".utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(source.count + 256)
    var line = 1
    for text in source.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let code = text.drop { $0 == UInt8(ascii: " ") }
      if code.starts(with: marker),
        let number = Int(String(decoding: code.dropFirst(marker.count), as: UTF8.self))
      {
        precondition(number >= line, "frozen source has come to line \(line) where line \(number) should be")
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "\n"), count: number - line))
        line = number
        continue
      }
      bytes.append(contentsOf: text)
      bytes.append(UInt8(ascii: "\n"))
      line += 1
    }
    self.bytes = bytes
  }
}
