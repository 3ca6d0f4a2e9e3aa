/// The selection of `-k`: names, or parts of them, with `and`, `or`, `not` and parentheses.
public struct NameFilter: Sendable {
  private indirect enum Node: Sendable {
    case part(String)
    case not(Node)
    case and(Node, Node)
    case or(Node, Node)
  }

  private let root: Node
  private static let mostWords = 1000

  /// - Throws: for an expression that is none.
  public init(_ text: String) throws(NameFilterError) {
    var words: [String] = []
    var word = ""
    for character in text {
      if character.isWhitespace || character == "(" || character == ")" {
        if !word.isEmpty { words.append(word) }
        word = ""
        if !character.isWhitespace { words.append(String(character)) }
      } else {
        word.append(character)
      }
    }
    if !word.isEmpty { words.append(word) }
    // Parentheses within each other take the stack.
    guard words.count <= Self.mostWords else { throw NameFilterError(text: "\(text.prefix(20))…") }
    var rest = words[...]
    root = try Self.alternative(&rest)
    guard rest.isEmpty else { throw NameFilterError(text: text) }
  }

  /// Whether a test of this name is chosen; upper and lower case count as the same.
  public func includes(_ name: String) -> Bool { Self.holds(root, name.lowercased()) }

  private static func holds(_ node: Node, _ name: String) -> Bool {
    switch node {
    case .part(let part): name.contains(part)
    case .not(let inner): !holds(inner, name)
    case .and(let left, let right): holds(left, name) && holds(right, name)
    case .or(let left, let right): holds(left, name) || holds(right, name)
    }
  }

  private static func alternative(_ words: inout ArraySlice<String>) throws(NameFilterError) -> Node {
    var node = try conjunction(&words)
    while words.first == "or" {
      words.removeFirst()
      node = .or(node, try conjunction(&words))
    }
    return node
  }

  private static func conjunction(_ words: inout ArraySlice<String>) throws(NameFilterError) -> Node {
    var node = try term(&words)
    while words.first == "and" {
      words.removeFirst()
      node = .and(node, try term(&words))
    }
    return node
  }

  private static func term(_ words: inout ArraySlice<String>) throws(NameFilterError) -> Node {
    guard let word = words.popFirst() else { throw NameFilterError(text: "") }
    switch word {
    case "not": return .not(try term(&words))
    case "(":
      let node = try alternative(&words)
      guard words.popFirst() == ")" else { throw NameFilterError(text: "(") }
      return node
    case ")", "and", "or": throw NameFilterError(text: word)
    default: return .part(word.lowercased())
    }
  }
}

/// An expression that chooses nothing.
public struct NameFilterError: Error, CustomStringConvertible {
  let text: String
  public var description: String {
    "\"\(text)\" is no choice of names; as in \"button and not (long or double)\""
  }
}
