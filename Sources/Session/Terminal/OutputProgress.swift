/// Follows the bytes sent to a terminal, to find where something else may be drawn without harm: not inside
/// an escape sequence and not inside a UTF-8 character.
struct OutputProgress {
  private enum State {
    case text
    /// Bytes of a UTF-8 character that are still to come.
    case character(missing: Int)
    case escape
    /// CSI: parameters, ended by a byte in @...~.
    case controlSequence
    /// OSC, DCS and their like: text ended by BEL or ESC \.
    case controlString
  }

  private var state = State.text
  /// Whether the last byte ended a line, as far as an observer outside can know.
  private(set) var isAtLineStart = true

  /// Whether the terminal is between two characters.
  var isBetweenCharacters: Bool {
    if case .text = state { true } else { false }
  }

  mutating func follow(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      follow(byte)
      isAtLineStart = byte == 0x0A || byte == 0x0D
    }
  }

  private mutating func follow(_ byte: UInt8) {
    switch state {
    case .text: state = Self.start(byte)
    case .character(let missing):
      if byte & 0xC0 == 0x80 {
        state = missing > 1 ? .character(missing: missing - 1) : .text
      } else {
        state = Self.start(byte)
      }
    case .escape:
      switch byte {
      case UInt8(ascii: "["): state = .controlSequence
      case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "X"):
        state = .controlString
      case 0x20...0x2F: break
      default: state = .text
      }
    case .controlSequence:
      if byte == 0x1B { state = .escape } else if 0x40...0x7E ~= byte { state = .text }
    case .controlString:
      if byte == 0x1B { state = .escape } else if byte == 0x07 { state = .text }
    }
  }

  private static func start(_ byte: UInt8) -> State {
    switch byte {
    case 0x1B: .escape
    case 0xC2...0xDF: .character(missing: 1)
    case 0xE0...0xEF: .character(missing: 2)
    case 0xF0...0xF4: .character(missing: 3)
    default: .text
    }
  }
}
