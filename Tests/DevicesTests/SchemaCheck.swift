import Foundation
import YAML

/// As much of a JSON Schema validator (2020-12) as the schema of wiring files needs.
struct SchemaCheck {
  /// - Parameter schema: as `JSONSerialization` reads it.
  /// - Returns: what is wrong, with its line; empty when nothing is.
  static func problems(of node: YAMLNode, _ schema: [String: Any]) -> [String] {
    problems(of: node, schema, definitions: schema["$defs"] as? [String: [String: Any]] ?? [:])
  }

  private static func problems(
    of node: YAMLNode, _ schema: [String: Any], definitions: [String: [String: Any]]
  ) -> [String] {
    func problemsOf(_ node: YAMLNode, _ rule: [String: Any]) -> [String] {
      Self.problems(of: node, rule, definitions: definitions)
    }
    var problems: [String] = []
    func fail(_ message: String) { problems.append("\(node.line ?? 0): \(message)") }
    for (keyword, rule) in schema {
      switch (keyword, rule) {
      case ("$schema", _), ("$defs", _), ("title", _), ("description", _), ("then", _), ("else", _): break
      case ("if", let condition as [String: Any]):
        let branch = schema[problemsOf(node, condition).isEmpty ? "then" : "else"]
        if let rule = branch as? [String: Any] { problems += problemsOf(node, rule) }
      case ("allOf", let rules as [[String: Any]]): for rule in rules { problems += problemsOf(node, rule) }
      case ("$ref", let path as String):
        let name = String(path.trimmingPrefix("#/$defs/"))
        if let rule = definitions[name] { problems += problemsOf(node, rule) } else { fail("no \(path)") }
      case ("type", let type as String): if !Self.is(node, type) { fail("is no \(type)") }
      case ("type", let types as [String]):
        if !types.contains(where: { Self.is(node, $0) }) { fail("is none of \(types)") }
      case ("const", let value): if node.text != "\(value)" { fail("is not \(value)") }
      case ("enum", let values as [Any]):
        if !values.contains(where: { "\($0)" == node.text }) { fail("is none of \(values)") }
      case ("pattern", let pattern as String):
        if let text = node.text, text.range(of: pattern, options: .regularExpression) == nil {
          fail("is not like \(pattern)")
        }
      case ("minimum", let low as NSNumber):
        if let number = number(node), number < low.doubleValue { fail("is below \(low)") }
      case ("maximum", let high as NSNumber):
        if let number = number(node), number > high.doubleValue { fail("is above \(high)") }
      case ("minItems", let count as Int):
        if let items = node.items, items.count < count { fail("has too few items") }
      case ("maxItems", let count as Int):
        if let items = node.items, items.count > count { fail("has too many items") }
      case ("minProperties", let count as Int):
        if let entries = node.entries, entries.count < count { fail("has too few keys") }
      case ("propertyNames", let rule as [String: Any]):
        for (key, _) in node.entries ?? [] { problems += problemsOf(key, rule) }
      case ("items", let rule as [String: Any]):
        for item in node.items ?? [] { problems += problemsOf(item, rule) }
      case ("properties", let rules as [String: Any]):
        for (key, value) in node.entries ?? [] {
          if let rule = rules[key.text ?? ""] as? [String: Any] { problems += problemsOf(value, rule) }
        }
      case ("additionalProperties", let rule):
        let known = (schema["properties"] as? [String: Any] ?? [:]).keys
        for (key, value) in node.entries ?? [] where !known.contains(key.text ?? "") {
          if let rule = rule as? [String: Any] {
            problems += problemsOf(value, rule)
          } else if rule as? Bool == false {
            fail("has no \(key.text ?? "")")
          }
        }
      case ("required", let keys as [String]):
        let present = (node.entries ?? []).map { $0.key.text ?? "" }
        for key in keys where !present.contains(key) { fail("lacks \(key)") }
      case ("anyOf", let rules as [[String: Any]]):
        if !rules.contains(where: { problemsOf(node, $0).isEmpty }) {
          fail("is nothing of what it may be")
        }
      default: fail("the schema has \(keyword), which this check does not know")
      }
    }
    return problems
  }

  private static func `is`(_ node: YAMLNode, _ type: String) -> Bool {
    switch type {
    case "object": node.entries != nil
    case "array": node.items != nil
    case "string": node.text != nil
    case "number": number(node) != nil
    case "integer": number(node).map { $0.rounded() == $0 } ?? false
    default: false
    }
  }

  private static func number(_ node: YAMLNode) -> Double? { node.text.flatMap(Double.init) }
}
