import Machine
import MicroPython
import Timebase

/// The board as the computer sees it at its USB socket: a terminal and a disk (ports/stm32/usb.c).
final class USBPort {
  /// The value of `pyb.usb_mode()`; nil while USB is off.
  fileprivate(set) var mode: String? = "VCP+MSC"

  /// Both spellings of each mode.
  fileprivate static let modes: [String: String] = [
    "VCP": "VCP", "MSC": "MSC", "VCP+MSC": "VCP+MSC", "VCP+HID": "VCP+HID", "VCP+MSC+HID": "VCP+MSC+HID",
    "CDC": "VCP", "CDC+MSC": "VCP+MSC", "CDC+HID": "VCP+HID", "2xVCP": "2xVCP", "2xVCP+MSC": "2xVCP+MSC",
    "2xVCP+MSC+HID": "2xVCP+MSC+HID", "VCP+VCP": "2xVCP", "VCP+VCP+MSC": "2xVCP+MSC",
  ]
}

/// `pyb.usb_mode` and the older functions about USB. The mode can be set and asked for; the terminal stays what it is.
enum USBFunctions: HardwareFunctions {
  static let modules = [HardwareModule.pyb]

  private struct Setup {
    var mode: Value?
    var port: Int
    var vendor: Int
    var product: Int
    var disks: Value?
    var hid: Value?
    var isHighSpeed: Bool
  }

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    let usb = module.host.usb
    let setup = Signature(
      Setup.init, .optional("mode", .value), .keyword("port", .int, default: -1),
      .keyword("vid", .int, default: 0xf055), .keyword("pid", .int, default: -1), .keyword("msc", .value),
      .keyword("hid", .value), .keyword("high_speed", .bool, default: false))
    module.function("usb_mode", .rest) { call, arguments -> String? in
      if arguments.isEmpty { return usb.mode }
      try set(usb, try setup.read(arguments, call.vm), call)
      return nil
    }
    module.function("have_cdc") { _ in usb.mode?.contains("VCP") ?? false }
    module.function("hid", .required("report", .value)) { call, report in
      try USBReporter(call.host).send(report, call.vm)
    }
    // Subclass, protocol, longest packet, polling interval and descriptor (USB HID 1.11, appendices B and E).
    module.constant("hid_mouse", PythonTuple(1, 2, 4, 8, Self.mouseDescriptor))
    module.constant("hid_keyboard", PythonTuple(1, 1, 8, 8, Self.keyboardDescriptor))
  }

  private static func set(_ usb: USBPort, _ setup: Setup, _ call: Call<Hardware>) throws {
    let reports = call.host.board.usbReports
    guard let wanted = setup.mode, !wanted.isNone else {
      usb.mode = nil
      reports?.interval = nil
      return
    }
    guard let mode = USBPort.modes[try call.vm.string(wanted)] else {
      throw PythonError.value("bad USB mode")
    }
    var interval: Int?
    if mode.contains("HID") {
      // As a mouse, unless the firmware sets another interval.
      interval = 8
      if let description = setup.hid {
        let items = try call.vm.sequenceItems(description)
        guard items.count == 5 else {
          throw PythonError.value("requested length 5 but object has length \(items.count)")
        }
        for item in items.prefix(4) { _ = try call.vm.int(item) }
        _ = try call.vm.buffer(items[4])
        interval = try call.vm.int(items[3])
      }
    }
    usb.mode = mode
    reports?.interval = interval.map { .milliseconds(Int64(min(max(1, $0), 255))) }
  }

  /// Three buttons and three relative axes.
  private static let mouseDescriptor: [UInt8] = [
    0x05, 0x01, 0x09, 0x02, 0xa1, 0x01, 0x09, 0x01, 0xa1, 0x00, 0x05, 0x09, 0x19, 0x01, 0x29, 0x03,
    0x15, 0x00, 0x25, 0x01, 0x95, 0x03, 0x75, 0x01, 0x81, 0x02, 0x75, 0x05, 0x95, 0x01, 0x81, 0x01,
    0x05, 0x01, 0x09, 0x30, 0x09, 0x31, 0x09, 0x38, 0x15, 0x81, 0x25, 0x7f, 0x75, 0x08, 0x95, 0x03,
    0x81, 0x06, 0xc0, 0xc0,
  ]

  /// Eight modifiers, six keys and five lights.
  private static let keyboardDescriptor: [UInt8] = [
    0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0x05, 0x07, 0x19, 0xe0, 0x29, 0xe7, 0x15, 0x00, 0x25, 0x01,
    0x75, 0x01, 0x95, 0x08, 0x81, 0x02, 0x95, 0x01, 0x75, 0x08, 0x81, 0x01, 0x95, 0x05, 0x75, 0x01,
    0x05, 0x08, 0x19, 0x01, 0x29, 0x05, 0x91, 0x02, 0x95, 0x01, 0x75, 0x03, 0x91, 0x01, 0x95, 0x06,
    0x75, 0x08, 0x15, 0x00, 0x25, 0xff, 0x05, 0x07, 0x19, 0x00, 0x29, 0x65, 0x81, 0x00, 0xc0,
  ]
}

/// A `USB_VCP` object: the board's terminal.
final class USBTerminal: NativeStream {
  private unowned let hardware: Hardware
  private var input: StandardInput? { hardware.terminalInput?.binary }
  /// Made when firmware asks for the interrupt.
  private lazy var reception = USBReception(hardware.board) { [unowned self] in hasInput }
  private var hasHandler = false

  init(_ hardware: Hardware) { self.hardware = hardware }

  /// Whether there is something to read. At the end of the host's input there is nothing any more: a computer that sends nothing
  /// is all that a board would see.
  var hasInput: Bool { input?.hasBytes ?? false }

  func read(into buffer: UnsafeMutableRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    guard let input, input.hasBytes else { return .failed(.eagain) }
    let result = try input.read(into: buffer, vm)
    if hasHandler, case .done(let count) = result { reception.taken(count) }
    return result
  }

  /// - Parameter handler: nil takes it away.
  func setInterrupt(_ handler: InterruptHandler?) {
    guard hasHandler || handler != nil else { return }
    hasHandler = handler != nil
    reception.setInterrupt(handler)
  }

  func write(_ bytes: UnsafeRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    vm.write(Array(bytes))
    return .done(bytes.count)
  }

  func control(_ request: Int, _ argument: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    switch request {
    case StreamRequest.poll:
      return .done(argument & (StreamRequest.writable | (hasInput ? StreamRequest.readable : 0)))
    case StreamRequest.flush: return .done(0)
    default: return .failed(.einval)
    }
  }
}

/// `pyb.USB_VCP` (ports/stm32/usb.c).
enum USBVCPClass: HardwareClass {
  static let name = "USB_VCP"
  static let modules = [HardwareModule.pyb]
  static let boardBytes = 0

  static func define(_ type: PythonClassBuilder<Hardware, USBTerminal>) {
    let objects = type.objects
    type.make(.optional("id", .int, default: 0)) { call, id -> Value in
      guard id == 0 else { throw PythonError.value("USB_VCP(\(id)) doesn't exist") }
      return objects.shared(for: call.host.usb) { USBTerminal(call.host) }
    }
    type.print { _ in "USB_VCP(0)" }
    type.method("init", rules: .named, .keyword("flow", .int, default: -1)) { _, _ in }
    type.method("setinterrupt", .required("chr", .int)) { _, call, character in
      call.vm.interruptCharacter = character
    }
    type.method("isconnected") { _ in true }
    type.method("any") { $0.hasInput }
    type.method("send", .required("data", .value), .keyword("timeout", .int, default: 5000)) {
      terminal, call, data, _ -> Int in
      let bytes = try TransferData.toSend(data, call.vm)
      call.vm.write(bytes)
      return bytes.count
    }
    type.method("recv", .required("data", .value), .keyword("timeout", .int, default: 5000)) {
      terminal, call, data, timeout -> Value in
      try TransferData.receive(data, call.vm, tellsCount: true) { count in
        try receive(terminal, call, count: count, timeout: timeout)
      }
    }
    type.streams([.read, .readinto, .readline, .readlines, .write, .close, .enter, .exit])
    type.method("irq", .rest) { terminal, call, arguments in
      guard !arguments.isEmpty else { return }
      try setInterrupt(
        terminal, try IRQRequest.read(arguments, call.vm, trigger: receptionTrigger), call)
    }
    type.constants(["RTS": 1, "CTS": 2, "IRQ_RX": receptionTrigger])
  }

  private static let receptionTrigger = 1

  /// The handler is scheduled, and called with the object.
  private static func setInterrupt(
    _ terminal: USBTerminal, _ request: IRQRequest, _ call: Call<Hardware>
  ) throws {
    guard request.trigger == 0 || request.trigger == receptionTrigger else {
      throw PythonError.value("unsupported trigger")
    }
    guard !request.isHard else { throw PythonError.value("hard unsupported") }
    terminal.setInterrupt(
      request.trigger == 0
        ? nil
        : try call.host.handler(
          request.handler, argument: call.object, .soft, complaint: Hardware.irqComplaint))
  }

  /// Takes the bytes that come within a time, at most so many.
  private static func receive(
    _ terminal: USBTerminal, _ call: Call<Hardware>, count limit: Int, timeout: Int
  ) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: limit)
    var count = 0
    let clock = call.host.board.clock
    let end = clock.now + .milliseconds(timeout)
    while count < bytes.count {
      if terminal.hasInput {
        let result = try bytes.withUnsafeMutableBytes { all throws(Raised) in
          try terminal.read(into: UnsafeMutableRawBufferPointer(rebasing: all[count...]), call.vm)
        }
        guard case .done(let more) = result, more > 0 else { break }
        count += more
      } else {
        guard clock.now < end else { break }
        try call.vm.live(until: min(end, clock.now + .milliseconds(1)))
      }
    }
    return Array(bytes[..<count])
  }
}

/// A `USB_HID` object: reports to the computer at the USB socket, and from it.
final class USBReporter: NativeStream {
  private unowned let hardware: Hardware
  private var reports: USBReports? { hardware.board.usbReports }

  init(_ hardware: Hardware) { self.hardware = hardware }

  /// - Parameter report: bytes, or up to eight integers.
  /// - Returns: how many bytes will be sent: none while the report before waits, or the board is no such device.
  func send(_ report: Value, _ vm: Interpreter) throws -> Int {
    var bytes: [UInt8]
    if report.isKind(.list) || report.isKind(.tuple) {
      let items = try vm.collect(report)
      guard items.count <= 8 else {
        throw PythonError.value("tuple/list too large for HID report; use bytearray instead")
      }
      bytes = []
      for item in items { bytes.append(UInt8(truncatingIfNeeded: try vm.int(item))) }
    } else {
      bytes = try vm.bytes(report)
    }
    return reports?.send(bytes) == true ? bytes.count : 0
  }

  /// Waits for a report.
  /// - Returns: its bytes, at most so many; none when the time was over.
  func receive(count: Int, timeout: Int) throws -> [UInt8] {
    let isThere = try hardware.wait(milliseconds: timeout) { (reports?.available ?? 0) > 0 }
    return isThere ? Array((reports?.take() ?? []).prefix(count)) : []
  }

  func control(_ request: Int, _ argument: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    guard request == StreamRequest.poll, let reports else { return .failed(.einval) }
    let ready =
      (reports.available > 0 ? StreamRequest.readable : 0) | (reports.canSend ? StreamRequest.writable : 0)
    return .done(argument & ready)
  }
}

/// `pyb.USB_HID` (ports/stm32/usb.c).
enum USBHIDClass: HardwareClass {
  static let name = "USB_HID"
  static let modules = [HardwareModule.pyb]
  static let boardBytes = 0

  static func define(_ type: PythonClassBuilder<Hardware, USBReporter>) {
    let objects = type.objects
    type.make { call -> Value in
      objects.shared(for: call.host.usb) { USBReporter(call.host) }
    }
    type.vm.makeStreams(of: type.type)
    type.method("send", .required("report", .value)) { reporter, call, report in
      try reporter.send(report, call.vm)
    }
    type.method("recv", .required("data", .value), .keyword("timeout", .int, default: 5000)) {
      reporter, call, data, timeout -> Value in
      try TransferData.receive(data, call.vm, tellsCount: true) { count in
        try reporter.receive(count: count, timeout: timeout)
      }
    }
  }
}
