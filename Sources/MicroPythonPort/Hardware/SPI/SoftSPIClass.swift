import Machine
import MicroPython

/// `machine.SoftSPI` (extmod/machine_spi.c).
enum SoftSPIClass: HardwareClass {
  /// A bus of three pins, which `init` can choose anew.
  final class Bus: SPIBus {
    fileprivate(set) var soft: SoftSPI
    init(_ soft: SoftSPI) { self.soft = soft }
    func transfer(_ bytes: [UInt8]) throws -> [UInt8] { soft.transfer(bytes) }
  }

  private struct Change {
    var baudRate: Int
    var polarity: Int
    var phase: Int
    var firstBit: Int
    var sck: Value?
    var mosi: Value?
    var miso: Value?
  }

  static let name = "SoftSPI"
  static let modules = [HardwareModule.machine]
  private static let unchanged = -1

  static func define(_ type: PythonClassBuilder<Hardware, Bus>) {
    let port = type.host.port
    let setup = SPISetup.signature(baudRate: 500_000, port)
    let change = Signature(
      Change.init, .optional("baudrate", .int, default: unchanged),
      .optional("polarity", .int, default: unchanged), .optional("phase", .int, default: unchanged),
      .keyword("firstbit", .int, default: unchanged), .keyword("sck", .value), .keyword("mosi", .value),
      .keyword("miso", .value))
    type.make(.rest) { call, rest in Bus(try make(setup.read(rest, call.vm), call.host)) }
    type.print { bus, call in
      let soft = bus.soft
      let settings = soft.settings
      let pins = [soft.sckPin, soft.mosiPin, soft.misoPin].map(call.host.port.pinText)
      let firstBit = settings.isLowestBitFirst ? port.spiLowestBitFirst : port.spiHighestBitFirst
      return "SoftSPI(baudrate=\(soft.baudRate), polarity=\(settings.polarity), phase=\(settings.phase), "
        + "firstbit=\(firstBit), sck=\(pins[0]), mosi=\(pins[1]), miso=\(pins[2]))"
    }
    type.constants(["MSB": port.spiHighestBitFirst, "LSB": port.spiLowestBitFirst])
    type.method("init", change) { bus, call, change in try apply(change, to: bus, call.host) }
    type.method("deinit") { _ in }
    SPIMethods.define(type)
  }

  /// Makes a bus of the arguments of `SoftSPI(…)`.
  static func make(_ arguments: Arguments, _ hardware: Hardware) throws -> Value {
    let setup = SPISetup.signature(baudRate: 500_000, hardware.port)
    return hardware.objects(of: Self.self).make(Bus(try make(setup.read(arguments, hardware.vm), hardware)))
  }

  private static func make(_ setup: SPISetup, _ hardware: Hardware) throws -> SoftSPI {
    guard setup.bits == 8 else { throw PythonError.value("bits must be 8") }
    guard let sck = setup.sck, let mosi = setup.mosi, let miso = setup.miso else {
      throw PythonError.value("must specify all of sck/mosi/miso")
    }
    guard setup.baudRate > 0 else { throw PythonError.value("invalid baudrate") }
    return SoftSPI(
      SPISettings(
        baudRate: setup.baudRate, polarity: setup.polarity == 0 ? 0 : 1, phase: setup.phase == 0 ? 0 : 1,
        isLowestBitFirst: setup.firstBit == hardware.port.spiLowestBitFirst),
      sck: try hardware.findPin(sck), mosi: try hardware.findPin(mosi),
      miso: try hardware.findPin(miso), board: hardware.board)
  }

  private static func apply(_ change: Change, to bus: Bus, _ hardware: Hardware) throws {
    var settings = bus.soft.settings
    if change.baudRate > 0 { settings.baudRate = change.baudRate }
    if change.polarity != unchanged { settings.polarity = change.polarity == 0 ? 0 : 1 }
    if change.phase != unchanged { settings.phase = change.phase == 0 ? 0 : 1 }
    if change.firstBit != unchanged {
      settings.isLowestBitFirst = change.firstBit == hardware.port.spiLowestBitFirst
    }
    func pin(_ value: Value?, _ now: Pin) throws -> Pin {
      try value.map { try hardware.findPin($0) } ?? now
    }
    bus.soft = SoftSPI(
      settings, sck: try pin(change.sck, bus.soft.sckPin), mosi: try pin(change.mosi, bus.soft.mosiPin),
      miso: try pin(change.miso, bus.soft.misoPin), board: hardware.board)
  }
}
