import Testing

@testable import MicroPython

@Suite struct RegularExpressionTests {
  @Test(arguments: [
    (#"a(b|cd)*e"#, "xabcdbe", ["abcdbe", "b"]), ("a.c", "a\nc", ["a\nc"]),
    ("<(.*?)>", "<a><b>", ["<a>", "a"]),
    (#"(\d+)-(\w*)"#, "on 12-ab_c", ["12-ab_c", "12", "ab_c"]), ("[^a-c]+", "abxyc", ["xy"]),
    (#"[\s,]+"#, "a , b", [" , "]), ("(?:ab)+$", "ab abab", ["abab"]), ("^b", "ab", []),
    (#"\S+\."#, "a b.c", ["b."]),
    ("(a)|(b)", "b", ["b", nil, "b"]), ("a??b", "aab", ["ab"]), ("[]x]", "x]", []),
    ("a-[-b]", "a--", ["a--"]),
    ("é.", "caféx", ["éx"]), ("", "abc", [""]),
  ])
  func searching(pattern: String, text: String, groups: [String?]) throws {
    let bytes = Array(text.utf8)
    let expression = try ReMatcher(Array(pattern.utf8))
    var steps = 0
    let captures =
      try expression.search(bytes, from: 0, end: bytes.count, steps: &steps, interrupt: {}) ?? []
    let found = (0..<captures.count / 2).map { group -> String? in
      guard let start = captures[2 * group], let end = captures[2 * group + 1] else { return nil }
      return String(decoding: bytes[start..<end], as: UTF8.self)
    }
    #expect(found == groups)
  }

  @Test(arguments: ["[a", "(", "*", "a**", "|*", #"a\"#, "(?P<n>a)", String(repeating: "(a", count: 200)])
  func mistakesAreRefused(pattern: String) {
    #expect(throws: ReMatcher.Problem.tooComplex) { try ReMatcher(Array(pattern.utf8)) }
  }

  @Test func anUnmatchedParenthesisIsNamed() {
    #expect(throws: ReMatcher.Problem.unmatchedParenthesis) {
      try ReMatcher(Array("a)".utf8))
    }
  }

  @Test func endlessRepetitionOfNothingEnds() throws {
    let expression = try ReMatcher(Array("()*x".utf8))
    #expect(throws: ReMatcher.Failure.self) {
      var steps = 0
      _ = try expression.match([0x61], at: 0, end: 1, steps: &steps, interrupt: {})
    }
  }
}
