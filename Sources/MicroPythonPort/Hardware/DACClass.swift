import Machine
import MicroPython

/// A `DAC` object and the width that it was given.
final class DACObject {
  let dac: DAC
  /// 8 or 12.
  var bits = 8

  init(_ dac: DAC) { self.dac = dac }

  /// A sample of the object's width as the converter takes it, 12 bits.
  func sample(_ value: Int) -> Int { value << (12 - bits) }
}

/// `pyb.DAC` (ports/stm32/dac.c).
enum DACClass: HardwareClass {
  static let name = "DAC"
  static let modules = [HardwareModule.pyb]
  static let boardBytes = 0

  private static let normal = 0
  private static let circular = 256

  private struct Setup {
    var bits: Int
    /// The output buffer makes no difference to an ideal converter.
    var buffering: Value?
  }

  static func exists(on hardware: Hardware) -> Bool { !hardware.board.dacs.isEmpty }

  static func define(_ type: PythonClassBuilder<Hardware, DACObject>) {
    let setup = Signature(
      Setup.init, .optional("bits", .int, default: 8), .keyword("buffering", .value))
    let objects = type.objects
    type.make(.required("id", .value), .rest) { call, id, rest -> Value in
      let dac = try call.host.dac(id)
      let value = objects.shared(for: dac) { DACObject(dac) }
      if !dac.isOn || !rest.isEmpty {
        try start(objects.receiver(of: value), setup.read(rest, call.vm))
      }
      return value
    }
    type.print { "DAC(\($0.dac.number), bits=\($0.bits))" }
    type.constants(["NORMAL": normal, "CIRCULAR": circular])
    type.method("init", setup) { object, _, setup in try start(object, setup) }
    type.method("deinit") { $0.dac.stop() }
    type.method("write", .required("value", .int)) { $0.dac.write($0.sample($1)) }
    type.method("noise", .required("freq", .value)) { object, call, rate in
      object.dac.playNoise(frequency: try call.host.samplingRate(rate))
    }
    type.method("triangle", .required("freq", .value)) { object, call, rate in
      object.dac.playTriangle(frequency: try call.host.samplingRate(rate))
    }
    type.method(
      "write_timed", .required("data", .buffer), .required("freq", .value),
      .keyword("mode", .int, default: normal)
    ) { object, call, data, rate, mode in
      let bytes = Array(data.bytes)
      object.dac.play(
        (object.bits == 8 ? bytes.map { Int($0) } : words(bytes)).map(object.sample),
        frequency: try call.host.samplingRate(rate), repeats: mode == circular)
    }
  }

  private static func start(_ object: DACObject, _ setup: Setup) throws {
    object.dac.start()
    guard setup.bits == 8 || setup.bits == 12 else { throw PythonError.value("unsupported bits") }
    object.bits = setup.bits
  }

  private static func words(_ bytes: [UInt8]) -> [Int] {
    stride(from: 0, to: bytes.count - bytes.count % 2, by: 2).map { Int(bytes[$0]) | Int(bytes[$0 + 1]) << 8 }
  }
}

extension Hardware {
  /// A converter given by number or by its pin.
  fileprivate func dac(_ identifier: Value) throws -> DAC {
    if identifier.isSmallInt { return try part("DAC", identifier.smallInt, in: board.dacs) }
    let pin = try findPin(identifier)
    guard let dac = board.dacs.values.first(where: { $0.pin === pin }) else {
      throw PythonError.value("Pin(\(pin.cpuName)) doesn't have DAC capabilities")
    }
    return dac
  }
}
