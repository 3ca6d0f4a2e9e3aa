import CYAML

extension YAMLNode {
  /// Reads the one document of a text.
  /// - Parameter text: UTF-8, or UTF-16 with a byte order mark.
  /// - Returns: `nil` when the text has no document: it is empty, or comments only.
  /// - Throws: `YAMLError`; also for a second document, a key that is there twice, an alias of a node that is
  ///   not there yet, and for more than `YAMLDocument.depthLimit` collections in each other or more than
  ///   `YAMLDocument.sizeLimit` nodes, those that aliases repeat included.
  public static func parse(_ text: [UInt8]) throws(YAMLError) -> YAMLNode? {
    var document = YAMLDocument()
    var failure: YAMLError?
    // The parser keeps pointers into itself and into the text: both stay where they are until it is deleted.
    text.withUnsafeBufferPointer { text in
      withUnsafeTemporaryAllocation(of: yaml_parser_t.self, capacity: 1) { place in
        let parser = place.baseAddress.unsafelyUnwrapped
        guard yaml_parser_initialize(parser) == 1 else {
          failure = YAMLError(line: nil, message: "could not be read: no memory")
          return
        }
        defer { yaml_parser_delete(parser) }
        let empty: StaticString = ""
        yaml_parser_set_input_string(parser, text.baseAddress ?? empty.utf8Start, text.count)
        do throws(YAMLError) { try document.take(from: parser) } catch { failure = error }
      }
    }
    if let failure { throw failure }
    return document.root
  }
}

/// The document that libyaml's events have built so far.
struct YAMLDocument {
  /// Collections in each other; a node is freed recursively.
  static let depthLimit = 100
  /// A board file has some five hundred.
  static let sizeLimit = 1_000_000

  private struct Collection {
    var line: Int
    var anchor: String?
    var isMapping: Bool
    /// Keys and values in turns where it is a mapping.
    var children: [YAMLNode] = []
    var extent = Extent(size: 1, depth: 1)
  }

  private struct Extent {
    /// Nodes, those that aliases repeat included: a walk through the document meets them again.
    var size: Int
    /// Collections in each other.
    var depth: Int

    static let scalar = Extent(size: 1, depth: 0)
  }

  private(set) var root: YAMLNode?
  private var open: [Collection] = []
  private var anchors: [String: (node: YAMLNode, extent: Extent)] = [:]

  /// - Parameter parser: an initialized one, with its input set.
  fileprivate mutating func take(from parser: UnsafeMutablePointer<yaml_parser_t>) throws(YAMLError) {
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(parser, &event) == 1 else { throw Self.error(of: parser.pointee) }
      // Its texts are libyaml's until here; `take` copies them.
      defer { yaml_event_delete(&event) }
      if event.type == YAML_STREAM_END_EVENT { return }
      try take(event)
    }
  }

  private mutating func take(_ event: yaml_event_t) throws(YAMLError) {
    let line = event.start_mark.line + 1
    switch event.type {
    case YAML_DOCUMENT_START_EVENT:
      if root != nil { throw YAMLError(line: line, message: "begins a second document: a file is one") }
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let text = String(
        decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      try add(YAMLNode(.scalar(text), line: line), extent: .scalar, anchor: Self.text(scalar.anchor))
    case YAML_ALIAS_EVENT:
      let name = Self.text(event.data.alias.anchor) ?? ""
      guard let (node, extent) = anchors[name] else {
        throw YAMLError(
          line: line, message: "is not YAML here: \"*\(name)\" stands for nothing that is complete")
      }
      try add(YAMLNode(node.content, line: line), extent: extent, anchor: nil)
    case YAML_SEQUENCE_START_EVENT:
      try begin(line, anchor: Self.text(event.data.sequence_start.anchor), isMapping: false)
    case YAML_MAPPING_START_EVENT:
      try begin(line, anchor: Self.text(event.data.mapping_start.anchor), isMapping: true)
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
      try end()
    default: break
    }
  }

  private mutating func begin(_ line: Int, anchor: String?, isMapping: Bool) throws(YAMLError) {
    try checkDepth(1, at: line)
    open.append(Collection(line: line, anchor: anchor, isMapping: isMapping))
  }

  private func checkDepth(_ depth: Int, at line: Int?) throws(YAMLError) {
    guard open.count + depth <= Self.depthLimit else {
      throw YAMLError(line: line, message: "has more than \(Self.depthLimit) collections in each other")
    }
  }

  private mutating func end() throws(YAMLError) {
    let ended = open.removeLast()
    let content: YAMLNode.Content =
      ended.isMapping ? try Self.mapping(ended.children) : .sequence(ended.children)
    try add(YAMLNode(content, line: ended.line), extent: ended.extent, anchor: ended.anchor)
  }

  private static func mapping(_ children: [YAMLNode]) throws(YAMLError) -> YAMLNode.Content {
    var entries: [(key: YAMLNode, value: YAMLNode)] = []
    var keys: Set<String> = []
    for index in stride(from: 0, to: children.count - 1, by: 2) {
      let key = children[index]
      if let text = key.text, !keys.insert(text).inserted {
        throw YAMLError(line: key.line, message: "has the same key twice: \(text)")
      }
      entries.append((key, children[index + 1]))
    }
    return .mapping(entries)
  }

  private mutating func add(_ node: YAMLNode, extent: Extent, anchor: String?) throws(YAMLError) {
    try checkDepth(extent.depth, at: node.line)
    if let anchor { anchors[anchor] = (node, extent) }
    guard let last = open.indices.last else {
      root = node
      return
    }
    open[last].children.append(node)
    open[last].extent.size += extent.size
    open[last].extent.depth = max(open[last].extent.depth, extent.depth + 1)
    guard open[last].extent.size <= Self.sizeLimit else {
      throw YAMLError(line: node.line, message: "makes the document larger than \(Self.sizeLimit) nodes")
    }
  }

  private static func text(_ text: UnsafePointer<yaml_char_t>?) -> String? {
    text.map { String(cString: $0) }
  }

  private static func error(of parser: yaml_parser_t) -> YAMLError {
    let problem = parser.problem.map { String(cString: $0) } ?? "no memory"
    switch parser.error {
    case YAML_SCANNER_ERROR, YAML_PARSER_ERROR, YAML_COMPOSER_ERROR:
      return YAMLError(line: parser.problem_mark.line + 1, message: "is not YAML here: \(problem)")
    default: return YAMLError(line: nil, message: "is not YAML: \(problem)")
    }
  }
}
