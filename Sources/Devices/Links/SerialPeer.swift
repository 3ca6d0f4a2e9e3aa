import Machine
import Timebase

/// Something at the other end of a serial line: it sends bytes on request, and answers requests as a script
/// says. Or programs of this machine are there, through a pseudo-terminal or a socket.
public final class SerialPeer: HostLineDevice {
  public static let kind = DeviceKind(
    "serial", title: "the other end of a serial line: a script of requests and answers",
    source: "asynchronous serial, 8N1",
    pins: [DeviceKind.Pin("tx", isOptional: true), DeviceKind.Pin("rx", isOptional: true), .ground()],
    keys: [
      DeviceKind.Key("baud", .integer(300...4_000_000), unit: "Bd", standard: .integer(9600)),
      DeviceKind.Key(
        "script", .text, standard: .text("none"),
        title: "a file with lines REQUEST => ANSWER and TIME: TEXT, as in docs/devices.md"),
      DeviceKind.Key(
        "to", .text, standard: .text("none"),
        title: "who is there: pty, pty:LINK, tcp:PORT for programs, file:PATH for a file of what it hears"),
      DeviceKind.Key("echo", .flag, standard: .flag(false), title: "sends back what it hears"),
    ])

  public let site: DeviceSite

  private let transmitter: SerialTransmitter
  private var receiver: SerialReceiver?
  private let script: SerialScript
  private let line: HostLine
  private let observers = SignalObservers()
  private var heard: [UInt8] = []

  public init(_ site: DeviceSite) throws(DeviceError) {
    self.site = site
    script = try SerialScript(file: site.text("script"))
    let bitTime = BitTime(baudRate: site.integer("baud"))
    let transmitter = SerialTransmitter(clock: site.clock, output: site.pin("tx").driver, bitTime: bitTime)
    self.transmitter = transmitter
    line = try HostLine(site.text("to"), clock: site.clock) { bytes in
      for byte in bytes { transmitter.send(UInt16(byte)) }
      return transmitter.wireFree
    }
    try line.start()
    site.started = { [unowned self] in
      let tx = site.pin("tx")
      if tx.isWired { tx.drive(.high) }
      let receiver = SerialReceiver(clock: site.clock, bitTime: bitTime) { [weak self] character, time in
        self?.take(UInt8(truncatingIfNeeded: character.value), at: time)
      }
      receiver.start(on: site.pin("rx").net)
      self.receiver = receiver
      for (time, bytes) in script.sent { site.at(.powerOn + time) { [weak self] in self?.send(bytes) } }
    }
  }

  public var hostLine: String? { line.name }
  public func closeHostLine() { line.close() }
  public var failure: String? { line.failure }

  /// Each byte that it hears.
  public var signals: [Signal] {
    [
      Signal(
        "received", .bytes, isMomentary: true, read: { .bytes([]) }, watch: { [self] in observers.add($0) })
    ]
  }

  public var controls: [Control] {
    [
      Control("send", .bytes, example: "hello\\n") { [self] value, _ in
        if case .bytes(let bytes) = value { send(bytes) }
      }
    ]
  }

  private func send(_ bytes: [UInt8]) {
    for byte in bytes {
      guard !transmitter.isFull else { return site.context.reportFullLine(of: name) }
      transmitter.send(UInt16(byte))
    }
  }

  private func take(toHost byte: UInt8) {
    guard line.failure == nil else { return }
    line.take(byte)
    guard let failure = line.failure else { return }
    site.report(
      .deviceFailed, failure, advice: "nothing more is written there; give another file, or make room")
  }

  private func take(_ byte: UInt8, at time: Instant) {
    observers.tell(.bytes([byte]), at: time)
    take(toHost: byte)
    if site.flag("echo") { send([byte]) }
    guard !script.answers.isEmpty else { return }
    heard.append(byte)
    if let answer = script.answer(to: heard) {
      heard = []
      send(answer)
    } else if heard.count > script.longest {
      heard.removeFirst(heard.count - script.longest)
    }
  }
}

/// The bytes that a serial peer sends, and when.
struct SerialScript {
  var answers: [(request: [UInt8], answer: [UInt8])] = []
  var sent: [(time: Interval, bytes: [UInt8])] = []

  var longest: Int { answers.map(\.request.count).max() ?? 0 }

  /// - Parameter file: a path, or `none`.
  init(file: String) throws(DeviceError) {
    guard file != "none" else { return }
    let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
    let text: [UInt8]
    do { text = try BoardFileText.read(file) } catch { throw DeviceError("script \(error)") }
    for (index, line) in String(decoding: text, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).enumerated() {
      if line.isEmpty || line.hasPrefix("#") { continue }
      guard try add(line, folder: folder) else {
        throw DeviceError(
          "script \(file):\(index + 1): \"\(line)\" is neither REQUEST => ANSWER nor TIME: TEXT (text with \\n, \\r, \\x41)"
        )
      }
    }
  }

  private mutating func add(_ line: Substring, folder: String) throws(DeviceError) -> Bool {
    if let arrow = line.firstRange(of: " => ") {
      guard let request = Self.bytes(line[..<arrow.lowerBound]),
        let answer = Self.bytes(line[arrow.upperBound...]), !request.isEmpty
      else { return false }
      answers.append((request, answer))
      return true
    }
    guard let colon = line.firstRange(of: ": "), let time = Interval(text: line[..<colon.lowerBound]) else {
      return false
    }
    let text = line[colon.upperBound...]
    if text.hasPrefix("@"), text.count > 1 {
      let path = text.dropFirst()
      let isRelative = !path.hasPrefix("/")
      do { sent.append((time, try BoardFileText.read((isRelative ? folder : "") + path))) } catch {
        throw DeviceError("script: \(error)")
      }
      return true
    }
    guard let bytes = Self.bytes(text) else { return false }
    sent.append((time, bytes))
    return true
  }

  private static func bytes(_ text: Substring) -> [UInt8]? {
    guard case .bytes(let bytes)? = ValueForm.bytes.value(of: String(text)) else { return nil }
    return bytes
  }

  /// The answer to the first request that what was heard ends with.
  func answer(to heard: [UInt8]) -> [UInt8]? {
    answers.first { heard.count >= $0.request.count && heard.suffix($0.request.count) == $0.request[...] }?
      .answer
  }
}
