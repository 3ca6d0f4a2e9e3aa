/// Names of pins or lines for a message, runs of them shortened: `X1–X12, X17–X22, SW`.
public struct PinNameSummary: CustomStringConvertible {
  public let description: String

  public init(_ names: [String]) {
    var parts: [String] = []
    var run: (prefix: Substring, first: Int, last: Int)?
    func finishRun() {
      guard let run else { return }
      let first = "\(run.prefix)\(run.first)"
      parts.append(run.first == run.last ? first : "\(first)–\(run.prefix)\(run.last)")
    }
    for name in names {
      let digits = name.reversed().prefix { $0.isNumber }.count
      let prefix = name.dropLast(digits)
      guard let number = Int(name.suffix(digits)) else {
        finishRun()
        run = nil
        parts.append(name)
        continue
      }
      if let current = run, current.prefix == prefix, number == current.last + 1 {
        run?.last = number
      } else {
        finishRun()
        run = (prefix, number, number)
      }
    }
    finishRun()
    description = parts.joined(separator: ", ")
  }
}
