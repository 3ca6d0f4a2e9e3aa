import Machine
import MicroPython
import Timebase

/// A bus behind `machine.I2C`: one of the processor's peripherals, with the errors of the board's driver.
final class HardwareI2C: I2CBus {
  let controller: I2CController
  /// Microseconds.
  var timeout = 50_000
  private let port: any MachinePort
  private let clock: Clock

  init(_ controller: I2CController, _ port: any MachinePort, _ clock: Clock) {
    self.controller = controller
    self.port = port
    self.clock = clock
  }

  var primitives: SoftI2C? { nil }

  /// - Parameter timeout: microseconds, for which a target may hold the clock low.
  func start(frequency: Int, timeout: Int) {
    self.timeout = timeout
    controller.start(
      frequency: frequency, pull: .up,
      // The driver counts whole milliseconds.
      timeout: .milliseconds(Int64(max(0, timeout) + 999) / 1000))
  }

  func write(to address: Int, _ bytes: [UInt8], stop: Bool) throws -> Int {
    try attempt(isEmpty: bytes.isEmpty) { () throws(I2CError) in
      try controller.write(to: address, bytes, stop: stop)
    }
  }

  func read(from address: Int, count: Int, stop: Bool) throws -> [UInt8] {
    if port.i2cReadsUntilStop {
      guard stop else { throw OSErrorNumber.invalid }
      guard count > 0 else {
        _ = try write(to: address, [], stop: true)
        throw OSErrorNumber.invalid
      }
    }
    return try attempt(isEmpty: false) { () throws(I2CError) in
      try controller.read(from: address, count: count, stop: stop)
    }
  }

  private func attempt<Result>(isEmpty: Bool, _ body: () throws(I2CError) -> Result) throws -> Result {
    do throws(I2CError) { return try body() } catch {
      switch error {
      case .busBusy, .arbitrationLost:
        // The driver waits for a start condition that never comes.
        clock.busy(for: .microseconds(Int64(timeout)))
      default: break
      }
      throw port.errorNumber(of: error, isEmpty: isEmpty)
    }
  }
}

/// `machine.I2C` (ports/stm32/machine_i2c.c, ports/rp2/machine_i2c.c, extmod/machine_i2c.c).
enum MachineI2CClass: HardwareClass {
  static let name = "I2C"
  static let modules = [HardwareModule.machine]
  static let boardBytes = 0

  static func exists(on hardware: Hardware) -> Bool { !hardware.board.i2cs.isEmpty }

  static func define(_ type: PythonClassBuilder<Hardware, HardwareI2C>) {
    type.host.port.defineMaking(of: type)
    type.print { bus, call in call.host.port.text(of: bus) }
    type.method("init", .rest) { _, _, _ in throw PythonError(.osError, "I2C operation not supported") }
    I2CMethods.define(type)
  }
}

/// `machine.SoftI2C` (extmod/machine_i2c.c).
enum SoftI2CClass: HardwareClass {
  /// A bus of two pins, which `init` can choose anew.
  final class Bus: I2CBus {
    fileprivate(set) var soft: SoftI2C
    init(_ soft: SoftI2C) { self.soft = soft }
    var primitives: SoftI2C? { soft }

    func write(to address: Int, _ bytes: [UInt8], stop: Bool) throws -> Int {
      try errorNumbers { try soft.write(to: address, bytes, stop: stop) }
    }

    func read(from address: Int, count: Int, stop: Bool) throws -> [UInt8] {
      try errorNumbers { try soft.read(from: address, count: count, stop: stop) }
    }
  }

  private struct Setup {
    var scl: Value
    var sda: Value
    var frequency: Int
    var timeout: Int
  }

  static let name = "SoftI2C"
  static let modules = [HardwareModule.machine]

  private static var setup: Signature<Setup> {
    Signature(
      Setup.init, .required("scl", .value), .required("sda", .value),
      .keyword("freq", .int, default: 400_000), .keyword("timeout", .int, default: 50_000))
  }

  /// Makes a bus of the arguments of `SoftI2C(…)`.
  static func make(_ arguments: Arguments, _ hardware: Hardware) throws -> Value {
    hardware.objects(of: Self.self).make(Bus(try make(setup.read(arguments, hardware.vm), hardware)))
  }

  static func define(_ type: PythonClassBuilder<Hardware, Bus>) {
    let setup = setup
    type.make(.rest) { call, rest in Bus(try make(setup.read(rest, call.vm), call.host)) }
    type.method("init", setup) { bus, call, setup in bus.soft = try make(setup, call.host) }
    type.print { bus, call in
      let pins = [bus.soft.sclPin, bus.soft.sdaPin].map(call.host.port.pinText)
      return "SoftI2C(scl=\(pins[0]), sda=\(pins[1]), freq=\(bus.soft.frequency))"
    }
    I2CMethods.define(type)
  }

  private static func make(_ setup: Setup, _ hardware: Hardware) throws -> SoftI2C {
    guard setup.frequency > 0 else { throw PythonError.value("invalid freq") }
    return SoftI2C(
      scl: try hardware.findPin(setup.scl),
      sda: try hardware.findPin(setup.sda),
      frequency: setup.frequency, timeout: .microseconds(Int64(max(0, setup.timeout))), board: hardware.board)
  }
}

extension Hardware {
  /// The object of a bus, of which there is one.
  func i2c(
    _ controller: I2CController, _ objects: PythonObjects<HardwareI2C>
  ) throws -> (receiver: HardwareI2C, value: Value) {
    let value = objects.shared(for: controller) { HardwareI2C(controller, port, board.clock) }
    return (try objects.receiver(of: value), value)
  }

  /// A bus by number.
  func i2c(number: Int) throws -> I2CController {
    guard let controller = board.i2cs[number] else { throw PythonError.value("I2C(\(number)) doesn't exist") }
    return controller
  }

  /// A bus by number or by the name of its connector.
  func i2c(identifier: Value) throws -> I2CController {
    try bus("I2C", identifier, in: board.i2cs, connector: \.connector)
  }
}
