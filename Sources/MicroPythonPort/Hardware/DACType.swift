import Machine
import MicroPython

/// A `DAC` object and the width that it was given.
private final class DACObject {
  let dac: DAC
  /// 8 or 12.
  var bits = 8
  init(_ dac: DAC) { self.dac = dac }
}

/// `pyb.DAC` (ports/stm32/dac.c).
extension Hardware {
  private func dac(_ value: Value) throws(Raised) -> DACObject { try part(value, types.dac) }

  func defineDAC() {
    let type = types.dac
    type.info.make = { [unowned self] (vm, type, arguments) throws(Raised) in
      guard arguments.count > 0 else {
        throw vm.error(.typeError, "function missing 1 required positional arguments")
      }
      let part = try findDAC(arguments[0])
      let value = singleton(for: part) { vm.heap.native(type, DACObject(part), boardBytes: 0) }
      if !part.isOn || arguments.count > 1 || arguments.keywordCount > 0 {
        try start(dac(value), arguments.dropFirst())
      }
      return value
    }
    type.info.print = { [unowned self] (_, value, _, output) throws(Raised) in
      let object = try dac(value)
      output.write("DAC(\(object.dac.number), bits=\(object.bits))")
    }
    vm.define(type) { type in
      type.attribute("NORMAL", Value(smallInt: 0))
      type.attribute("CIRCULAR", Value(smallInt: 256))
      type.method("init", 0...1, keywords: true) { [unowned self] (_, args) throws(Raised) in
        try start(dac(args[0]), args.dropFirst())
        return .none
      }
      type.method("deinit", 0...0) { [unowned self] (_, args) throws(Raised) in
        try dac(args[0]).dac.stop()
        return .none
      }
      type.method("write", 1...1) { [unowned self] (vm, args) throws(Raised) in
        let object = try dac(args[0])
        object.dac.write(try vm.int(args[1]) << (12 - object.bits))
        return .none
      }
      type.method("noise", 1...1) { [unowned self] (_, args) throws(Raised) in
        try dac(args[0]).dac.playNoise(frequency: samplingRate(args[1]))
        return .none
      }
      type.method("triangle", 1...1) { [unowned self] (_, args) throws(Raised) in
        try dac(args[0]).dac.playTriangle(frequency: samplingRate(args[1]))
        return .none
      }
      type.method("write_timed", 1...2, keywords: true) { [unowned self] (vm, args) throws(Raised) in
        let object = try dac(args[0])
        let options = try vm.parse(
          args.dropFirst(), positional: ["data", "freq"], required: 2, keywordOnly: ["mode"])
        let bytes = Array(try vm.buffer(options[0]).bytes)
        let mode = options[2].isUnbound ? 0 : try vm.int(options[2])
        object.dac.play(
          object.bits == 8 ? bytes.map { Int($0) << 4 } : Self.words(bytes),
          frequency: try samplingRate(options[1]), repeats: mode == 256)
        return .none
      }
    }
  }

  private static func words(_ bytes: [UInt8]) -> [Int] {
    stride(from: 0, to: bytes.count - bytes.count % 2, by: 2).map { Int(bytes[$0]) | Int(bytes[$0 + 1]) << 8 }
  }

  private func findDAC(_ identifier: Value) throws(Raised) -> DAC {
    if identifier.isSmallInt {
      let number = identifier.smallInt
      guard let dac = board.dacs[number] else { throw vm.error(.valueError, "DAC(\(number)) doesn't exist") }
      return dac
    }
    let pin = try pin(pinObject(identifier))
    guard let dac = board.dacs.values.first(where: { $0.pin === pin }) else {
      throw vm.error(.valueError, "Pin(\(pin.cpuName)) doesn't have DAC capabilities")
    }
    return dac
  }

  private func start(_ object: DACObject, _ arguments: Arguments) throws(Raised) {
    // The output buffer makes no difference to an ideal converter.
    let options = try vm.parse(arguments, positional: ["bits"], required: 0, keywordOnly: ["buffering"])
    let bits = options[0].isUnbound ? 8 : try vm.int(options[0])
    object.dac.start()
    guard bits == 8 || bits == 12 else { throw vm.error(.valueError, "unsupported bits") }
    object.bits = bits
  }
}
