import Machine
import MicroPython

/// Common part of `machine.SPI`, `machine.SoftSPI` and `pyb.SPI`: the methods of extmod/machine_spi.c over a
/// controller.
protocol SPIBus: AnyObject {
  /// Sends bytes and reads as many.
  func transfer(_ bytes: [UInt8]) throws -> [UInt8]
}

/// A bus of one of the processor's peripherals.
class HardwareSPI: SPIBus {
  let controller: SPIController

  init(_ controller: SPIController) { self.controller = controller }

  func transfer(_ bytes: [UInt8]) throws -> [UInt8] {
    // The vendor's driver finds a peripheral that is off busy.
    guard controller.settings != nil else { throw OSErrorNumber.busy }
    return controller.transfer(bytes)
  }
}

/// Arguments to make a `machine.SPI` or `machine.SoftSPI` with.
struct SPISetup {
  var baudRate: Int
  var polarity: Int
  var phase: Int
  var bits: Int
  var firstBit: Int
  var sck: Value?
  var mosi: Value?
  var miso: Value?

  static func signature(baudRate: Int, _ port: any MachinePort) -> Signature<SPISetup> {
    Signature(
      SPISetup.init, .optional("baudrate", .int, default: baudRate), .keyword("polarity", .int, default: 0),
      .keyword("phase", .int, default: 0), .keyword("bits", .int, default: 8),
      .keyword("firstbit", .int, default: port.spiHighestBitFirst), .keyword("sck", .value),
      .keyword("mosi", .value), .keyword("miso", .value))
  }
}

enum SPIMethods {
  static func define<Bus: SPIBus>(_ type: PythonClassBuilder<Hardware, Bus>) {
    type.method("read", .required("nbytes", .int), .optional("write", .int, default: 0)) {
      (bus: Bus, call, count: Int, byte: Int) -> [UInt8] in
      try bus.transfer(repeated(byte, TransferData.checked(count, call.vm)))
    }
    type.method("readinto", .required("buf", .value), .optional("write", .int, default: 0)) {
      (bus: Bus, call, buffer: Value, byte: Int) in
      _ = try TransferData.fill(buffer, call.vm) { try bus.transfer(repeated(byte, $0)) }
    }
    type.method("write", .required("buf", .bytes)) { (bus: Bus, call, bytes: [UInt8]) in
      _ = try bus.transfer(bytes)
    }
    type.method("write_readinto", .required("write_buf", .bytes), .required("read_buf", .value)) {
      (bus: Bus, call, bytes: [UInt8], buffer: Value) in
      guard try call.vm.buffer(buffer, writable: true).byteCount == bytes.count else {
        throw PythonError.value("buffers must be the same length")
      }
      try TransferData.fill(buffer, call.vm) { _ in try bus.transfer(bytes) }
    }
  }

  private static func repeated(_ byte: Int, _ count: Int) -> [UInt8] {
    [UInt8](repeating: UInt8(truncatingIfNeeded: byte), count: count)
  }
}

extension Hardware {
  /// A bus by number or by the name of its connector.
  func spi(identifier: Value) throws -> SPIController {
    try bus("SPI", identifier, in: board.spis, connector: \.connector)
  }
}
