import Machine
import Timebase

/// Wires and devices of a board, and its stimuli: the options of a command line and a wiring file say the
/// same.
public struct Wiring: Sendable {
  /// Origin of a request, for messages: `--device dht22@X99`, `room.yaml:7`.
  public typealias Place = String

  public struct DeviceRequest: Sendable {
    public var place: Place
    public var kind: String
    /// `nil` for the kind's own name, with a number behind it where that is taken.
    public var name: String?
    /// The name that a file has for it, where a part of the board is called so too.
    public var alias: String?
    /// Connections of its pins, in order; without a role the next pin of the kind.
    public var pins: [(role: String?, end: String)] = []
    /// Keys of the kind, and initial values of controls.
    public var values: [(key: String, text: String)] = []
    /// The origin of each key and pin that has a line of its own in a file.
    public var places: [String: Place] = [:]

    /// The origin of a key or of a pin.
    func place(of key: String) -> Place { places[key] ?? place }
  }

  public struct Wire: Sendable {
    public var place: Place
    public var ends: (String, String)
  }

  public struct PullRequest: Sendable {
    public var place: Place
    public var end: String
    public var pull: Pull
  }

  public struct Event: Sendable {
    public var place: Place
    public var stimulus: Stimulus
  }

  public var devices: [DeviceRequest] = []
  public var wires: [Wire] = []
  public var pulls: [PullRequest] = []
  public var events: [Event] = []

  public init() {}

  public var isEmpty: Bool { devices.isEmpty && wires.isEmpty && pulls.isEmpty && events.isEmpty }

  /// Adds what another wiring has, behind what is there.
  public mutating func append(_ other: Wiring) {
    devices += other.devices
    wires += other.wires
    pulls += other.pulls
    events += other.events
  }

  // MARK: As people write it

  /// Adds a device as a command line names it: `KIND[:NAME]@[ROLE:]PIN,…[,KEY=VALUE…]`.
  /// - Parameter place: for messages; without it the text itself.
  public mutating func addDevice(_ text: String, place: Place? = nil) throws(WiringError) {
    devices.append(try DeviceRequest(text, place: place ?? text))
  }

  /// Adds a wire as in `X1-X2`, `room.data-X1`, `X1-GND`.
  public mutating func addWire(_ text: String, place: Place? = nil) throws(WiringError) {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard ends.count == 2, !ends.contains("") else {
      throw WiringError(place ?? text, "\(BoardError.malformedWire(text))")
    }
    wires.append(Wire(place: place ?? text, ends: (ends[0], ends[1])))
  }

  /// Adds a resistor to a supply or to ground: `X1:up`, `X1:down,4.7k`.
  public mutating func addPull(_ text: String, place: Place? = nil) throws(WiringError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, !parts[1].hasSuffix(",") else {
      throw WiringError(
        place ?? text, "\"\(text)\" is not a resistor: PIN:up or PIN:down, as in X1:up or X1:up,4.7k")
    }
    try addPull(
      of: parts[0], parts[1].split { $0 == "," || $0 == " " }.map(String.init), place: place ?? text)
  }

  /// - Parameter words: `up` or `down`, and perhaps the resistance.
  mutating func addPull(of end: String, _ words: [String], place: Place) throws(WiringError) {
    let pulls: [String: Pull] = ["up": .up, "down": .down]
    guard let pull = words.first.flatMap({ pulls[$0.lowercased()] }), words.count <= 2 else {
      throw WiringError(
        place,
        "\"\(words.joined(separator: " "))\" is no resistor: it is up or down, as in up, down or up 4.7k")
    }
    guard !Board.supplyNames.contains(end) else {
      throw WiringError(place, "\(end) is a supply: a resistor pulls a pin, as in X1:up")
    }
    if words.count == 2, Self.ohms(words[1]) == nil {
      throw WiringError(
        place, "\"\(words[1])\" is not a resistance: a number of ohms, 1 to 100M, as in 470, 4.7k or 1M")
    }
    self.pulls.append(PullRequest(place: place, end: end, pull: pull))
  }

  /// Reads `470`, `4.7k`, `1M`.
  /// - Returns: 1 to 100 000 000 ohms; `nil` for anything else.
  static func ohms(_ text: String) -> Double? {
    let units: [Character: Double] = ["k": 1e3, "K": 1e3, "M": 1e6]
    let unit = text.last.flatMap { units[$0] }
    let digits = unit == nil ? text[...] : text.dropLast()
    guard digits.allSatisfy({ $0.isASCII && $0.isNumber || $0 == "." }), let number = Double(digits),
      (1...1e8).contains(number * (unit ?? 1))
    else { return nil }
    return number * (unit ?? 1)
  }

  /// Adds something that happens: `3s:room.temperature=25`.
  public mutating func addEvent(_ stimulus: Stimulus, place: Place) {
    events.append(Event(place: place, stimulus: stimulus))
  }
}

extension Wiring.DeviceRequest {
  /// Reads `KIND[:NAME]@[ROLE:]PIN,…[,KEY=VALUE…]`. Behind the first key, what is neither a key nor a pin with its role belongs to
  /// the value before it: `acceleration=0,0,1000`.
  init(_ text: String, place: String) throws(WiringError) {
    let halves = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    var head = halves[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let tail = halves.count == 2 ? halves[1].split(separator: ",", omittingEmptySubsequences: false) : []
    let words = head[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    head.removeFirst()
    guard !words[0].isEmpty, words.count == 1 || !words[1].isEmpty else {
      throw WiringError(
        place, "is not a device: KIND[:NAME]@[ROLE:]PIN,…[,KEY=VALUE…], as in dht22@X1,temperature=21.5")
    }
    self.place = place
    kind = words[0]
    name = words.count == 2 ? words[1] : nil
    for item in head + tail.map(String.init) {
      if let equals = item.firstIndex(of: "=") {
        let key = String(item[..<equals])
        guard !key.isEmpty else { throw WiringError(place, "there is a = with no key in front of it") }
        guard !values.contains(where: { $0.key == key }) else {
          throw WiringError(place, "\(key) is there twice: once is enough")
        }
        values.append((key, String(item[item.index(after: equals)...])))
      } else if let last = values.indices.last, !Self.namesRole(item) {
        values[last].text += ",\(item)"
      } else {
        guard !item.isEmpty else { throw WiringError(place, "there is a comma with no pin in front of it") }
        let parts = item.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
          String.init)
        pins.append(parts.count == 2 ? (parts[0], parts[1]) : (nil, item))
      }
    }
  }

  private static func namesRole(_ item: String) -> Bool {
    guard let colon = item.firstIndex(of: ":") else { return false }
    return item.first?.isLetter == true
      && item[..<colon].allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
  }
}

/// An error in a wiring, and its place.
public struct WiringError: Error, Hashable, CustomStringConvertible {
  /// `--device dht22@X99`, `room.yaml:7`.
  public let place: String
  public let message: String

  public init(_ place: String, _ message: String) {
    self.place = place
    self.message = message
  }

  public var description: String { "\(place): \(message)" }
}
