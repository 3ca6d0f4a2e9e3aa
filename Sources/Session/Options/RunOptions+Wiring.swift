import Devices
import Diagnostics
import Machine

extension RunOptions {
  /// Reads the wiring file that `--wiring` names.
  /// - Parameter kinds: of device that it may name.
  public func wiringFile(kinds: DeviceRegistry = .standard) throws(UsageError) -> WiringFile? {
    guard let wiringPath = wiringPaths.first else { return nil }
    guard wiringPaths.count == 1 else {
      throw UsageError(
        option: "--wiring",
        "is there \(wiringPaths.count) times: one file has the wiring, and options add to it")
    }
    do { return try WiringFile(contentsOf: wiringPath, kinds: kinds) } catch {
      throw UsageError(option: "--wiring", error.description)
    }
  }

  /// The board that the options name, or that of their wiring file.
  public func board(_ file: WiringFile?) -> String {
    chosenBoard ?? file?.board ?? BoardDescription.standardName
  }

  /// Returns the wiring of the wiring file and the options together.
  func wiring(_ file: WiringFile?) throws(UsageError) -> Wiring {
    var wiring = file?.wiring ?? Wiring()
    do throws(WiringError) {
      for text in devices { try wiring.addDevice(text, place: "--device \(text)") }
      for text in wires { try wiring.addWire(text, place: "--wire \(text)") }
      for text in pulls { try wiring.addPull(text, place: "--pull \(text)") }
      for event in events.flatMap(\.events) { wiring.addEvent(event.stimulus, place: event.place ?? "--at") }
    } catch { throw UsageError(error.description) }
    return wiring
  }

  /// Real lines have real things wired to them.
  func refuseVirtualWiring() throws(UsageError) {
    if let wiringPath = wiringPaths.first {
      throw UsageError(option: "--wiring \(wiringPath)", "the pins are real ones: wire real things to them")
    }
    let options = [("--wire", wires), ("--device", devices), ("--pull", pulls)]
    guard let (name, text) = options.lazy.compactMap({ name, texts in texts.first.map { (name, $0) } }).first
    else { return }
    let instead = name == "--wire" ? "put a wire between them" : "wire a real one to them"
    throw UsageError(option: "\(name) \(text)", "the pins are real ones: \(instead)")
  }
}

extension WiringFile {
  /// Reports parts of it that this emulator does not have.
  func report(to sink: DiagnosticSink) {
    for remark in notModelled {
      sink.report(
        Diagnostic(
          .notModelled, place: Diagnostic.Place(file: file, line: remark.line),
          message: remark.message, advice: remark.advice))
    }
  }
}
