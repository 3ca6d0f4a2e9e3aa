import Diagnostics

/// Reports what the board has to tell, with the place of the firmware that was running.
package final class Reporter {
  let sink: DiagnosticSink
  /// Where the firmware is; a language port knows.
  var place: (() -> Diagnostic.Place)?
  /// Where firmware in Swift is, as far as that is known: at which await.
  var lastAwait: (() -> Diagnostic.Place?)?

  init(sink: DiagnosticSink) { self.sink = sink }

  /// - Parameter line: where Swift firmware has set up what this is about.
  package func report(
    _ code: String, _ severity: Diagnostic.Severity, at line: SourceLine? = nil, _ message: String,
    advice: String
  ) {
    sink.report(
      Diagnostic(code: code, severity: severity, place: whereabouts(line), message: message, advice: advice))
  }

  /// Only the first time that it comes from one place.
  package func reportOnce(
    _ code: String, _ severity: Diagnostic.Severity, at line: SourceLine? = nil, _ message: String,
    advice: String
  ) {
    sink.reportOnce(
      Diagnostic(code: code, severity: severity, place: whereabouts(line), message: message, advice: advice))
  }

  private func whereabouts(_ line: SourceLine?) -> Diagnostic.Place {
    place?() ?? line?.place() ?? lastAwait?() ?? Diagnostic.Place()
  }
}
