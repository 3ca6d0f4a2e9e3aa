import Machine
import MicroPython

/// An `ADCAll` object: all channels of the converter at one resolution.
final class AllAnalogChannels {
  /// 6, 8, 10 or 12.
  let bits: Int
  init(bits: Int) { self.bits = bits }

  func reading(_ input: AnalogInput) -> Int { input.reading >> (12 - bits) }
}

/// `pyb.ADCAll` (ports/stm32/adc.c).
enum ADCAllClass: HardwareClass {
  static let name = "ADCAll"
  static let modules = [HardwareModule.pyb]

  static func define(_ type: PythonClassBuilder<Hardware, AllAnalogChannels>) {
    type.make(.required("resolution", .int), .optional("mask", .int, default: 0xffff_ffff)) {
      call, bits, mask in
      guard [6, 8, 10, 12].contains(bits) else { throw PythonError.value("resolution \(bits) not supported") }
      for channel in 0..<16 where mask >> channel & 1 == 1 {
        call.host.board.pins.first { $0.analogChannel == channel }?.configure(.analog)
      }
      return AllAnalogChannels(bits: bits)
    }
    type.method("read_channel", .required("channel", .int)) { all, call, channel in
      all.reading(try PybADCClass.input(channel: channel, call.host))
    }
    type.method("read_core_temp") { all -> Double in
      let volts =
        Double(all.reading(.temperature(voltage: STM32Port.temperatureVoltage)) << (12 - all.bits))
        / 4095 * STM32Port.supply
      // 2.5 mV for each degree (data sheet DS8626, table "Temperature sensor characteristics").
      return (volts - STM32Port.temperatureVoltage) / 0.0025 + 25
    }
    type.method("read_core_vbat") { all -> Double in
      Double(all.reading(.battery) << (12 - all.bits)) * 2 / 4095 * STM32Port.supply
    }
    type.method("read_core_vref") { _ in STM32Port.referenceVoltage }
    type.method("read_vref") { _ in STM32Port.supply }
  }
}
