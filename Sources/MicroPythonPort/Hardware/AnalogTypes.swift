import Machine
import MicroPython
import Timebase

/// An `ADC` object: one channel.
private final class AnalogChannel {
  let channel: Int
  let input: AnalogInput
  /// As it prints.
  let text: String

  init(channel: Int, input: AnalogInput, text: String) {
    self.channel = channel
    self.input = input
    self.text = text
  }
}

/// `machine.ADC` (ports/stm32/machine_adc.c, ports/rp2/machine_adc.c) and `pyb.ADC` (ports/stm32/adc.c).
extension Hardware {
  /// Of an STM32F4's sensor and of an RP2040's at 25 °C, volts.
  private var temperatureVoltage: Double { port == .rp2 ? 0.706 + 2 * 0.001721 : 0.76 }

  /// Channels that no pin has, as `machine.ADC` counts them.
  private var internalChannels: [(name: String, channel: Int, input: AnalogInput)] {
    let temperature = AnalogInput.temperature(voltage: temperatureVoltage)
    if port == .rp2 { return [("CORE_TEMP", 4, temperature)] }
    return [("CORE_VREF", 256, .reference), ("CORE_TEMP", 257, temperature), ("CORE_VBAT", 258, .battery)]
  }

  func defineAnalogInputs() {
    let type = types.analogInput
    type.info.make = { [unowned self] (vm, type, arguments) throws(Raised) in
      guard arguments.count == 1 else {
        throw vm.error(.typeError, "function takes 1 positional arguments but \(arguments.count) were given")
      }
      return vm.heap.native(type, try machineChannel(arguments[0]))
    }
    type.info.print = { [unowned self] (_, value, _, output) throws(Raised) in
      output.write(try channel(value, types.analogInput).text)
    }
    vm.define(type) { type in
      type.method("read_u16", 0...0) { [unowned self] (_, args) throws(Raised) in
        let channel = try channel(args[0], types.analogInput)
        // The port's synthesised channel gives the largest reading.
        if channel.channel == 0xffff { return Value(smallInt: 0xffff) }
        let reading = channel.input.reading
        return Value(smallInt: reading << 4 | reading >> 8)
      }
      for known in internalChannels { type.attribute(known.name, Value(smallInt: known.channel)) }
      if port == .stm32 { type.attribute("VREF", Value(smallInt: 0xffff)) }
    }
    if port == .stm32 { defineBoardAnalogInput() }
  }

  private func channel(_ value: Value, _ type: TypeHandle) throws(Raised) -> AnalogChannel {
    try part(value, type)
  }

  private func machineChannel(_ identifier: Value) throws(Raised) -> AnalogChannel {
    let prefix = port == .rp2 ? "<ADC channel=" : "<ADC1 channel="
    if identifier.isSmallInt {
      let number = identifier.smallInt
      if port == .stm32 && number == 0xffff {
        return AnalogChannel(channel: number, input: .reference, text: "\(prefix)\(number)>")
      }
      if let known = internalChannels.first(where: { $0.channel == number }) {
        return AnalogChannel(channel: number, input: known.input, text: "\(prefix)\(number)>")
      }
      // A channel's pin stays as it is: what it carries can be measured in every mode.
      if let pin = board.pins.first(where: { $0.analogChannel == number }) {
        return AnalogChannel(channel: number, input: .pin(pin), text: "\(prefix)\(number)>")
      }
      if port == .stm32 { throw vm.error(.valueError, "not a valid ADC Channel: \(number)") }
    }
    let pin = try pin(pinObject(identifier))
    guard let number = pin.analogChannel else {
      throw vm.error(
        .valueError,
        port == .rp2
          ? "Pin doesn't have ADC capabilities" : "Pin(\(pin.cpuName)) does not have ADC capabilities")
    }
    pin.configure(port == .rp2 ? .input : .analog)
    return AnalogChannel(channel: number, input: .pin(pin), text: "\(prefix)\(number)>")
  }

  // MARK: pyb.ADC

  private func defineBoardAnalogInput() {
    let type = types.boardAnalogInput
    type.info.make = { [unowned self] (vm, type, arguments) throws(Raised) in
      guard arguments.count == 1 else {
        throw vm.error(.typeError, "function takes 1 positional arguments but \(arguments.count) were given")
      }
      return vm.heap.native(type, try boardChannel(arguments[0]))
    }
    type.info.print = { [unowned self] (_, value, _, output) throws(Raised) in
      output.write(try channel(value, types.boardAnalogInput).text)
    }
    vm.define(type) { type in
      type.method("read", 0...0) { [unowned self] (_, args) throws(Raised) in
        Value(smallInt: try channel(args[0], types.boardAnalogInput).input.reading)
      }
      type.method("read_timed", 2...2) { [unowned self] (vm, args) throws(Raised) in
        let byteCount = try vm.buffer(args[1], writable: true).byteCount
        try sample(
          [channel(args[0], types.boardAnalogInput)], into: [args[1]], frequency: samplingRate(args[2]))
        return vm.heap.int(byteCount)
      }
      type.staticMethod("read_timed_multi", 3...3) { [unowned self] (vm, args) throws(Raised) in
        // Sampling takes time, in which garbage is collected.
        let mark = vm.hold(.none)
        defer { vm.release(mark) }
        var channels: [AnalogChannel] = []
        try vm.forEach(args[0]) { item throws(Raised) in
          channels.append(try channel(item, types.boardAnalogInput))
        }
        let targets = try vm.collect(args[1])
        var buffers: [BufferView] = []
        for item in targets {
          _ = vm.hold(item)
          buffers.append(try vm.buffer(item, writable: true))
        }
        guard let first = buffers.first, !channels.isEmpty else {
          throw vm.error(.valueError, "need at least 1 ADC")
        }
        guard buffers.count == channels.count else {
          throw vm.error(.valueError, "length of ADC and buffer lists differ")
        }
        guard buffers.allSatisfy({ $0.byteCount == first.byteCount && $0.typeCode == first.typeCode }) else {
          throw vm.error(.valueError, "size and type of buffers must match")
        }
        try sample(channels, into: targets, frequency: samplingRate(args[2]))
        return .true
      }
    }
  }

  private func boardChannel(_ identifier: Value) throws(Raised) -> AnalogChannel {
    if identifier.isSmallInt {
      let number = identifier.smallInt
      let inside: [Int: AnalogInput] = [
        16: .temperature(voltage: temperatureVoltage), 17: .reference, 18: .battery,
      ]
      let pin = board.pins.first { $0.analogChannel == number }
      guard let input = inside[number] ?? pin.map({ .pin($0) }) else {
        throw vm.error(.valueError, "not a valid ADC Channel: \(number)")
      }
      return AnalogChannel(channel: number, input: input, text: "<ADC on \(number) channel=\(number)>")
    }
    let pin = try pin(pinObject(identifier))
    guard let number = pin.analogChannel else {
      throw vm.error(.valueError, "Pin(\(pin.cpuName)) doesn't have ADC capabilities")
    }
    pin.configure(.analog)
    let name = StringHandle(identifier)?.text ?? pin.cpuName
    return AnalogChannel(channel: number, input: .pin(pin), text: "<ADC on \(name) channel=\(number)>")
  }

  /// Samples a second, given as such or as a timer that runs.
  func samplingRate(_ value: Value) throws(Raised) -> Double {
    if let timer = NativeHandle(value)?.payload as? HardwareTimer {
      guard timer.isRunning else {
        throw vm.error(.valueError, "the timer does not run; give it a freq first")
      }
      return timer.frequency
    }
    let frequency = try vm.int(value)
    guard frequency > 0 else { throw vm.error(.valueError, "must have positive freq") }
    return Double(frequency)
  }

  /// Fills the buffers, all at one rate, while board time passes.
  private func sample(_ channels: [AnalogChannel], into buffers: [Value], frequency: Double)
    throws(Raised)
  {
    guard
      let first = try buffers.first.map({ (value) throws(Raised) in try vm.buffer(value, writable: true) })
    else { return }
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
