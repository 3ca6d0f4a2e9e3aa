import Machine
import MicroPython
import Timebase

/// A `CAN` object; `select` and asyncio can wait for its messages.
final class CANObject: NativeStream {
  let can: CAN

  init(_ can: CAN) { self.can = can }

  func control(_ request: Int, _ argument: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    guard request == StreamRequest.poll else { return .failed(.einval) }
    var ready = 0
    if can.available(in: 0) + can.available(in: 1) > 0 { ready |= StreamRequest.readable }
    if can.pendingCount < 3 { ready |= StreamRequest.writable }
    return .done(ready & argument)
  }
}

/// `pyb.CAN` (ports/stm32/pyb_can.c).
enum CANClass: HardwareClass {
  static let name = "CAN"
  static let modules = [HardwareModule.pyb]
  static let boardBytes = 192

  static func exists(on hardware: Hardware) -> Bool { !hardware.board.cans.isEmpty }

  /// The numbers of the modes (CAN_MODE_* of the HAL, shifted).
  private static let modes: KeyValuePairs<String, (number: Int, mode: CAN.Mode)> = [
    "NORMAL": (0, .normal), "LOOPBACK": (0x400_0000, .loopback), "SILENT": (0x800_0000, .silent),
    "SILENT_LOOPBACK": (0xc00_0000, .silentLoopback),
  ]

  static func define(_ type: PythonClassBuilder<Hardware, CANObject>) {
    let objects = type.objects
    type.make(.required("bus", .value), .rest) { call, bus, rest -> Value in
      let can = try controller(bus, call)
      let value = objects.shared(for: can) { CANObject(can) }
      if can.mode != nil && rest.count > 0 { can.stop() }
      if !rest.isEmpty { try start(can, rest, call) }
      return value
    }
    type.vm.makeStreams(of: type.type)
    type.print { object in
      let can = object.can
      guard let mode = modes.first(where: { $0.value.mode == can.mode })?.key else {
        return "CAN(\(can.number))"
      }
      return "CAN(\(can.number), CAN.\(mode), auto_restart=\(can.restartsItself ? "True" : "False"))"
    }
    type.method("init", .rest) { object, call, rest in try start(object.can, rest, call) }
    type.method("deinit") { $0.can.stop() }
    type.method("restart") { object in
      guard object.can.mode != nil else { throw PythonError.value("") }
      object.can.restart()
    }
    type.method("state") { $0.can.state.rawValue }
    type.method("info", .optional("list", .orNone(.value), default: nil)) { object, call, list -> Value in
      let can = object.can
      let items = [
        can.transmitErrors, can.receiveErrors, can.warningCount, can.passiveCount, can.busOffCount,
        can.pendingCount, can.available(in: 0), can.available(in: 1),
      ].map { Value(smallInt: $0) }
      return try fill(list, items, call)
    }
    type.method("any", .required("fifo", .int)) { object, fifo in
      object.can.available(in: fifo == 0 ? 0 : 1) > 0
    }
    addTransfers(to: type)
    addFilters(to: type)
    type.method("rxcallback", .required("fifo", .int), .required("fun", .value)) {
      object, call, fifo, function in
      try setCallback(object.can, fifo == 0 ? 0 : 1, function, call)
    }
    for (name, mode) in modes { type.constant(name, mode.number) }
    type.constants(["MASK16": 0, "LIST16": 1, "MASK32": 2, "LIST32": 3])
    type.constants([
      "STOPPED": 0, "ERROR_ACTIVE": 1, "ERROR_WARNING": 2, "ERROR_PASSIVE": 3, "BUS_OFF": 4,
    ])
  }

  private static func controller(_ bus: Value, _ call: Call<Hardware>) throws -> CAN {
    try call.host.bus("CAN", bus, in: call.host.board.cans, connector: \.connector)
  }

  // MARK: Setting up

  private struct Setup {
    var mode: Int
    var prescaler: Int
    /// Makes no difference without another node.
    var jumpWidth: Int
    var segment1: Int
    var segment2: Int
    var restartsItself: Bool
    var baudRate: Int
    /// The sample point within the bit, %.
    var samplePoint: Int
    var bankCount: Int
  }

  private static var setup: Signature<Setup> {
    Signature(
      Setup.init, .required("mode", .int), .optional("prescaler", .int, default: 100),
      .keyword("sjw", .int, default: 1), .keyword("bs1", .int, default: 6), .keyword("bs2", .int, default: 8),
      .keyword("auto_restart", .bool, default: false), .keyword("baudrate", .int, default: 0),
      .keyword("sample_point", .int, default: 75), .keyword("num_filter_banks", .int, default: 14))
  }

  private static func start(_ can: CAN, _ arguments: Arguments, _ call: Call<Hardware>) throws {
    let setup = try setup.read(arguments, call.vm)
    var timing = CAN.BitTiming(
      prescaler: setup.prescaler, segment1: (setup.segment1 - 1) & 15 + 1,
      segment2: (setup.segment2 - 1) & 7 + 1)
    if setup.baudRate != 0 {
      timing = try bitTiming(setup.baudRate, samplePoint: setup.samplePoint, clock: can.clockRate)
    }
    guard let mode = modes.first(where: { $0.value.number == setup.mode })?.value.mode,
      (1...1024).contains(timing.prescaler)
    else { throw PythonError.value("CAN(\(can.number)) init failure") }
    for other in call.host.board.cans.values {
      other.setBankCount(other.number == 1 ? setup.bankCount : 28 - setup.bankCount)
    }
    can.start(mode, timing, restartsItself: setup.restartsItself)
  }

  /// The first division that comes within 0.1 % of the rate and 0.5 % of the sample point.
  private static func bitTiming(
    _ baudRate: Int, samplePoint: Int, clock: Int
  ) throws(PythonError) -> CAN.BitTiming {
    for prescaler in 1..<1024 {
      for segment1 in 1..<16 {
        for segment2 in 1..<8 {
          let quanta = 1 + segment1 + segment2
          if abs(baudRate - clock / (prescaler * quanta)) < baudRate / 1000,
            abs(samplePoint * 10 - (1 + segment1) * 1000 / quanta) < 5
          {
            return CAN.BitTiming(prescaler: prescaler, segment1: segment1, segment2: segment2)
          }
        }
      }
    }
    throw .value("couldn't match baudrate \(baudRate) and sample point \(samplePoint)")
  }

  // MARK: Messages

  private static func addTransfers(to type: PythonClassBuilder<Hardware, CANObject>) {
    let message = Signature(
      Message.init, .required("data", .value), .required("id", .int),
      .optional("extframe", .bool, default: false),
      .keyword("timeout", .int, default: 0), .keyword("rtr", .bool, default: false))
    type.method("send", message) { object, call, message in try send(message, object.can, call) }
    type.method(
      "recv", .required("fifo", .int), .optional("list", .orNone(.value), default: nil),
      .keyword("timeout", .int, default: 5000)
    ) { object, call, fifo, list, timeout -> Value in
      guard (0...1).contains(fifo) else { throw call.vm.error(.typeError, arguments: []) }
      guard let message = try receive(object.can, fifo, timeout: timeout, call) else {
        throw OSErrorNumber.timedOut
      }
      return try result(message, list, call)
    }
  }

  private struct Message {
    var data: Value
    var identifier: Int
    var isExtended: Bool
    var timeout: Int
    var isRemote: Bool
  }

  private static func send(_ message: Message, _ can: CAN, _ call: Call<Hardware>) throws {
    let data = try TransferData.toSend(message.data, call.vm)
    guard data.count <= 8 else { throw PythonError.value("CAN data field too long") }
    let frame = CANFrame(
      identifier: UInt32(truncatingIfNeeded: message.identifier), isExtended: message.isExtended,
      isRemote: message.isRemote, data: data)
    guard let mailbox = can.send(frame) else { throw OSErrorNumber.busy }
    guard message.timeout != 0 else { return }
    let isSent = try call.host.wait(milliseconds: message.timeout + 1) { !can.isPending(mailbox) }
    if !isSent {
      can.cancel(mailbox)
      throw OSErrorNumber.timedOut
    }
  }

  private static func receive(
    _ can: CAN, _ fifo: Int, timeout: Int, _ call: Call<Hardware>
  ) throws -> CAN.Received? {
    _ = try call.host.wait(milliseconds: timeout) { can.available(in: fifo) > 0 }
    return can.take(from: fifo)
  }

  /// Identifier, whether it is extended, whether remote, the filter's number, data: in a new list, or in the one given, whose
  /// last item is a memoryview that the data goes into.
  private static func result(
    _ message: CAN.Received, _ list: Value?, _ call: Call<Hardware>
  ) throws -> Value {
    let vm = call.vm
    let frame = message.frame
    let payload = frame.isRemote ? [] : frame.data
    var items = [
      Value(smallInt: Int(frame.identifier)), Value(frame.isExtended), Value(frame.isRemote),
      Value(smallInt: message.filter),
    ]
    guard let list else {
      items.append(vm.heap.bytes(payload))
      return vm.heap.list(items)
    }
    guard let handle = ListHandle(list) else { throw vm.error(.typeError, arguments: []) }
    guard handle.count >= 5 else { throw vm.error(.valueError, arguments: []) }
    guard let view = ArrayHandle(handle.items[4]), view.isMemoryview else {
      throw vm.error(.typeError, arguments: [])
    }
    guard view.itemSize == 1, let buffer = view.resizedView(to: payload.count) else {
      throw vm.error(.valueError, arguments: [])
    }
    buffer.mutableBytes.copyBytes(from: payload)
    for (index, item) in items.enumerated() { handle.items[index] = item }
    return list
  }

  /// Puts items into a list that firmware gave, or a new one.
  static func fill(_ list: Value?, _ items: [Value], _ call: Call<Hardware>) throws -> Value {
    guard let list else { return call.vm.heap.list(items) }
    guard let handle = ListHandle(list) else { throw call.vm.error(.typeError, arguments: []) }
    guard handle.count >= items.count else { throw call.vm.error(.valueError, arguments: []) }
    for (index, item) in items.enumerated() { handle.items[index] = item }
    return list
  }

  // MARK: Filters

  private struct FilterSetup {
    var bank: Int
    var mode: Int
    var fifo: Int
    var parameters: [Int]
    var isExtended: Bool
    var remote: [Int]?
  }

  private static func addFilters(to type: PythonClassBuilder<Hardware, CANObject>) {
    let setup = Signature(
      FilterSetup.init, .required("bank", .int), .required("mode", .int), .required("fifo", .int),
      .required("params", .integers), .optional("extframe", .bool, default: false), .keyword("rtr", .integers)
    )
    type.method("setfilter", setup) { object, _, setup in
      guard object.can.banks.indices.contains(setup.bank), let filters = filters(setup) else {
        throw PythonError.value("CAN filter parameter error")
      }
      object.can.setFilter(setup.bank, CANFilterBank(filters, fifo: setup.fifo & 1))
    }
    type.method("clearfilter", .required("bank", .int), .rest) { object, call, bank, rest in
      // Filters have no banks of their own for extended frames here, as on the board.
      _ = try call.vm.parse(rest, positional: ["extframe"], required: 0, keywordOnly: [])
      if object.can.banks.indices.contains(bank) { object.can.setFilter(bank, nil) }
    }
  }

  /// The words of a filter as MicroPython makes them of its arguments; nil where their number is wrong.
  private static func filters(_ setup: FilterSetup) -> CANFilterBank.Filters? {
    let isMask = setup.mode == 0 || setup.mode == 2
    /// RTR bits: with masks the second and fourth word are the masks.
    func remote(_ index: Int, _ bit: Int) -> Int {
      guard let flags = setup.remote else { return 0 }
      if isMask && index % 2 == 1 { return bit }
      let flag = isMask ? index / 2 : index
      return flag < flags.count && flags[flag] != 0 ? bit : 0
    }
    switch setup.mode {
    case 0, 1:
      guard setup.parameters.count == 4 else { return nil }
      let words = setup.parameters.enumerated().map { index, parameter in
        let word =
          setup.isExtended
          ? (parameter & 0xc0_0000) >> 13 | (parameter & 0x3_8000) >> 15 | 8 | remote(index, 0x02)
          : parameter << 5 | remote(index, 0x10)
        return UInt16(truncatingIfNeeded: word)
      }
      return isMask ? .masks16(words) : .list16(words)
    case 2, 3:
      guard setup.parameters.count == 2 else { return nil }
      let words = setup.parameters.enumerated().map { index, parameter in
        UInt32(truncatingIfNeeded: (parameter & 0x1fff_ffff) << 3 | 4 | remote(index, 0x02))
      }
      return isMask ? .mask32(words[0], words[1]) : .list32(words[0], words[1])
    default: return nil
    }
  }

  // MARK: Callbacks

  private static func setCallback(
    _ can: CAN, _ fifo: Int, _ function: Value, _ call: Call<Hardware>
  ) throws {
    guard !function.isNone else { return can.setInterrupt(fifo, nil) }
    guard call.vm.isCallable(function) else { return }
    call.host.callbackIsSet?(function)
    can.setInterrupt(fifo, .routine(CANCallback(can, fifo, function, call), .hard))
  }
}

/// A function of the firmware's that a FIFO calls with the CAN object and the reason.
private final class CANCallback: InterruptRoutine, ValueHolding {
  private unowned let can: CAN
  private let fifo: Int
  private let function: Value
  private let object: Value
  private unowned let vm: Interpreter

  init(_ can: CAN, _ fifo: Int, _ function: Value, _ call: Call<Hardware>) {
    self.can = can
    self.fifo = fifo
    self.function = function
    object = call.object
    vm = call.vm
  }

  func visitValues(_ visit: (Value) -> Void) {
    visit(function)
    visit(object)
  }

  func handle(_ interrupt: Interrupt) throws {
    for reason in can.takeReasons(of: fifo) {
      try vm.callHardHandler(
        function, [object, Value(smallInt: reason.rawValue)],
        complaint: "uncaught exception in CAN(\(can.number)) rx interrupt handler")
    }
  }
}
