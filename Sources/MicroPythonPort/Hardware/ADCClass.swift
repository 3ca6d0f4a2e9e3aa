import Machine
import MicroPython
import Timebase

/// An `ADC` object: one channel.
final class AnalogChannel {
  let number: Int
  let input: AnalogInput
  /// As it prints.
  let text: String

  init(_ number: Int, _ input: AnalogInput, text: String) {
    self.number = number
    self.input = input
    self.text = text
  }
}

/// `machine.ADC` (ports/stm32/machine_adc.c, ports/rp2/machine_adc.c).
enum MachineADCClass: HardwareClass {
  static let name = "ADC"
  static let modules = [HardwareModule.machine]

  static func define(_ type: PythonClassBuilder<Hardware, AnalogChannel>) {
    let port = type.host.port
    type.make(.required("id", .value)) { call, id in try channel(id, call.host) }
    type.print { $0.text }
    type.method("read_u16") { channel -> Int in
      if channel.number == port.fullScaleAnalogChannel { return 0xffff }
      let reading = channel.input.reading
      return reading << 4 | reading >> 8
    }
    for known in port.internalAnalogChannels { type.constant(known.name, known.channel) }
    if let fullScale = port.fullScaleAnalogChannel { type.constant("VREF", fullScale) }
  }

  private static func channel(_ identifier: Value, _ hardware: Hardware) throws -> AnalogChannel {
    let port = hardware.port
    func made(_ number: Int, _ input: AnalogInput) -> AnalogChannel {
      AnalogChannel(number, input, text: port.analogText(channel: number))
    }
    if identifier.isSmallInt {
      let number = identifier.smallInt
      if number == port.fullScaleAnalogChannel { return made(number, .reference) }
      if let known = port.internalAnalogChannels.first(where: { $0.channel == number }) {
        return made(number, known.input)
      }
      // A channel's pin stays as it is: its voltage can be measured in every mode.
      if let pin = hardware.board.pins.first(where: { $0.analogChannel == number }) {
        return made(number, .pin(pin))
      }
      if let error = port.noAnalogChannel(number: number) { throw error }
    }
    let pin = try hardware.findPin(identifier)
    guard let number = pin.analogChannel else { throw port.noAnalogChannel(pin) }
    pin.configure(port.analogPinMode)
    return made(number, .pin(pin))
  }
}

/// `pyb.ADC` (ports/stm32/adc.c).
enum PybADCClass: HardwareClass {
  static let name = "ADC"
  static let modules = [HardwareModule.pyb]

  static func define(_ type: PythonClassBuilder<Hardware, AnalogChannel>) {
    let objects = type.objects
    type.make(.required("id", .value)) { call, id in try channel(id, call.host) }
    type.print { $0.text }
    type.method("read") { $0.input.reading }
    type.method("read_timed", .required("buf", .value), .required("timer", .value)) {
      channel, call, buffer, rate in
      let byteCount = try call.vm.buffer(buffer, writable: true).byteCount
      try call.host.sample([channel], into: [buffer], frequency: call.host.samplingRate(rate))
      return byteCount
    }
    type.function(
      "read_timed_multi", .required("adcs", .items), .required("bufs", .items), .required("timer", .value)
    ) { call, adcs, targets, rate in
      // Sampling takes time, in which garbage is collected.
      let mark = call.vm.hold(.none)
      defer { call.vm.release(mark) }
      let channels = try adcs.map { try objects.argument($0) }
      var buffers: [BufferView] = []
      for item in targets {
        _ = call.vm.hold(item)
        buffers.append(try call.vm.buffer(item, writable: true))
      }
      guard let first = buffers.first, !channels.isEmpty else {
        throw PythonError.value("need at least 1 ADC")
      }
      guard buffers.count == channels.count else {
        throw PythonError.value("length of ADC and buffer lists differ")
      }
      guard buffers.allSatisfy({ $0.byteCount == first.byteCount && $0.typeCode == first.typeCode }) else {
        throw PythonError.value("size and type of buffers must match")
      }
      try call.host.sample(channels, into: targets, frequency: call.host.samplingRate(rate))
      return true
    }
  }

  /// Returns a channel's source, by the channel's number.
  static func input(channel number: Int, _ hardware: Hardware) throws(PythonError) -> AnalogInput {
    let inside: [Int: AnalogInput] = [
      16: .temperature(voltage: STM32Port.temperatureVoltage), 17: .reference, 18: .battery,
    ]
    let pin = hardware.board.pins.first { $0.analogChannel == number }
    guard let input = inside[number] ?? pin.map({ .pin($0) }) else {
      throw .value("not a valid ADC Channel: \(number)")
    }
    return input
  }

  private static func channel(_ identifier: Value, _ hardware: Hardware) throws -> AnalogChannel {
    if identifier.isSmallInt {
      let number = identifier.smallInt
      let input = try input(channel: number, hardware)
      return AnalogChannel(number, input, text: "<ADC on \(number) channel=\(number)>")
    }
    let pin = try hardware.findPin(identifier)
    guard let number = pin.analogChannel else {
      throw PythonError.value("Pin(\(pin.cpuName)) doesn't have ADC capabilities")
    }
    pin.configure(.analog)
    let name = StringHandle(identifier)?.text ?? pin.cpuName
    return AnalogChannel(number, .pin(pin), text: "<ADC on \(name) channel=\(number)>")
  }
}

/// Conversions at a rate, as `pyb.ADC` and `pyb.DAC` make them.
extension Hardware {
  /// Samples a second, given as such or as a timer that runs.
  func samplingRate(_ value: Value) throws -> Double {
    if let timer = (NativeHandle(value)?.payload as? TimerObject)?.timer {
      guard timer.isRunning else { throw PythonError.value("the timer does not run; give it a freq first") }
      return timer.frequency
    }
    // A rate is timer 6's, which a smaller chip has not.
    guard value.isSmallInt, board.timers[6] != nil else { throw PythonError.value("need a Timer object") }
    let frequency = value.smallInt
    guard frequency > 0 else { throw PythonError.value("must have positive freq") }
    return Double(frequency)
  }

  /// Fills the buffers, all at one rate, while board time passes.
  fileprivate func sample(
    _ channels: [AnalogChannel], into buffers: [Value], frequency: Double
  ) throws {
    guard let first = try buffers.first.map({ try vm.buffer($0, writable: true) }) else { return }
    let size = first.itemSize
    let start = board.clock.now
    for index in 0..<first.byteCount / size {
      let due = start + .nanoseconds(Int64((Double(index + 1) * 1e9 / frequency).rounded()))
      if due > board.clock.now, !board.clock.busy(for: due - board.clock.now) {
        try vm.safePoint()
        if board.clock.isPoweredOff { throw vm.halt() }
      }
      for (channel, buffer) in zip(channels, buffers) {
        let reading = channel.input.reading
        // Looked up anew: firmware has run meanwhile, and the buffer may have grown.
        try vm.buffer(buffer, writable: true).store(size == 1 ? reading >> 4 : reading, at: index)
      }
    }
  }
}

extension BufferView {
  /// Bytes of an item.
  fileprivate var itemSize: Int {
    switch Unicode.Scalar(typeCode) {
    case "h", "H": 2
    case "i", "I", "l", "L", "f": 4
    case "q", "Q", "d": 8
    default: 1
    }
  }

  /// - Parameter index: of an item that lies in the buffer.
  fileprivate func store(_ value: Int, at index: Int) {
    let bytes = mutableBytes
    let offset = index * itemSize
    switch Unicode.Scalar(typeCode) {
    case "h", "H":
      bytes.storeBytes(of: UInt16(truncatingIfNeeded: value), toByteOffset: offset, as: UInt16.self)
    case "f": bytes.storeBytes(of: Float(value), toByteOffset: offset, as: Float.self)
    case "d": bytes.storeBytes(of: Double(value), toByteOffset: offset, as: Double.self)
    case "i", "I", "l", "L":
      bytes.storeBytes(of: UInt32(truncatingIfNeeded: value), toByteOffset: offset, as: UInt32.self)
    case "q", "Q": bytes.storeBytes(of: Int64(value), toByteOffset: offset, as: Int64.self)
    default: bytes.storeBytes(of: UInt8(truncatingIfNeeded: value), toByteOffset: offset, as: UInt8.self)
    }
  }
}
