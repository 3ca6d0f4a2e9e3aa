import Testing
import YAML

@Suite("A YAML document")
struct YAMLTests {
  private func parse(_ text: String) throws(YAMLError) -> YAMLNode? { try YAMLNode.parse(Array(text.utf8)) }

  /// As one line, each node with its line.
  private func outline(_ node: YAMLNode?) -> String {
    guard let node else { return "nothing" }
    let line = node.line.map { "\($0):" } ?? ""
    switch node.content {
    case .scalar(let text): return line + text
    case .sequence(let items): return line + "[" + items.map(outline).joined(separator: ", ") + "]"
    case .mapping(let entries):
      return line + "{" + entries.map { outline($0) + "=" + outline($1) }.joined(separator: ", ") + "}"
    }
  }

  @Test(
    "is scalars, sequences and mappings, in its order and with its lines",
    arguments: [
      ("a: 1\nb: [x, 'y z', \"\\u00e9\"]\n", "1:{1:a=1:1, 2:b=2:[2:x, 2:y z, 2:é]}"),
      ("- {b: 1, a: 2}\n-\n- |\n  text\n  more\n", "1:[1:{1:b=1:1, 1:a=1:2}, 2:, 3:text\nmore\n]"),
      ("# a comment\n---\ntrue\n", "3:true"),
      ("a: &x {n: 1}\nb: *x\n", "1:{1:a=1:{1:n=1:1}, 2:b=2:{1:n=1:1}}"),
      ("", "nothing"), ("# nothing\n", "nothing"),
      (#"{"kind": "ssd1306", "at": [3, -4.5, null]}"#, "1:{1:kind=1:ssd1306, 1:at=1:[1:3, 1:-4.5, 1:null]}"),
    ])
  func content(text: String, wanted: String) throws {
    #expect(outline(try parse(text)) == wanted)
  }

  @Test(
    "that is wrong is refused with the line and the reason",
    arguments: [
      ("a: 1\nb: 2: 3\n", "line 2 is not YAML here: mapping values are not allowed in this context"),
      ("a: [1, 2\n", "line 2 is not YAML here: did not find expected ',' or ']'"),
      ("a: 1\nb: 2\na: 3\n", "line 3 has the same key twice: a"),
      ("a: 1\n---\nb: 2\n", "line 2 begins a second document: a file is one"),
      ("a: *b\n", "line 1 is not YAML here: \"*b\" stands for nothing that is complete"),
      ("a: &b [*b]\n", "line 1 is not YAML here: \"*b\" stands for nothing that is complete"),
    ])
  func mistakes(text: String, message: String) {
    let error = #expect(throws: YAMLError.self) { try parse(text) }
    #expect(error?.description == message)
  }

  @Test("that is no text is refused")
  func bytes() {
    let error = #expect(throws: YAMLError.self) { try YAMLNode.parse([0x61, 0x3A, 0x20, 0xFF, 0xFE]) }
    #expect(error?.message.hasPrefix("is not YAML: ") == true)
  }

  @Test("is refused when it is built to be enormous")
  func enormous() throws {
    let deep = String(repeating: "[", count: 5000)
    let depth = #expect(throws: YAMLError.self) { try parse(deep) }
    #expect(depth?.description == "line 1 has more than 100 collections in each other")
    // Each line is nine times the one before.
    var laughs = "a0: &a0 ha\n"
    for level in 1...20 {
      let before = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      laughs += "a\(level): &a\(level) [\(before)]\n"
    }
    let size = #expect(throws: YAMLError.self) { try parse(laughs) }
    #expect(size?.message == "makes the document larger than 1000000 nodes")
    // Each line is only a little deeper than the one before, and the last one far too deep.
    var chain = "a0: &a0 [x]\n"
    for level in 1...90 { chain += "a\(level): &a\(level) [[*a\(level - 1)]]\n" }
    let chained = #expect(throws: YAMLError.self) { try parse(chain) }
    #expect(chained?.message == "has more than 100 collections in each other")
  }
}
