import Diagnostics
import Timebase

/// The board's USB socket as far as reports of a human interface device go (USB HID 1.11): a mouse or a keyboard for the computer
/// that is plugged in, which asks for a report at fixed intervals.
public final class USBReports {
  /// How often the computer asks; `nil` while the board is no such device.
  public var interval: Interval? { didSet { received = [] } }
  /// Reports of the computer's that nobody has read: the lights of a keyboard, for instance.
  private var received: [[UInt8]] = []

  private let clock: Clock
  private let trace: Trace
  private let sentReports = SignalObservers()
  private var waiting: Clock.EventID?

  init(context: PartContext) {
    clock = context.clock
    trace = context.trace
  }

  /// Whether a report could be sent: none waits to be asked for.
  public var canSend: Bool { interval != nil && waiting == nil }

  /// Keeps a report ready for the next time that the computer asks.
  /// - Returns: false while the one before waits, or while the board is no such device.
  public func send(_ report: [UInt8]) -> Bool {
    guard let interval, waiting == nil else { return false }
    let step = max(1, interval.nanoseconds)
    let next = Instant(nanoseconds: (clock.now.nanoseconds / step + 1) * step)
    waiting = clock.schedule(at: next) { [weak self] in
      guard let self else { return }
      waiting = nil
      trace.record(.usbReport(report), at: next)
      sentReports.tell(.bytes(report), at: next)
    }
    return true
  }

  /// Reports that can be read.
  public var available: Int { received.count }

  public func take() -> [UInt8]? { received.isEmpty ? nil : received.removeFirst() }
}

extension USBReports: Part {
  public var name: String { "usb" }

  public var signals: [Signal] {
    [
      Signal(
        "report", .bytes, isMomentary: true, read: { .bytes([]) },
        watch: { [self] in sentReports.add($0) })
    ]
  }

  public var controls: [Control] {
    [
      Control("report", .bytes, example: "\\x01") { [self] value, _ in
        if case .bytes(let report) = value, interval != nil { received.append(report) }
      }
    ]
  }

  public func reset(_ kind: ResetKind) {
    guard kind == .hard else { return }
    if let waiting { clock.cancel(waiting) }
    waiting = nil
    interval = nil
  }
}

extension BoardDescription {
  public struct USB: PartDescription, Hashable {
    /// The pins of its two data lines.
    public var pins: [String]

    public static let keys = ["usb"]
    public static let title = "USB"

    public static func read(_ file: BoardFile) throws(BoardFileError) -> [Self] {
      guard file.top.has("usb") else { return [] }
      let section = try file.section("usb")
      try section.allow("dp", "dm")
      return [Self(pins: [try file.pin("dp", in: section), try file.pin("dm", in: section)])]
    }

    public var partName: String { "usb" }
    public var facts: [String] { pins }

    public func makePart(_ context: PartContext) throws(BoardError) -> (any Part)? {
      USBReports(context: context)
    }
  }
}

extension Board {
  /// `nil` for a board without a USB socket that firmware can use.
  public var usbReports: USBReports? { parts(of: USBReports.self).first }
}

extension TraceEntry {
  static func usbReport(_ report: [UInt8]) -> TraceEntry {
    TraceEntry("usb report \(report.map { $0.hexadecimal(digits: 2) }.joined(separator: " "))")
  }
}
