import Diagnostics
import Foundation
import Synchronization
import Testing

final class Lines: Sendable {
  private let lines = Mutex<[String]>([])
  var all: [String] { lines.withLock { $0 } }
  func add(_ line: String) { lines.withLock { $0.append(line) } }
}

private let example = Diagnostic(
  .neverAwaited, place: .init(file: "main.py", line: 7, task: "blink"),
  message: "the coroutine \"send\" never runs", advice: "await it")

@Test func textNamesPlaceCodeAndAdvice() {
  #expect(
    example.description
      == "main.py:7 [blink]: never-awaited: the coroutine \"send\" never runs; await it")
}

@Test func textLeavesOutWhatIsNotKnown() {
  var diagnostic = example
  diagnostic.place = .init(task: "blink")
  #expect(diagnostic.description.hasPrefix("[blink]: never-awaited: "))
  diagnostic.place = .init()
  #expect(diagnostic.description.hasPrefix("never-awaited: "))
}

@Test func textStaysOnOneLine() {
  var diagnostic = example
  diagnostic.message = "ended with\r\nmany\n\nlines"
  #expect(diagnostic.description == "main.py:7 [blink]: never-awaited: ended with many lines; await it")
}

@Test func jsonEscapesWhatItMust() {
  var diagnostic = example
  diagnostic.place = .init(file: "a\\b\n\u{1}.py")
  #expect(diagnostic.json.contains(#""file":"a\\b\n\u0001.py""#))
  #expect(diagnostic.json.contains(#""message":"the coroutine \"send\" never runs""#))
  #expect(!diagnostic.json.contains("line"))
}

@Test func errorModeMakesTheRunFail() {
  let lines = Lines()
  let sink = DiagnosticSink(mode: .error) { lines.add($0) }
  #expect(!sink.hasFailed)
  sink.report(example)
  #expect(sink.hasFailed)
  #expect(lines.all.count == 1)
}

@Test("every kind of finding has a section or a line in the documentation", arguments: Finding.allCases)
func isDocumented(finding: Finding) throws {
  let text = try documentation()
  #expect(text.contains("`\(finding.code)`") || text.contains("\n### \(finding.code)\n"))
}

@Test("what the documentation has a section for is a kind of finding")
func isKnown() throws {
  let codes = Set(Finding.allCases.map(\.code))
  #expect(codes.count == Finding.allCases.count)
  let headings = try documentation().split(separator: "\n").filter {
    $0.hasPrefix("### ") && $0.contains("-")
  }
  for heading in headings.map({ String($0.dropFirst(4)) }) where !heading.contains(" ") {
    #expect(codes.contains(heading))
  }
}

/// The pages that tell of findings.
private func documentation() throws -> String {
  let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
  return try ["pitfalls", "board", "devices"].map {
    try String(contentsOf: package.appending(path: "docs/\($0).md"), encoding: .utf8)
  }.joined(separator: "\n")
}

@Test func offSaysNothingAndOnceSaysItOnce() {
  let lines = Lines()
  DiagnosticSink(mode: .off) { lines.add($0) }.report(example)
  #expect(lines.all.isEmpty)
  let sink = DiagnosticSink(mode: .on) { lines.add($0) }
  for _ in 0..<3 { sink.reportOnce(example) }
  #expect(lines.all.count == 1)
}
