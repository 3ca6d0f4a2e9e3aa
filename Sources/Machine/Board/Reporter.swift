import Diagnostics
import Timebase

/// Reports the board's diagnostics, with the place of the firmware that was running.
package final class Reporter {
  let sink: DiagnosticSink
  /// See `Board.firmwarePlaces`.
  let places = Observers<() -> Diagnostic.Place?>()
  /// See `Board.swiftPlaces`.
  let swiftPlaces = Observers<() -> Diagnostic.Place?>()

  init(sink: DiagnosticSink) { self.sink = sink }

  /// - Parameter line: line where Swift firmware has set up the reported part.
  package func report(
    _ finding: Finding, at line: SourceLine? = nil, _ message: String,
    advice: String
  ) {
    sink.report(
      Diagnostic(finding, place: whereabouts(line), message: message, advice: advice))
  }

  /// Only the first time that it comes from one place.
  package func reportOnce(
    _ finding: Finding, at line: SourceLine? = nil, _ message: String,
    advice: String
  ) {
    sink.reportOnce(
      Diagnostic(finding, place: whereabouts(line), message: message, advice: advice))
  }

  /// Of a place that is not the firmware's: in a file that describes a device.
  package func report(
    _ finding: Finding, in place: Diagnostic.Place, _ message: String, advice: String
  ) {
    sink.report(Diagnostic(finding, place: place, message: message, advice: advice))
  }

  /// The firmware's place.
  package var place: Diagnostic.Place { whereabouts(nil) }

  private func first(_ places: Observers<() -> Diagnostic.Place?>) -> Diagnostic.Place? {
    places.latestFirst.lazy.compactMap { $0() }.first
  }

  private func whereabouts(_ line: SourceLine?) -> Diagnostic.Place {
    first(places) ?? line?.place() ?? first(swiftPlaces) ?? Diagnostic.Place()
  }
}
