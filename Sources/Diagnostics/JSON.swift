/// A value as JSON writes it.
package indirect enum JSON: Sendable {
  case null
  case flag(Bool)
  case integer(Int)
  /// Numbers that are not finite are written as `null`.
  case real(Double)
  case text(String)
  case list([JSON])
  /// In this order.
  case object([(String, JSON)])

  /// On one line without spaces.
  package var line: String {
    switch self {
    case .list(let items): "[" + items.map(\.line).joined(separator: ",") + "]"
    case .object(let fields):
      "{" + fields.map { "\($0.0.jsonString):\($0.1.line)" }.joined(separator: ",") + "}"
    default: plainText
    }
  }

  /// For people: what does not fit one line of 110 columns on several, with indents of two.
  /// - Parameter indent: columns in front of it.
  package func lines(indent: Int = 0) -> String {
    let texts: [String]
    let brackets: (String, String)
    switch self {
    case .list(let items):
      texts = items.map { $0.lines(indent: indent + 2) }
      brackets = ("[", "]")
    case .object(let fields):
      texts = fields.map { "\($0.0.jsonString): \($0.1.lines(indent: indent + 2))" }
      brackets = ("{", "}")
    default: return plainText
    }
    let line = brackets.0 + texts.joined(separator: ", ") + brackets.1
    if texts.isEmpty || line.count + indent < 110 && !line.contains("\n") { return line }
    let outer = String(repeating: " ", count: indent)
    let body = texts.map { outer + "  " + $0 }.joined(separator: ",\n")
    return "\(brackets.0)\n\(body)\n\(outer)\(brackets.1)"
  }

  /// Of what is neither a list nor an object.
  private var plainText: String {
    switch self {
    case .flag(let flag): flag ? "true" : "false"
    case .integer(let number): "\(number)"
    case .real(let number) where number.isFinite: "\(number)"
    case .text(let text): text.jsonString
    case .null, .real, .list, .object: "null"
    }
  }
}
