import BoardFiles
import YAML

/// Reads board files that give only the differences from another board: `extends: pyboard-v1.1`.
///
/// For keys that both files have, the extending file's values count; sections are joined key by key. `none`
/// leaves out a section, or a key of one, that the other board has.
struct BoardFileExtension {
  let file: String
  /// How many files may extend each other.
  private static let depthLimit = 8

  /// Reads the document, together with the one that it extends.
  func root(of text: [UInt8], depth: Int = 0) throws(BoardFileError) -> YAMLNode {
    let node = try parse(text)
    guard let extends = node.entries?.first(where: { $0.key.text == "extends" })?.value else { return node }
    guard depth < Self.depthLimit else {
      throw BoardFileError(file: file, line: extends.line, message: "too many files extend each other")
    }
    let base = try base(extends, depth: depth)
    return Self.join(Self.moved(base, to: extends.line), node, levels: 2)
  }

  private func parse(_ text: [UInt8]) throws(BoardFileError) -> YAMLNode {
    let node: YAMLNode?
    do throws(YAMLError) {
      node = try YAMLNode.parse(text)
    } catch {
      throw BoardFileError(file: file, line: error.line, message: error.message)
    }
    guard let node else { throw BoardFileError(file: file, line: nil, message: "is empty") }
    return node
  }

  /// Reads the board that `extends` names; a file is found from the folder of this one.
  private func base(_ extends: YAMLNode, depth: Int) throws(BoardFileError) -> YAMLNode {
    guard let name = extends.text, !name.isEmpty else {
      throw BoardFileError(file: file, line: extends.line, message: "\"extends\" must be a board or a file")
    }
    if let builtIn = BuiltInBoards.find(name) {
      return try BoardFileExtension(file: "Boards/\(builtIn.name).yaml").root(
        of: builtIn.text, depth: depth + 1)
    }
    guard name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") else {
      let names = BuiltInBoards.names.joined(separator: ", ")
      throw BoardFileError(
        file: file, line: extends.line,
        message: "there is no board \"\(name)\" to extend (\(names), or a file FILE.yaml)")
    }
    let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
    let path = name.hasPrefix("/") ? name : folder + name
    return try BoardFileExtension(file: path).root(of: try BoardFileText.read(path), depth: depth + 1)
  }

  /// - Parameter levels: how deep mappings are joined: the file, and its sections.
  private static func join(_ base: YAMLNode, _ node: YAMLNode, levels: Int) -> YAMLNode {
    guard levels > 0, let old = base.entries, let new = node.entries else { return node }
    var entries = old
    for entry in new {
      let index = entries.firstIndex { $0.key.text == entry.key.text }
      if entry.value.text == "none", let index {
        entries.remove(at: index)
      } else if let index {
        entries[index] = (entry.key, join(entries[index].value, entry.value, levels: levels - 1))
      } else {
        entries.append(entry)
      }
    }
    return YAMLNode(.mapping(entries), line: node.line)
  }

  /// Gives another file's nodes, for messages, the line where this file extends it.
  private static func moved(_ node: YAMLNode, to line: Int?) -> YAMLNode {
    switch node.content {
    case .scalar: YAMLNode(node.content, line: line)
    case .sequence(let items): YAMLNode(.sequence(items.map { moved($0, to: line) }), line: line)
    case .mapping(let entries):
      YAMLNode(.mapping(entries.map { (moved($0.key, to: line), moved($0.value, to: line)) }), line: line)
    }
  }
}
