import Machine
import MicroPython
import Timebase

/// `_onewire` (extmod/modonewire.c): the time slots of a 1-wire bus on an open-drain pin, which the frozen module `onewire` uses.
enum OneWireModule: PythonModule {
  static let name = "_onewire"

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    module.function("reset", .required("pin", .value)) { call, pin in
      OneWireBus(try call.host.pin(pin), call.host).reset()
    }
    module.function("readbit", .required("pin", .value)) { call, pin in
      OneWireBus(try call.host.pin(pin), call.host).readBit()
    }
    module.function("readbyte", .required("pin", .value)) { call, pin -> Int in
      let bus = OneWireBus(try call.host.pin(pin), call.host)
      return (0..<8).reduce(0) { byte, bit in byte | bus.readBit() << bit }
    }
    module.function("writebit", .required("pin", .value), .required("value", .int)) { call, pin, value in
      OneWireBus(try call.host.pin(pin), call.host).write(bit: value != 0)
    }
    module.function("writebyte", .required("pin", .value), .required("value", .int)) { call, pin, value in
      let bus = OneWireBus(try call.host.pin(pin), call.host)
      for bit in 0..<8 { bus.write(bit: value >> bit & 1 == 1) }
    }
    module.function("crc8", .required("data", .buffer)) { _, data in Int(crc8(data.bytes)) }
  }

  /// The check byte of Maxim's application note 27: x^8 + x^5 + x^4 + 1, the lowest bit first.
  private static func crc8(_ bytes: UnsafeRawBufferPointer) -> UInt8 {
    var crc: UInt8 = 0
    for byte in bytes {
      crc ^= byte
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x8c : crc >> 1 }
    }
    return crc
  }
}

/// Time slots as the DS18B20's data sheet gives them, with MicroPython's times.
private struct OneWireBus {
  let pin: Pin
  let hardware: Hardware

  init(_ pin: Pin, _ hardware: Hardware) {
    self.pin = pin
    self.hardware = hardware
  }

  private func wait(_ microseconds: Int) { hardware.busyWait(.microseconds(microseconds)) }

  /// - Returns: whether a device answered.
  func reset() -> Bool {
    pin.level = .low
    wait(480)
    let isPresent = hardware.withoutInterrupts {
      pin.level = .high
      wait(70)
      return pin.level == .low
    }
    wait(410)
    return isPresent
  }

  func readBit() -> Int {
    pin.level = .high
    let bit = hardware.withoutInterrupts {
      pin.level = .low
      wait(6)
      pin.level = .high
      wait(9)
      return pin.level == .high ? 1 : 0
    }
    wait(55)
    return bit
  }

  func write(bit isOne: Bool) {
    hardware.withoutInterrupts {
      pin.level = .low
      wait(6)
      if isOne { pin.level = .high }
      wait(54)
      pin.level = .high
      wait(10)
    }
  }
}
