import Diagnostics

/// Reports what the board has to tell, with the place of the firmware that was running.
final class Reporter {
  let sink: DiagnosticSink
  /// Where the firmware is; a language port knows.
  var place: (() -> Diagnostic.Place)?

  init(sink: DiagnosticSink) { self.sink = sink }

  func report(
    _ code: String, _ severity: Diagnostic.Severity, _ message: String, advice: String
  ) {
    sink.report(
      Diagnostic(
        code: code, severity: severity, place: place?() ?? Diagnostic.Place(), message: message,
        advice: advice))
  }

  /// Only the first time that it comes from one place.
  func reportOnce(
    _ code: String, _ severity: Diagnostic.Severity, _ message: String, advice: String
  ) {
    sink.reportOnce(
      Diagnostic(
        code: code, severity: severity, place: place?() ?? Diagnostic.Place(), message: message,
        advice: advice))
  }
}
