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
      let controller = try call.host.spi(identifier: id, call.vm)
      let value = objects.shared(for: controller) { HardwareSPI(controller) }
      if rest.count > 0 || rest.keywordCount > 0 {
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
      bus, call, data, _ in
      _ = try bus.transfer(TransferData.toSend(data, call.vm))
    }
    type.method("recv", .required("recv", .value), .keyword("timeout", .int, default: 5000)) {
      bus, call, target, _ -> Value in
      // What the board sends meanwhile is what the buffer held; here zeros.
      try TransferData.receive(target, call.vm) { try bus.transfer([UInt8](repeating: 0, count: $0)) }
    }
    type.method(
      "send_recv", .required("send", .value), .optional("recv", .value),
      .keyword("timeout", .int, default: 5000)
    ) { bus, call, data, target, _ -> Value in
      let bytes = try TransferData.toSend(data, call.vm)
      guard let target else { return call.vm.heap.bytes(try bus.transfer(bytes)) }
      guard try call.vm.buffer(target, writable: true).byteCount == bytes.count else {
        throw PythonError.value("recv must be same length as send")
      }
      try TransferData.fill(target, call.vm) { _ in try bus.transfer(bytes) }
      return target
    }
  }

  private static func start(_ controller: SPIController, _ setup: Setup, _ hardware: Hardware) throws {
    guard setup.mode == controllerMode else { throw PythonError.notEmulated("SPI peripherals are") }
    guard setup.baudRate > 0 else { throw PythonError.value("invalid baudrate") }
    if setup.ti { throw PythonError.notEmulated("SPI transfers in TI mode are") }
    if let crc = setup.crc, !crc.isNone { throw PythonError.notEmulated("SPI transfers with a CRC are") }
    controller.start(
      SPISettings(
        baudRate: setup.baudRate, polarity: setup.polarity == 0 ? 0 : 1, phase: setup.phase == 0 ? 0 : 1,
        bits: setup.bits == 16 ? 16 : 8,
        isLowestBitFirst: setup.firstBit == hardware.port.spiLowestBitFirst),
      prescaler: setup.prescaler == noPrescaler ? nil : setup.prescaler)
  }

  private static func text(_ controller: SPIController) -> String {
    guard let settings = controller.settings else { return "SPI(\(controller.number))" }
    return "SPI(\(controller.number), SPI.CONTROLLER, baudrate=\(controller.baudRate), "
      + "prescaler=\(controller.prescaler), polarity=\(settings.polarity), phase=\(settings.phase), "
      + "bits=\(settings.bits))"
  }
}
