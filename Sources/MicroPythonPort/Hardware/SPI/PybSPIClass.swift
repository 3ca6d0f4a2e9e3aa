import Machine
import MicroPython

/// `pyb.SPI` (ports/stm32/pyb_spi.c).
enum PybSPIClass: HardwareClass {
  private struct Setup {
    var mode: Int
    var baudRate: Int
    var prescaler: Int
    var polarity: Int
    var phase: Int
    var direction: Int
    var bits: Int
    var nss: Int
    var firstBit: Int
    var ti: Bool
    var crc: Value?
  }

  static let name = "SPI"
  static let modules = [HardwareModule.pyb]
  static let boardBytes = 0

  /// The bits MSTR and SSI of the register CR1.
  private static let controllerMode = 0x104
  private static let peripheralMode = 0
  private static let noPrescaler = -1

  static func exists(on hardware: Hardware) -> Bool { !hardware.board.spis.isEmpty }

  static func define(_ type: PythonClassBuilder<Hardware, HardwareSPI>) {
    let port = type.host.port
    let setup = Signature(
      Setup.init, .required("mode", .int), .optional("baudrate", .int, default: 328_125),
      .keyword("prescaler", .int, default: noPrescaler), .keyword("polarity", .int, default: 1),
      .keyword("phase", .int, default: 0), .keyword("dir", .int, default: 0),
      .keyword("bits", .int, default: 8), .keyword("nss", .int, default: 0),
      .keyword("firstbit", .int, default: port.spiHighestBitFirst), .keyword("ti", .bool, default: false),
      .keyword("crc", .value))
    let objects = type.objects
    type.make(.required("id", .value), .rest) { call, id, rest -> Value in
      let controller = try call.host.spi(identifier: id)
      let value = objects.shared(for: controller) { HardwareSPI(controller) }
      if !rest.isEmpty {
        try start(controller, setup.read(rest, call.vm), call.host)
      }
      return value
    }
    type.print { bus in text(bus.controller) }
    type.constants([
      "CONTROLLER": controllerMode, "PERIPHERAL": peripheralMode, "MASTER": controllerMode,
      "SLAVE": peripheralMode, "MSB": port.spiHighestBitFirst, "LSB": port.spiLowestBitFirst,
    ])
    type.method("init", setup) { bus, call, setup in try start(bus.controller, setup, call.host) }
    type.method("deinit") { bus in bus.controller.stop() }
    SPIMethods.define(type)
    defineTransfers(type)
  }

  private static func defineTransfers(_ type: PythonClassBuilder<Hardware, HardwareSPI>) {
    type.method("send", .required("send", .value), .keyword("timeout", .int, default: 5000)) {
      bus, call, data, timeout in
      _ = try transfer(bus, TransferData.toSend(data, call.vm), timeout)
    }
    type.method("recv", .required("recv", .value), .keyword("timeout", .int, default: 5000)) {
      bus, call, target, timeout -> Value in
      // Meanwhile the board sends the buffer's old contents; here zeros.
      try TransferData.receive(target, call.vm) {
        try transfer(bus, [UInt8](repeating: 0, count: $0), timeout)
      }
    }
    type.method(
      "send_recv", .required("send", .value), .optional("recv", .value),
      .keyword("timeout", .int, default: 5000)
    ) { bus, call, data, target, timeout -> Value in
      let bytes = try TransferData.toSend(data, call.vm)
      guard let target else { return call.vm.heap.bytes(try transfer(bus, bytes, timeout)) }
      guard try call.vm.buffer(target, writable: true).byteCount == bytes.count else {
        throw PythonError.value("recv must be same length as send")
      }
      try TransferData.fill(target, call.vm) { _ in try transfer(bus, bytes, timeout) }
      return target
    }
  }

  /// - Parameter timeout: milliseconds that a target waits for the controller's clock.
  private static func transfer(_ bus: HardwareSPI, _ bytes: [UInt8], _ timeout: Int) throws -> [UInt8] {
    guard bus.controller.isTarget else { return try bus.transfer(bytes) }
    guard let answer = try bus.controller.answer(bytes, within: .milliseconds(Int64(max(0, timeout)))) else {
      throw OSErrorNumber.timedOut
    }
    return answer
  }

  private static func start(_ controller: SPIController, _ setup: Setup, _ hardware: Hardware) throws {
    guard setup.baudRate > 0 else { throw PythonError.value("invalid baudrate") }
    if setup.ti { throw PythonError.notEmulated("SPI transfers in TI mode are") }
    if let crc = setup.crc, !crc.isNone { throw PythonError.notEmulated("SPI transfers with a CRC are") }
    let settings = SPISettings(
      baudRate: setup.baudRate, polarity: setup.polarity == 0 ? 0 : 1, phase: setup.phase == 0 ? 0 : 1,
      bits: setup.bits == 16 ? 16 : 8,
      isLowestBitFirst: setup.firstBit == hardware.port.spiLowestBitFirst)
    guard setup.mode == controllerMode else { return controller.startAsTarget(settings) }
    controller.stop()
    controller.start(
      settings, prescaler: setup.prescaler == noPrescaler ? nil : setup.prescaler)
  }

  private static func text(_ controller: SPIController) -> String {
    guard let settings = controller.settings else { return "SPI(\(controller.number))" }
    if controller.isTarget {
      return
        "SPI(\(controller.number), SPI.PERIPHERAL, polarity=\(settings.polarity), phase=\(settings.phase), "
        + "bits=\(settings.bits))"
    }
    return "SPI(\(controller.number), SPI.CONTROLLER, baudrate=\(controller.baudRate), "
      + "prescaler=\(controller.prescaler), polarity=\(settings.polarity), phase=\(settings.phase), "
      + "bits=\(settings.bits))"
  }
}
