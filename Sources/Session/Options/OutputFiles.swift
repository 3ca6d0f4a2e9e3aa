import Devices
import Glibc

/// The files that a run writes for the person who started it: traces, pictures, what serial peers hear. None of them may be a file
/// that the run reads, and no two of them one file, whatever they are called.
public struct OutputFiles {
  private var outputs: [(option: String, identity: Identity)] = []
  private let inputs: [(path: String, identity: Identity)]

  /// Looks at what the devices of a wiring write.
  /// - Parameter inputs: files that the run reads beside those of the devices. Names of none are left out.
  /// - Throws: for the first that would overwrite something.
  public init(_ wiring: Wiring, inputs: [String]) throws(UsageError) {
    self.init(inputs: inputs + Self.inputs(of: wiring.devices))
    try add(wiring.devices)
  }

  private init(inputs: [String]) {
    self.inputs = inputs.compactMap { path in Identity(ofFile: path).map { (path, $0) } }
  }

  /// Adds those of the options and of the devices that they and a wiring file name.
  /// - Throws: for the first that would overwrite something.
  init(_ options: RunOptions, _ file: WiringFile?, _ wirings: [Wiring], others: [String]) throws(UsageError) {
    let requests = wirings.flatMap(\.devices)
    var inputs = others + [options.chosenBoard, file?.file].compactMap { $0 }
    inputs += file?.boards.compactMap(\.contents.board) ?? []
    self.init(inputs: inputs + Self.inputs(of: requests))
    for trace in options.traces where trace != "-" {
      try add(trace, option: "--trace", verb: "the trace would overwrite")
    }
    for screenshot in options.screenshots {
      try add(screenshot.path, option: screenshot.option, verb: "the picture would overwrite")
    }
    try add(requests)
  }

  /// Devices in Python, and files that devices read.
  private static func inputs(of requests: [Wiring.DeviceRequest]) -> [String] {
    requests.flatMap { request in
      (request.kind.contains(".") ? [request.kind] : [])
        + request.values.filter { ["script", "image", "file"].contains($0.key) }.map(\.text)
    }
  }

  /// Adds what serial peers write.
  private mutating func add(_ requests: [Wiring.DeviceRequest]) throws(UsageError) {
    for request in requests {
      for (key, text) in request.values where key == "to" && text.hasPrefix("file:") {
        try add(
          String(text.dropFirst("file:".count)), option: request.place,
          verb: "what \(request.name ?? request.kind) hears would overwrite")
      }
    }
  }

  /// Adds a file that will be written.
  /// - Parameters:
  ///   - option: names it in messages.
  ///   - verb: what writing it would do to a file that is there: `the trace would overwrite`.
  ///   - isRepeatable: whether the same option may write it again, as a step of a scenario may.
  mutating func add(
    _ path: String, option: String, verb: String, isRepeatable: Bool = false
  ) throws(UsageError) {
    guard let identity = Identity(ofFile: path) ?? Identity(ofNewFile: path) else { return }
    if let input = inputs.first(where: { $0.identity == identity }) {
      throw UsageError(
        option: option, "\(path) is \(input.path), which \(verb): give another file")
    }
    if let other = outputs.first(where: { $0.identity == identity && !(isRepeatable && $0.option == option) })
    {
      throw UsageError(option: option, "\(path) is where \(other.option) writes too: give another file")
    }
    outputs.append((option, identity))
  }

  /// The identity that two names of one file share.
  private enum Identity: Equatable {
    case file(device: UInt64, number: UInt64)
    /// A file that there is not yet, in a folder that there is.
    case new(device: UInt64, folder: UInt64, name: String)

    /// `nil` for what is no regular file: devices and pipes take what many write.
    init?(ofFile path: String) {
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
      self = .file(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
    }

    init?(ofNewFile path: String) {
      var status = stat()
      guard stat(path, &status) != 0, errno == ENOENT else { return nil }
      let slash = path.lastIndex(of: "/")
      guard stat(slash.map { String(path[...$0]) } ?? ".", &status) == 0 else { return nil }
      self = .new(
        device: UInt64(status.st_dev), folder: UInt64(status.st_ino),
        name: String(slash.map { path[path.index(after: $0)...] } ?? path[...]))
    }
  }
}
