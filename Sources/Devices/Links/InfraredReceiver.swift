import Machine
import Timebase

/// A receiver of infrared light and the remote control in front of it, which speaks NEC's protocol. The output is low while it
/// sees the carrier.
///
/// Times of NEC's protocol (µPD6121): a leader of 9 ms and 4.5 ms, bits of 562.5 µs and 562.5 or 1687.5 µs, address and command with
/// their complements, the lowest bit first; a held key repeats 9 ms, 2.25 ms, 562.5 µs each 108 ms.
public final class InfraredReceiver: Device {
  public static let kind = DeviceKind(
    "ir_receiver", title: "infrared receiver with an NEC remote control", source: "NEC, µPD6121 data sheet",
    pins: [DeviceKind.Pin("out", aliases: ["dat"]), .power(), .ground()])

  public let site: DeviceSite

  private let address: DeviceState
  private let command: DeviceState
  private let noise: DeviceState
  private var freeFrom = Instant.powerOn

  private static let period = Interval.milliseconds(108)
  private static let mark = Interval.nanoseconds(562_500)

  public init(_ site: DeviceSite) {
    self.site = site
    address = DeviceState("address", .integer(0...0xFFFF), .integer(0), site: site)
    command = DeviceState("command", .integer(0...255), .integer(0), site: site)
    noise = DeviceState("noise", .flag, .flag(false), site: site)
    site.pin("out").drive(.high)
  }

  public var signals: [Signal] { [command.signal] }

  public var controls: [Control] {
    [
      Control(
        "command", .integer(0...255), example: "162,300ms", durationName: "time for which the key is held"
      ) { [self] value, held in
        command.set(value)
        press(for: held ?? .zero)
      },
      // More than eight bits are sent without their complement, as extended NEC does.
      address.control(example: "0"),
      noise.control(example: "1"),
    ]
  }

  private func press(for held: Interval) {
    let start = max(site.now, freeFrom)
    let repeats = Int(held.nanoseconds / Self.period.nanoseconds)
    var steps: [BurstWaveform.Step] = []
    var time = start
    func send(mark: Interval, space: Interval) {
      steps += [BurstWaveform.Step(time, .low), BurstWaveform.Step(time + mark, .high)]
      time = time + mark + space
    }
    send(mark: .milliseconds(9), space: .microseconds(4500))
    for bit in bits { send(mark: Self.mark, space: Self.mark * (bit ? 3 : 1)) }
    send(mark: Self.mark, space: .zero)
    for number in 0..<repeats {
      time = start + Self.period * (number + 1)
      send(mark: .milliseconds(9), space: .microseconds(2250))
      send(mark: Self.mark, space: .zero)
    }
    freeFrom = start + Self.period * (repeats + 1)
    site.at(start) { [weak self] in
      guard let self else { return }
      site.pin("out").driver.drive(BurstWaveform(initial: .high, steps: steps), at: start)
    }
    let end = time
    site.at(end) { [weak self] in self?.site.pin("out").driver.drive(.high, at: end) }
  }

  private var bits: [Bool] {
    let (address, command) = (self.address.integer, self.command.integer)
    let first = address > 255 ? address : address | (~address & 0xFF) << 8
    var word = UInt32(first) | UInt32(command) << 16 | UInt32(~command & 0xFF) << 24
    if noise.flag { word ^= 1 << UInt32(16 + site.random.next() % 8) }
    return (0..<32).map { word >> UInt32($0) & 1 == 1 }
  }
}
