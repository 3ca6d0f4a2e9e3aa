import Machine
import MicroPython

/// `machine.SPI` (ports/stm32/machine_spi.c, ports/rp2/machine_spi.c, extmod/machine_spi.c).
enum MachineSPIClass: HardwareClass {
  private struct Change {
    var baudRate: Int
    var polarity: Int
    var phase: Int
    var bits: Int
    var firstBit: Int
  }

  static let name = "SPI"
  static let modules = [HardwareModule.machine]
  static let boardBytes = 0
  private static let unchanged = -1

  static func exists(on hardware: Hardware) -> Bool { !hardware.board.spis.isEmpty }

  static func define(_ type: PythonClassBuilder<Hardware, HardwareSPI>) {
    let port = type.host.port
    let setup = SPISetup.signature(baudRate: port.spiRate, port)
    let change = Signature(
      Change.init, .keyword("baudrate", .int, default: unchanged),
      .keyword("polarity", .int, default: unchanged), .keyword("phase", .int, default: unchanged),
      .keyword("bits", .int, default: unchanged), .keyword("firstbit", .int, default: unchanged))
    let objects = type.objects
    func make(_ call: Call<Hardware>, _ id: Value, _ rest: Arguments) throws -> Value {
      let controller = try call.host.spi(identifier: id)
      let value = objects.shared(for: controller) { HardwareSPI(controller) }
      if !rest.isEmpty || port.spiAlwaysStarts || controller.settings == nil {
        try start(controller, setup.read(rest, call.vm), call.host)
      }
      return value
    }
    if port.makesSoftBusesByNumber {
      type.make(.rest) { call, arguments -> Value in
        if let soft = call.host.softBusArguments(arguments, "SPI") {
          return try SoftSPIClass.make(soft, call.host)
        }
        return try make(call, arguments[0], arguments.dropFirst())
      }
    } else {
      type.make(.required("id", .value), .rest) { call, id, rest -> Value in try make(call, id, rest) }
    }
    type.print { bus in text(bus.controller, port) }
    type.constants(["MSB": port.spiHighestBitFirst, "LSB": port.spiLowestBitFirst])
    type.method("init", change) { bus, call, change in try apply(change, to: bus.controller, call.host) }
    type.method("deinit") { bus in bus.controller.stop() }
    SPIMethods.define(type)
  }

  private static func start(_ controller: SPIController, _ setup: SPISetup, _ hardware: Hardware) throws {
    try hardware.port.choosePins(of: controller, setup, hardware)
    try start(
      controller,
      Change(
        baudRate: setup.baudRate, polarity: setup.polarity, phase: setup.phase, bits: setup.bits,
        firstBit: setup.firstBit), hardware)
  }

  private static func apply(_ change: Change, to controller: SPIController, _ hardware: Hardware) throws {
    let now = controller.settings ?? SPISettings(baudRate: 500_000)
    func either(_ new: Int, _ old: Int) -> Int { new == unchanged ? old : new }
    try start(
      controller,
      Change(
        baudRate: either(change.baudRate, now.baudRate), polarity: either(change.polarity, now.polarity),
        phase: either(change.phase, now.phase), bits: either(change.bits, now.bits),
        firstBit: either(
          change.firstBit,
          now.isLowestBitFirst ? hardware.port.spiLowestBitFirst : hardware.port.spiHighestBitFirst)),
      hardware)
  }

  private static func start(_ controller: SPIController, _ setup: Change, _ hardware: Hardware) throws {
    guard setup.baudRate > 0 else { throw PythonError.value("invalid baudrate") }
    let isLowestBitFirst = setup.firstBit == hardware.port.spiLowestBitFirst
    let bits = try hardware.port.spiBits(setup.bits, isLowestBitFirst: isLowestBitFirst)
    controller.start(
      SPISettings(
        baudRate: setup.baudRate, polarity: setup.polarity == 0 ? 0 : 1, phase: setup.phase == 0 ? 0 : 1,
        bits: bits, isLowestBitFirst: isLowestBitFirst))
  }

  private static func text(_ controller: SPIController, _ port: any MachinePort) -> String {
    guard let settings = controller.settings else { return "SPI(\(controller.number))" }
    return "SPI(\(controller.number), baudrate=\(controller.baudRate), polarity=\(settings.polarity), "
      + "phase=\(settings.phase), bits=\(settings.bits)\(port.pinsText(of: controller)))"
  }
}
