import Diagnostics

/// A value as JSON writes it.
indirect enum JSONText {
  case null
  case bool(Bool)
  case number(Double)
  case integer(Int64)
  case string(String)
  case list([JSONText])
  case object([(String, JSONText)])

  /// On one line.
  var text: String {
    switch self {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .number(let number): number.isFinite ? "\(number)" : "null"
    case .integer(let number): "\(number)"
    case .string(let text): text.jsonString
    case .list(let items): "[" + items.map(\.text).joined(separator: ",") + "]"
    case .object(let fields):
      "{" + fields.map { "\($0.0.jsonString):\($0.1.text)" }.joined(separator: ",") + "}"
    }
  }
}
