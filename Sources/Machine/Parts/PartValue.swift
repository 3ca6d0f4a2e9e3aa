import Diagnostics
import Timebase

/// A value that a signal has or a control is set to.
public enum PartValue: Sendable, Hashable {
  case flag(Bool)
  /// `floating` where nobody drives; of a signal also `conflict`.
  case level(Net.State)
  case integer(Int)
  case real(Double)
  /// Components in the order of the form's axes.
  case vector([Int])
  case interval(Interval)
  case date(DateTime)
  case bytes([UInt8])
  case text(String)
}

extension PartValue {
  /// The bytes of the host's memory that it takes beside its own, about.
  var size: Int {
    switch self {
    case .bytes(let bytes): 32 + bytes.count
    case .text(let text): 32 + text.utf8.count
    case .vector(let components): 32 + components.count * MemoryLayout<Int>.size
    default: 0
    }
  }
}

extension PartValue: CustomStringConvertible {
  /// As `ValueForm.value(of:)` reads it.
  public var description: String {
    switch self {
    case .flag(let isTrue): isTrue ? "1" : "0"
    case .level(.high): "1"
    case .level(.low): "0"
    case .level(.floating): "z"
    case .level(.conflict): "x"
    case .integer(let number): "\(number)"
    case .real(let number): "\(number)"
    case .vector(let components): components.map(String.init).joined(separator: ",")
    case .interval(let interval): "\(interval.nanoseconds)ns"
    case .date(let date): date.description
    case .bytes(let bytes): EscapedBytes.text(of: bytes)
    case .text(let text): text
    }
  }
}

/// The values that a signal can have or a control takes, apart from their unit.
public enum ValueForm: Sendable, Hashable {
  /// 0 or 1.
  case flag
  /// 0, 1, or z for let go.
  case level
  case integer(ClosedRange<Int>)
  case real(ClosedRange<Double>)
  /// Whole numbers along several axes: `["X", "Y", "Z"]`.
  case vector(axes: [String], ClosedRange<Int>)
  /// A duration up to this one.
  case interval(upTo: Interval)
  case date
  case bytes
  case text

  /// Reads a value as people write it.
  /// - Returns: `nil` for text that is not one, or out of range.
  public func value(of text: String) -> PartValue? {
    let value: PartValue? =
      switch self {
      case .flag: ["0": PartValue.flag(false), "1": .flag(true)][text]
      case .level: ["0": PartValue.level(.low), "1": .level(.high), "z": .level(.floating)][text]
      case .integer: Int(text).map { .integer($0) }
      case .real: Double(text).map { .real($0) }
      case .vector: Self.components(text).map { .vector($0) }
      case .interval: Interval(text: text).map { .interval($0) }
      case .date: DateTime(text: text).map { .date($0) }
      case .bytes: EscapedBytes.bytes(of: text).map { .bytes($0) }
      case .text: .text(text)
      }
    guard let value, allows(value) else { return nil }
    return value
  }

  /// Whether a value is of this form and in its range.
  public func allows(_ value: PartValue) -> Bool {
    switch (self, value) {
    case (.flag, .flag), (.date, .date), (.bytes, .bytes), (.text, .text): true
    case (.level, .level(let state)): state != .conflict
    case (.integer(let range), .integer(let number)): range.contains(number)
    case (.real(let range), .real(let number)): range.contains(number)
    case (.vector(let axes, let range), .vector(let components)):
      components.count == axes.count && components.allSatisfy(range.contains)
    case (.interval(let longest), .interval(let interval)): (.zero...longest).contains(interval)
    default: false
    }
  }

  /// Describes the range of values for a person: `0 to 3.3 V`.
  public func summary(unit: String?) -> String {
    let unit = unit.map { " " + $0 } ?? ""
    switch self {
    case .flag: return "0 or 1"
    case .level: return "0, 1 or z"
    case .integer(let range): return "\(range.lowerBound) to \(range.upperBound)\(unit)"
    case .real(let range):
      return "\(Self.shortest(range.lowerBound)) to \(Self.shortest(range.upperBound))\(unit)"
    case .vector(let axes, let range):
      return "\(axes.joined(separator: ",")), each \(range.lowerBound) to \(range.upperBound)\(unit)"
    case .interval(let longest): return "a time up to \(longest.milliseconds)ms"
    case .date: return "a date, as in 2015-01-31 12:30:00"
    case .bytes: return "bytes as text, with \\n, \\r, \\\\ and \\x41"
    case .text: return "text"
    }
  }

  private static func components(_ text: String) -> [Int]? {
    let components = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    return components.contains(nil) ? nil : components.compactMap { $0 }
  }

  /// Without the `.0` of a whole number.
  private static func shortest(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? "\(number)"
  }
}

/// Bytes as people type them: text with escapes for bytes that have no key.
enum EscapedBytes {
  private static let escapes: KeyValuePairs<Character, UInt8> = [
    "n": 0x0A, "r": 0x0D, "t": 0x09, "0": 0, "\\": 0x5C,
  ]

  static func bytes(of text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = text[...]
    while let character = rest.popFirst() {
      guard character == "\\" else {
        bytes += Array(String(character).utf8)
        continue
      }
      guard let escape = rest.popFirst() else { return nil }
      if escape == "x" {
        let digits = rest.prefix(2)
        guard digits.count == 2, digits.allSatisfy(\.isHexDigit), let byte = UInt8(digits, radix: 16)
        else { return nil }
        bytes.append(byte)
        rest = rest.dropFirst(2)
      } else {
        guard let byte = escapes.first(where: { $0.key == escape })?.value else { return nil }
        bytes.append(byte)
      }
    }
    return bytes
  }

  static func text(of bytes: [UInt8]) -> String {
    var text = ""
    for byte in bytes {
      if let escape = escapes.first(where: { $0.value == byte })?.key {
        text += "\\\(escape)"
      } else if (0x20..<0x7F).contains(byte) {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "\\x" + byte.hexadecimal(digits: 2)
      }
    }
    return text
  }
}
