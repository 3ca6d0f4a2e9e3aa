import Diagnostics
import Machine
import MicroPython

/// `machine.CAN` (extmod/machine_can.c).
enum MachineCANClass: HardwareClass {
  static let name = "CAN"
  static let modules = [HardwareModule.machine]
  static let boardBytes = 128

  static func exists(on hardware: Hardware) -> Bool { CANClass.exists(on: hardware) }

  /// By number. Asleep, the controller only listens.
  private static let modes: [(name: String, mode: CAN.Mode)] = [
    ("MODE_NORMAL", .normal), ("MODE_SLEEP", .silent), ("MODE_LOOPBACK", .loopback), ("MODE_SILENT", .silent),
    ("MODE_SILENT_LOOPBACK", .silentLoopback),
  ]

  private enum MessageFlag {
    static let remote = 1
    static let extended = 2
    static let unordered = 16
  }

  static func define(_ type: PythonClassBuilder<Hardware, MachineCANObject>) {
    let objects = type.objects
    type.make(.required("id", .value), .rest) { call, id, rest -> Value in
      let can = try call.host.bus("CAN", id, in: call.host.board.cans, connector: \.connector)
      let value = objects.shared(for: can) { MachineCANObject(can) }
      try start(try objects.receiver(of: value), rest, call)
      return value
    }
    type.print { object in
      guard let setup = object.setup else { return "CAN(\(object.can.number))" }
      let timing = setup.timing
      return "CAN(\(object.can.number), bitrate=\(bitRate(object.can, timing)), mode=CAN.\(setup.modeName), "
        + "sjw=\(setup.jumpWidth), tseg1=\(timing.segment1), tseg2=\(timing.segment2), "
        + "f_clock=\(object.can.clockRate))"
    }
    type.method("init", .rest) { object, call, rest in try start(object, rest, call) }
    type.method("deinit") { $0.stop() }
    type.method("restart") { object in
      _ = try setup(of: object)
      object.restart()
    }
    type.method("state") { $0.setup == nil ? 0 : $0.can.state.rawValue }
    addTransfers(to: type)
    addLists(to: type)
    addInterrupt(to: type)
    for (number, mode) in modes.enumerated() { type.constant(mode.name, number) }
    type.constants([
      "STATE_STOPPED": 0, "STATE_ACTIVE": 1, "STATE_WARNING": 2, "STATE_PASSIVE": 3, "STATE_BUS_OFF": 4,
    ])
    type.constants(["FLAG_RTR": 1, "FLAG_EXT_ID": 2, "FLAG_UNORDERED": 16])
    type.constants(["RECV_ERR_FULL": 1, "RECV_ERR_OVERRUN": 2])
    type.constants([
      "IRQ_TX": 1, "IRQ_RX": 2, "IRQ_TX_FAILED": 4, "IRQ_STATE": 8, "IRQ_TX_IDX_SHIFT": 16,
      "IRQ_TX_IDX_MASK": 255,
    ])
    type.constants(["TX_QUEUE_LEN": 3, "FILTERS_MAX": 14])
  }

  /// - Throws: `OSError` `EINVAL` while it is off.
  private static func setup(of object: MachineCANObject) throws -> MachineCANObject.Setup {
    guard let setup = object.setup else { throw OSErrorNumber.invalid }
    return setup
  }

  // MARK: Setting up

  private struct Options {
    var bitRate: Int
    var mode: Int
    /// Sample point in the bit, %.
    var samplePoint: Int
    var jumpWidth: Int
    /// -1: to be found.
    var segment1: Int
    var segment2: Int
  }

  private static var options: Signature<Options> {
    Signature(
      Options.init, rules: .named, .required("bitrate", .int), .optional("mode", .int, default: 0),
      .optional("sample_point", .int, default: 75), .optional("sjw", .int, default: 1),
      .optional("tseg1", .int, default: -1), .optional("tseg2", .int, default: -1))
  }

  private static func start(
    _ object: MachineCANObject, _ arguments: Arguments, _ call: Call<Hardware>
  ) throws {
    let options = try options.read(arguments, call.vm)
    guard modes.indices.contains(options.mode) else { throw PythonError.value("mode") }
    guard (1...4).contains(options.jumpWidth) else { throw PythonError.value("sjw") }
    let (segment1, segment2) = (options.segment1, options.segment2)
    guard segment1 == -1 ? segment2 == -1 : (1...16).contains(segment1) else {
      throw PythonError.value("tseg1")
    }
    guard segment2 == -1 ? segment1 == -1 : (1...8).contains(segment2) else {
      throw PythonError.value("tseg2")
    }
    guard (1...99).contains(options.samplePoint) else { throw PythonError.value("sample_point") }
    guard let timing = bitTiming(options, clock: object.can.clockRate) else {
      throw PythonError.value("unable to calculate BRP for baudrate")
    }
    for other in call.host.board.cans.values { other.setBankCount(14) }
    let mode = modes[options.mode]
    object.start(
      mode.mode,
      MachineCANObject.Setup(modeName: mode.name, jumpWidth: options.jumpWidth, timing: timing))
  }

  private static func bitRate(_ can: CAN, _ timing: CAN.BitTiming) -> Int {
    can.clockRate / timing.prescaler / (1 + timing.segment1 + timing.segment2)
  }

  /// The division that comes nearest to the rate, then to the sample point, with the shortest quanta.
  private static func bitTiming(_ options: Options, clock: Int) -> CAN.BitTiming? {
    let rate = options.bitRate
    guard rate > 0, rate <= clock else { return nil }
    var best: (timing: CAN.BitTiming, rateError: Int, sampleError: Int)?
    func consider(_ timing: CAN.BitTiming) {
      let quanta = 1 + timing.segment1 + timing.segment2
      let rateError = abs(rate - clock / timing.prescaler / quanta)
      let sampleError = abs(10000 * (1 + timing.segment1) / quanta - options.samplePoint * 100)
      guard rateError < rate else { return }
      if let best, (best.rateError, best.sampleError) < (rateError, sampleError) { return }
      best = (timing, rateError, sampleError)
    }
    for prescaler in (1...1024).reversed() {
      guard options.segment1 == -1 else {
        consider(
          CAN.BitTiming(prescaler: prescaler, segment1: options.segment1, segment2: options.segment2))
        continue
      }
      let quanta = (clock / prescaler + rate / 2) / rate
      for segment1 in 1...16 where (1...8).contains(quanta - 1 - segment1) {
        consider(
          CAN.BitTiming(prescaler: prescaler, segment1: segment1, segment2: quanta - 1 - segment1))
      }
    }
    return best?.timing
  }

  // MARK: Messages

  private static func checkIdentifier(_ identifier: Int, _ flags: Int) throws(PythonError) {
    let limit = flags & MessageFlag.extended != 0 ? 1 << 29 : 1 << 11
    guard (0..<limit).contains(identifier) else { throw .value("invalid id") }
  }

  private static func addTransfers(to type: PythonClassBuilder<Hardware, MachineCANObject>) {
    type.method(
      "send", rules: .named, .required("id", .int), .required("data", .buffer),
      .optional("flags", .int, default: 0)
    ) { object, call, identifier, data, flags -> Int? in
      _ = try setup(of: object)
      guard data.byteCount <= 8 else { throw call.vm.error(.overflowError, "data too long") }
      try checkIdentifier(identifier, flags)
      let frame = CANFrame(
        identifier: UInt32(identifier), isExtended: flags & MessageFlag.extended != 0,
        isRemote: flags & MessageFlag.remote != 0, data: Array(data.bytes))
      return object.send(frame, isOrdered: flags & MessageFlag.unordered == 0)
    }
    type.method("cancel_send", .required("index", .int)) { object, call, index -> Bool in
      _ = try setup(of: object)
      guard (0..<3).contains(index) else { throw call.vm.error(.indexError, arguments: []) }
      return object.cancel(index)
    }
    type.method("recv", .optional("arg", .orNone(.value), default: nil)) { object, call, list -> Value in
      _ = try setup(of: object)
      return try receive(object, list, call)
    }
  }

  /// Identifier, data, flags and errors, in a new list or the one given.
  private static func receive(
    _ object: MachineCANObject, _ list: Value?, _ call: Call<Hardware>
  ) throws -> Value {
    let vm = call.vm
    var view = Value.none
    if let list {
      guard let handle = ListHandle(list) else { throw vm.error(.typeError, arguments: []) }
      guard handle.count >= 4 else { throw vm.error(.valueError, arguments: []) }
      view = handle.items[1]
      guard let array = ArrayHandle(view), array.isMemoryview else {
        throw vm.error(.typeError, arguments: [])
      }
    }
    guard let (frame, errors) = object.receive() else { return .none }
    if list == nil {
      let room = vm.heap.bytearray([UInt8](repeating: 0, count: 8))
      view = try vm.call(vm.heap.types.memoryview.value, arguments: [room])
    }
    guard let buffer = ArrayHandle(view)?.resizedView(to: frame.data.count) else {
      throw vm.error(.valueError, arguments: [])
    }
    let data = frame.isRemote ? [UInt8](repeating: 0, count: frame.data.count) : frame.data
    buffer.mutableBytes.copyBytes(from: data)
    let flags = (frame.isExtended ? MessageFlag.extended : 0) | (frame.isRemote ? MessageFlag.remote : 0)
    let items = [
      Value(smallInt: Int(frame.identifier)), view, Value(smallInt: flags), Value(smallInt: errors),
    ]
    return try CANClass.fill(list, items, call)
  }

  // MARK: Filters, counters, timings

  private static func addLists(to type: PythonClassBuilder<Hardware, MachineCANObject>) {
    type.method("set_filters", .required("filters", .value)) { object, call, filters in
      _ = try setup(of: object)
      for bank in object.can.banks.indices { object.can.setFilter(bank, nil) }
      guard !filters.isNone else {
        setFilter(0, of: object, 0, mask: 0, isExtended: false)
        return setFilter(1, of: object, 0, mask: 0, isExtended: true)
      }
      for (index, item) in try call.vm.collect(filters).enumerated() {
        let numbers = try call.vm.sequenceItems(item).map { item throws in try call.vm.int(item) }
        guard numbers.count == 3 else { throw PythonError.value("filter items must have length 3") }
        let flags = numbers[2]
        try checkIdentifier(numbers[0], flags)
        try checkIdentifier(numbers[1], flags)
        guard object.can.banks.indices.contains(index) else { throw PythonError.value("too many filters") }
        guard flags & ~MessageFlag.extended == 0 else { throw PythonError.value("flags") }
        setFilter(
          index, of: object, UInt32(numbers[0]), mask: UInt32(numbers[1]),
          isExtended: flags & MessageFlag.extended != 0)
      }
    }
    type.method("get_counters", .optional("list", .orNone(.value), default: nil)) {
      object, call, list -> Value in
      _ = try setup(of: object)
      return try CANClass.fill(list, object.counters.map { Value(smallInt: $0) }, call)
    }
    type.method("get_timings", .optional("list", .orNone(.value), default: nil)) {
      object, call, list -> Value in
      let setup = try setup(of: object)
      let numbers = [
        bitRate(object.can, setup.timing), setup.jumpWidth, setup.timing.segment1, setup.timing.segment2,
      ]
      return try CANClass.fill(list, numbers.map { Value(smallInt: $0) } + [.none, .none], call)
    }
  }

  /// A mask of 32 bits that minds whether the identifier is extended. The filters take turns with the FIFOs.
  private static func setFilter(
    _ bank: Int, of object: MachineCANObject, _ identifier: UInt32, mask: UInt32, isExtended: Bool
  ) {
    let filters: CANFilterBank.Filters =
      isExtended
      ? .mask32(identifier << 3 | 4, mask << 3 | 4) : .mask32(identifier << 21, mask << 21 | 4)
    object.can.setFilter(bank, CANFilterBank(filters, fifo: bank % 2))
  }

  // MARK: Interrupts

  private static func addInterrupt(to type: PythonClassBuilder<Hardware, MachineCANObject>) {
    type.method(
      "irq", rules: .named, .optional("handler", .value), .optional("trigger", .int), .optional("hard", .bool)
    ) { object, call, handler, trigger, hard -> Value in
      _ = try setup(of: object)
      if handler != nil || trigger != nil || hard != nil {
        let unsupported = (trigger ?? 0) & ~MachineCANObject.Flag.triggers
        guard unsupported == 0 else {
          let digits = UInt32(truncatingIfNeeded: unsupported).hexadecimal(digits: 8)
          throw PythonError.value("trigger 0x\(digits) unsupported")
        }
        let function: Value = handler ?? .none
        try IRQRequest.check(handler: function, call.vm)
        object.setHandler(
          try call.host.handler(
            function, argument: call.object, hard == true ? .hard : .soft, complaint: Hardware.irqComplaint),
          trigger: trigger ?? 0)
      }
      return call.host.objects(of: IRQClass.self).shared(for: object) { IRQObject(MachineCANIRQ(object)) }
    }
  }
}

/// The interrupt of a controller, as `CAN.irq` returns it.
private final class MachineCANIRQ: IRQSource {
  private let object: MachineCANObject

  init(_ object: MachineCANObject) { self.object = object }

  var trigger: Int { object.trigger }
  var flags: Int { object.takeFlags() }
  var handler: InterruptHandler? { object.handler }
  func setTrigger(_ number: Int) { object.setTrigger(number) }
  func disable() { object.setHandler(nil, trigger: 0) }
}
