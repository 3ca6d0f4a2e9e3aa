/// A control that a board does not have, or a value that a control does not take.
public enum ControlError: Error, Hashable, CustomStringConvertible {
  /// Not of the form `PART.CONTROL`.
  case malformed(String)
  /// - available: the names of parts that could have been meant.
  case noSuchPart(String, available: [String])
  case noSuchControl(String, part: String, available: [String])
  /// Neither a pin nor a signal.
  case noSuchTrigger(String, available: [String])
  case badValue(String, String, expected: String, example: String)
  /// A pin or switch that a person has to work on.
  case pinIsReal(String)

  public var description: String {
    switch self {
    case .malformed(let name): "\"\(name)\" is not a control (PART.CONTROL, as in USR.pressed)"
    case .noSuchPart(let name, let available):
      "no part \"\(name)\" on this board\(didYouMean(name, available)) (\(PinNameSummary(available)))"
    case .noSuchControl(let name, let part, let available):
      available.isEmpty
        ? "\(part) has no controls"
        : "\(part) has no control \"\(name)\"\(didYouMean(name, available)) (\(available.joined(separator: ", ")))"
    case .noSuchTrigger(let name, let available):
      "\(name) is neither a pin nor a signal\(didYouMean(name, available)) (pins as in X1; \(available.joined(separator: ", ")))"
    case .badValue(let name, let text, let expected, let example):
      "\(name) cannot be \"\(text)\": it takes \(expected), as in \(example)"
    case .pinIsReal(let name): "\(name) is a real line: what is wired to it drives it"
    }
  }
}

/// Returns a message's text behind a mistyped name: `, did you mean "USR"?`, or nothing where none is near.
package func didYouMean(_ name: String, _ available: some Sequence<String>) -> String {
  nearestName(to: name, among: available).map { ", did you mean \"\($0)\"?" } ?? ""
}

/// The name that a mistyped one was probably meant to be: the nearest that is at most two letters away.
/// - Returns: `nil` when none is near.
package func nearestName(to name: String, among names: some Sequence<String>) -> String? {
  let limit = min(2, name.count - 1)
  let near = names.map { (name: $0, distance: editDistance(name.lowercased(), $0.lowercased())) }
    .filter { $0.distance <= limit }
  return near.min { $0.distance < $1.distance }?.name
}

/// How many letters have to be put in, taken out, changed or swapped with their neighbour to make one word of the other.
private func editDistance(_ first: String, _ second: String) -> Int {
  let (a, b) = (Array(first), Array(second))
  var rows = [Array(0...b.count)]
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
      row.append(best)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
