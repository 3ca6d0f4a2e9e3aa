import Diagnostics
import Synchronization
import Testing

final class Lines: Sendable {
  private let lines = Mutex<[String]>([])
  var all: [String] { lines.withLock { $0 } }
  func add(_ line: String) { lines.withLock { $0.append(line) } }
}

private let example = Diagnostic(
  code: "missing-await", severity: .warning, place: .init(file: "main.py", line: 7, task: "blink"),
  message: "the coroutine \"send\" never runs", advice: "await it")

@Test func textNamesPlaceCodeAndAdvice() {
  #expect(
    example.description
      == "main.py:7 [blink]: missing-await: the coroutine \"send\" never runs; await it")
}

@Test func textLeavesOutWhatIsNotKnown() {
  var diagnostic = example
  diagnostic.place = .init(task: "blink")
  #expect(diagnostic.description.hasPrefix("[blink]: missing-await: "))
  diagnostic.place = .init()
  #expect(diagnostic.description.hasPrefix("missing-await: "))
}

@Test func jsonEscapesWhatItMust() {
  var diagnostic = example
  diagnostic.place = .init(file: "a\\b\n\u{1}.py")
  #expect(diagnostic.json.contains(#""file":"a\\b\n\u0001.py""#))
  #expect(diagnostic.json.contains(#""message":"the coroutine \"send\" never runs""#))
  #expect(!diagnostic.json.contains("line"))
}

@Test func errorModeMakesTheRunFailForAllButNotes() {
  let lines = Lines()
  let sink = DiagnosticSink(mode: .error) { lines.add($0) }
  var note = example
  note.severity = .note
  sink.report(note)
  #expect(!sink.hasFailed)
  sink.report(example)
  #expect(sink.hasFailed)
  #expect(lines.all.count == 2)
}

@Test func offSaysNothingAndOnceSaysItOnce() {
  let lines = Lines()
  DiagnosticSink(mode: .off) { lines.add($0) }.report(example)
  #expect(lines.all.isEmpty)
  let sink = DiagnosticSink(mode: .on) { lines.add($0) }
  for _ in 0..<3 { sink.reportOnce(example) }
  #expect(lines.all.count == 1)
}
