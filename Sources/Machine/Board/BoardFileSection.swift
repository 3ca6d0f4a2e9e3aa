import YAML

/// A mapping of a board file, read key by key; every error says in which line and what would be right.
public struct BoardFileSection {
  let file: String
  /// The key that it stands under; `nil` for the whole file.
  let name: String?
  let line: Int?
  /// In the order of the file.
  let entries: [(key: String, line: Int?, value: YAMLNode)]

  init(_ node: YAMLNode, name: String?, file: String) throws(BoardFileError) {
    guard let mapping = node.entries else {
      throw BoardFileError(
        file: file, line: node.line,
        message: "\(name ?? "a board file") must be keys with values, as in \"key: value\"")
    }
    self.file = file
    self.name = name
    line = node.line
    var entries: [(key: String, line: Int?, value: YAMLNode)] = []
    for (key, value) in mapping {
      guard let text = key.text else {
        throw BoardFileError(file: file, line: key.line, message: "a key must be a word or a number")
      }
      entries.append((text, key.line, value))
    }
    self.entries = entries
  }

  func error(_ message: String, at node: YAMLNode?) -> BoardFileError {
    BoardFileError(file: file, line: node?.line ?? line, message: message)
  }

  /// Returns an error in the section, or in the value of one of its keys.
  public func error(_ message: String, at key: String? = nil) -> BoardFileError {
    error(message, at: key.flatMap { value($0) })
  }

  public func has(_ key: String) -> Bool { value(key) != nil }

  /// Refuses every key that is not named.
  public func allow(_ keys: String...) throws(BoardFileError) { try allow(keys) }

  public func allow(_ keys: [String]) throws(BoardFileError) {
    for entry in entries where !keys.contains(entry.key) {
      throw BoardFileError(
        file: file, line: entry.line,
        message: "\"\(entry.key)\" is not a key of \(name ?? "a board file") "
          + "(\(keys.joined(separator: ", ")))")
    }
  }

  func value(_ key: String) -> YAMLNode? { entries.first { $0.key == key }?.value }

  private func required(_ key: String) throws(BoardFileError) -> YAMLNode {
    guard let value = value(key) else { throw error("\(name ?? "the board file") lacks \"\(key)\"") }
    return value
  }

  /// The section under `key`; an empty one when it is not there.
  public func section(_ key: String) throws(BoardFileError) -> BoardFileSection {
    try BoardFileSection(value(key) ?? YAMLNode(.mapping([])), name: key, file: file)
  }

  public func requiredSection(_ key: String) throws(BoardFileError) -> BoardFileSection {
    try BoardFileSection(try required(key), name: key, file: file)
  }

  /// Every entry as a section of its own.
  public func sections() throws(BoardFileError) -> [(key: String, section: BoardFileSection)] {
    var result: [(key: String, section: BoardFileSection)] = []
    for entry in entries {
      let name = "\(self.name ?? "") \(entry.key)"
      result.append((entry.key, try BoardFileSection(entry.value, name: name, file: file)))
    }
    return result
  }

  /// Every entry as a section of its own, under a number; in the order of the numbers.
  public func numberedSections() throws(BoardFileError) -> [(number: Int, section: BoardFileSection)] {
    var result: [(number: Int, section: BoardFileSection)] = []
    for (key, section) in try sections() {
      guard let number = Int(key), (0...99).contains(number) else {
        throw section.error("\"\(key)\" must be a number (0 to 99)")
      }
      result.append((number, section))
    }
    return result.sorted { $0.number < $1.number }
  }

  public func text(_ key: String) throws(BoardFileError) -> String { try text(try required(key), of: key) }

  public func optionalText(_ key: String) throws(BoardFileError) -> String? {
    guard let value = value(key) else { return nil }
    return try text(value, of: key)
  }

  /// One word, or a list of them.
  public func words(_ key: String) throws(BoardFileError) -> [String] {
    let node = try required(key)
    guard let list = node.items else { return [try text(node, of: key)] }
    var words: [String] = []
    for item in list { words.append(try text(item, of: key)) }
    return words
  }

  func text(_ node: YAMLNode, of key: String) throws(BoardFileError) -> String {
    guard let text = node.text, !text.isEmpty else {
      throw error("\"\(key)\" must be a word, a number or a text", at: node)
    }
    return text
  }

  public func integer(_ key: String, in range: ClosedRange<Int>) throws(BoardFileError) -> Int {
    try integer(try required(key), of: key, in: range)
  }

  public func optionalInteger(_ key: String, in range: ClosedRange<Int>) throws(BoardFileError) -> Int? {
    guard let value = value(key) else { return nil }
    return try integer(value, of: key, in: range)
  }

  func integer(_ node: YAMLNode, of key: String, in range: ClosedRange<Int>) throws(BoardFileError) -> Int {
    guard let text = node.text, let number = Int(text), range.contains(number) else {
      throw error(
        "\"\(key)\" must be a whole number (\(range.lowerBound) to \(range.upperBound))", at: node)
    }
    return number
  }

  /// One of a few words; `standard` when the key is not there and there is such a thing.
  public func choice<Value>(
    _ key: String, _ choices: KeyValuePairs<String, Value>, standard: Value? = nil
  ) throws(BoardFileError) -> Value {
    if let standard, value(key) == nil { return standard }
    let node = try required(key)
    let word = try text(node, of: key)
    guard let choice = choices.first(where: { $0.key == word }) else {
      let words = choices.map(\.key).joined(separator: ", ")
      throw error("\"\(key)\" cannot be \"\(word)\" (\(words))", at: node)
    }
    return choice.value
  }
}
