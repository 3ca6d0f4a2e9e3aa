/// A piece of a YAML document, with its place.
///
/// Every scalar is text, quoted or not: its reader decides what it should be.
public struct YAMLNode: Sendable {
  public enum Content: Sendable {
    case scalar(String)
    case sequence([YAMLNode])
    /// In the order of the document; no scalar is there twice as a key.
    case mapping([(key: YAMLNode, value: YAMLNode)])
  }

  public let content: Content
  /// Its first line, counted from 1; `nil` for a node that no document has.
  public let line: Int?

  public init(_ content: Content, line: Int? = nil) {
    self.content = content
    self.line = line
  }

  /// The text of a scalar; `nil` for anything else.
  public var text: String? {
    guard case .scalar(let text) = content else { return nil }
    return text
  }

  /// The items of a sequence; `nil` for anything else.
  public var items: [YAMLNode]? {
    guard case .sequence(let items) = content else { return nil }
    return items
  }

  /// The keys and values of a mapping; `nil` for anything else.
  public var entries: [(key: YAMLNode, value: YAMLNode)]? {
    guard case .mapping(let entries) = content else { return nil }
    return entries
  }
}
