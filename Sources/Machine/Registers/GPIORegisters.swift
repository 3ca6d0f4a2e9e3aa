import Timebase

/// A port of general-purpose pins (RM0090, 8.4): mode, type, pull, input and output data, set and reset, alternate functions.
public final class GPIORegisters: RegisterBank {
  public let addresses: Range<UInt32>
  /// In the order of their numbers.
  private let pins: [(number: UInt32, pin: Pin)]
  /// Speeds have no effect, but are kept.
  private var speeds: UInt32 = 0

  private enum Register {
    static let mode: UInt32 = 0x00
    static let type: UInt32 = 0x04
    static let speed: UInt32 = 0x08
    static let pull: UInt32 = 0x0c
    static let input: UInt32 = 0x10
    static let output: UInt32 = 0x14
    static let setReset: UInt32 = 0x18
    static let alternateLow: UInt32 = 0x20
    static let alternateHigh: UInt32 = 0x24
  }

  /// - Parameter port: `A` is 0.
  init(port: Int, pins: [Pin]) {
    let base = 0x4002_0000 + 0x400 * UInt32(port)
    addresses = base..<base + 0x400
    self.pins = pins.map { (UInt32($0.number), $0) }.sorted { $0.0 < $1.0 }
  }

  public func load(_ offset: UInt32) -> UInt32? {
    switch offset {
    case Register.mode: gathered(2) { Self.modeBits($0.mode) }
    case Register.type:
      gathered(1) { $0.mode == .outputOpenDrain || $0.mode == .alternateOpenDrain ? 1 : 0 }
    case Register.speed: speeds
    case Register.pull: gathered(2) { $0.pull == .up ? 1 : $0.pull == .down ? 2 : 0 }
    case Register.input: gathered(1) { UInt32($0.level.rawValue) }
    case Register.output: gathered(1) { UInt32($0.outputLevel.rawValue) }
    case Register.setReset: 0
    case Register.alternateLow: gathered(4, from: 0) { UInt32($0.alternateFunction ?? 0) }
    case Register.alternateHigh: gathered(4, from: 8) { UInt32($0.alternateFunction ?? 0) }
    default: nil
    }
  }

  public func store(_ value: UInt32, _ offset: UInt32, mask: UInt32) -> Bool {
    switch offset {
    case Register.mode: setUp(value, mask, bits: 2) { $1.mode = $0 }
    case Register.type: setUp(value, mask, bits: 1) { $1.isOpenDrain = $0 == 1 }
    case Register.speed: speeds = speeds & ~mask | value
    case Register.pull: setUp(value, mask, bits: 2) { $1.pull = $0 == 1 ? .up : $0 == 2 ? .down : .none }
    case Register.input: break
    case Register.output:
      for (number, pin) in pins where mask >> number & 1 == 1 { write(value >> number & 1 == 1, to: pin) }
    case Register.setReset:
      // Setting wins where both are asked for.
      for (number, pin) in pins {
        if value >> number & 1 == 1 {
          write(true, to: pin)
        } else if value >> (number + 16) & 1 == 1 {
          write(false, to: pin)
        }
      }
    case Register.alternateLow: setUp(value, mask, bits: 4, from: 0) { $1.function = Int($0) }
    case Register.alternateHigh: setUp(value, mask, bits: 4, from: 8) { $1.function = Int($0) }
    default: return false
    }
    return true
  }

  private func write(_ isHigh: Bool, to pin: Pin) {
    let level: Level = isHigh ? .high : .low
    if pin.outputLevel != level { pin.level = level }
  }

  /// A field of each pin, side by side.
  private func gathered(_ bits: UInt32, from first: UInt32 = 0, _ field: (Pin) -> UInt32) -> UInt32 {
    pins.reduce(0) { word, entry in
      guard let shift = shift(of: entry.number, bits, from: first) else { return word }
      return word | field(entry.pin) << shift
    }
  }

  /// Returns the position of a pin's field in a register whose lowest field is the pin's `first`; nil when
  /// the register has none for it.
  private func shift(of number: UInt32, _ bits: UInt32, from first: UInt32) -> UInt32? {
    number >= first && number - first < 32 / bits ? bits * (number - first) : nil
  }

  /// A pin's settings, in the registers' terms.
  private struct Setup: Equatable {
    var mode: UInt32
    var isOpenDrain: Bool
    var pull: Pull
    var function: Int
  }

  private static func modeBits(_ mode: PinMode) -> UInt32 {
    switch mode {
    case .input: 0
    case .outputPushPull, .outputOpenDrain: 1
    case .alternatePushPull, .alternateOpenDrain: 2
    case .analog: 3
    }
  }

  private func setUp(
    _ value: UInt32, _ mask: UInt32, bits: UInt32, from first: UInt32 = 0,
    _ change: (UInt32, inout Setup) -> Void
  ) {
    let field: UInt32 = (1 << bits) - 1
    for (number, pin) in pins {
      guard let shift = shift(of: number, bits, from: first) else { continue }
      guard mask >> shift & field != 0 else { continue }
      let old = Setup(
        mode: Self.modeBits(pin.mode),
        isOpenDrain: pin.mode == .outputOpenDrain || pin.mode == .alternateOpenDrain, pull: pin.pull,
        function: pin.alternateFunction ?? 0)
      var new = old
      change(value >> shift & field, &new)
      guard new != old else { continue }
      let mode: PinMode =
        switch new.mode {
        case 0: .input
        case 1: new.isOpenDrain ? .outputOpenDrain : .outputPushPull
        case 2: new.isOpenDrain ? .alternateOpenDrain : .alternatePushPull
        default: .analog
        }
      pin.configure(mode, pull: new.pull, alternateFunction: new.mode == 2 ? new.function : nil)
    }
  }
}
