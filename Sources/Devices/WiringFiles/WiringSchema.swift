import Diagnostics
import Machine

/// A JSON Schema (2020-12) of wiring files, made of the registry, so that editors complete and check them.
public enum WiringSchema {
  /// The whole schema as text.
  public static func text(of kinds: DeviceRegistry) throws(WiringError) -> String {
    let end = JSON.object([
      ("type", .text("string")), ("description", .text("a pin, NAME.PIN, 3V3, 5V or GND")),
    ])
    let wire = JSON.object([
      (
        "anyOf",
        .list([
          .object([("type", .text("string")), ("pattern", .text("^[^-]+-[^-]+$"))]),
          .object([
            ("type", .text("array")), ("items", end), ("minItems", .integer(2)), ("maxItems", .integer(2)),
          ]),
        ])
      )
    ])
    let path = JSON.object([("type", .text("string"))])
    let wiring: [(String, JSON)] = [
      ("wires", .object([("type", .text("array")), ("items", wire)])),
      (
        "pulls",
        .object([
          ("type", .text("object")),
          (
            "additionalProperties",
            .object([("type", .text("string")), ("pattern", .text("^(up|down)( [0-9.]+[kKM]?)?$"))])
          ),
        ])
      ),
      (
        "devices",
        .object([
          ("type", .text("object")),
          ("additionalProperties", .object([("$ref", .text("#/$defs/device"))])),
        ])
      ),
      (
        "at",
        .object([
          ("type", .text("array")),
          ("items", .object([("type", .list([.text("string"), .text("object")]))])),
        ])
      ),
    ]
    let board: [(String, JSON)] = [("board", path), ("firmware", path), ("flash", path)] + wiring
    let boards = JSON.object([
      ("type", .text("object")), ("minProperties", .integer(1)),
      ("propertyNames", .object([("pattern", .text("^[0-9A-Za-z_]+$"))])),
      ("additionalProperties", exactly(board)),
    ])
    let schema = JSON.object([
      ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
      ("title", .text("Wiring file of VirtualPyboard")),
      ("type", .text("object")),
      // Several boards with wires between them, or one board.
      ("if", .object([("required", .list([.text("boards")]))])),
      ("then", exactly([("boards", boards)] + wiring)), ("else", exactly(board)),
      ("$defs", .object([("device", try device(kinds))])),
    ])
    return schema.lines() + "\n"
  }

  /// An object with these keys and no others.
  private static func exactly(_ properties: [(String, JSON)]) -> JSON {
    .object([
      ("type", .text("object")), ("additionalProperties", .flag(false)), ("properties", .object(properties)),
    ])
  }

  /// A device: its kind first, and what this kind has by it, so that an error names the key that is wrong.
  private static func device(_ kinds: DeviceRegistry) throws(WiringError) -> JSON {
    var rules: [JSON] = []
    for type in kinds.types {
      let kind = JSON.object([("kind", .object([("const", .text(type.kind.name))]))])
      rules.append(
        .object([
          ("if", .object([("properties", kind), ("required", .list([.text("kind")]))])),
          ("then", try device(type.kind.name, kinds)),
        ]))
    }
    // A device in Python has the pins and keys that its file says.
    let kind = JSON.object([
      ("description", .text("what it is, or the file of a device in Python")),
      (
        "anyOf",
        .list([
          .object([("enum", .list(kinds.types.map { .text($0.kind.name) }))]),
          .object([("type", .text("string")), ("pattern", .text("\\.py$"))]),
        ])
      ),
    ])
    return .object([
      ("type", .text("object")), ("required", .list([.text("kind")])),
      ("properties", .object([("kind", kind)])), ("allOf", .list(rules)),
    ])
  }

  private static func device(_ name: String, _ kinds: DeviceRegistry) throws(WiringError) -> JSON {
    let (board, device) = try DeviceSummary.sample(name, kinds)
    defer { withExtendedLifetime(board) {} }
    let kind = device.site.kind
    var properties: [(String, JSON)] = [("kind", .flag(true))]
    for name in kind.pins.flatMap({ [$0.name] + $0.aliases })
    where !properties.contains(where: { $0.0 == name }) {
      properties.append((name, .object([("type", .text("string"))])))
    }
    for key in kind.keys {
      let form = key.choices.isEmpty ? values(key.form) : [("enum", JSON.list(choices(key.choices)))]
      properties.append((key.name, .object(form + [("description", .text(key.summary))])))
    }
    for control in device.allControls where !properties.contains(where: { $0.0 == control.name }) {
      let form =
        !control.choices.isEmpty
        ? [("enum", JSON.list(choices(control.choices)))]
        : control.durationName == nil ? values(control.form) : []
      properties.append((control.name, .object(form + [("description", .text(control.summary))])))
    }
    return .object([
      ("title", .text(kind.title)), ("properties", .object(properties)),
      ("additionalProperties", .flag(false)),
    ])
  }

  /// Words, and numbers also as numbers.
  private static func choices(_ words: [String]) -> [JSON] {
    words.compactMap { Int($0).map { .integer($0) } } + words.map { .text($0) }
  }

  /// Returns the schema of a value: numbers may also be written as texts.
  private static func values(_ form: ValueForm) -> [(String, JSON)] {
    switch form {
    case .flag: [("enum", .list([.integer(0), .integer(1), .text("0"), .text("1")]))]
    case .integer(let range):
      [
        ("type", .list([.text("integer"), .text("string")])), ("minimum", .integer(range.lowerBound)),
        ("maximum", .integer(range.upperBound)), ("pattern", .text("^[-+]?(0x[0-9A-Fa-f]+|[0-9]+)$")),
      ]
    case .real(let range):
      [
        ("type", .list([.text("number"), .text("string")])), ("minimum", number(range.lowerBound)),
        ("maximum", number(range.upperBound)), ("pattern", .text("^[-+]?[0-9.]+([eE][-+]?[0-9]+)?$")),
      ]
    default: []
    }
  }

  private static func number(_ value: Double) -> JSON {
    Int(exactly: value).map { .integer($0) } ?? .real(value)
  }
}
