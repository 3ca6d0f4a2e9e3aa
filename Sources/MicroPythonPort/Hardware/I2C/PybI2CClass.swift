import Diagnostics
import Machine
import MicroPython
import Timebase

/// A bus behind `pyb.I2C`, and its settings.
final class PybI2C {
  let controller: I2CController
  /// The own address of a peripheral; nil for a controller.
  fileprivate var ownAddress: Int?
  fileprivate var peripheral: BlockingI2CTarget?

  init(_ controller: I2CController) { self.controller = controller }

  fileprivate var isStarted: Bool { controller.frequency != nil || peripheral != nil }
}

/// `pyb.I2C` (ports/stm32/pyb_i2c.c).
enum PybI2CClass: HardwareClass {
  static let name = "I2C"
  static let modules = [HardwareModule.pyb]
  static let boardBytes = 0

  private static let controllerMode = 0
  private static let peripheralMode = 1
  /// The address that no target has and that stands for "not given".
  private static let noAddress = 0xfe
  /// How long the driver waits for a bus that is busy.
  private static let busyTimeout = Interval.milliseconds(25)

  private struct Setup {
    var mode: Int
    var address: Int
    var baudRate: Int
    var generalCall: Bool
    var usesDMA: Bool
  }

  static func exists(on hardware: Hardware) -> Bool { !hardware.board.i2cs.isEmpty }

  static func define(_ type: PythonClassBuilder<Hardware, PybI2C>) {
    let setup = Signature(
      Setup.init, .optional("mode", .int, default: controllerMode), .keyword("addr", .int, default: 0x12),
      .keyword("baudrate", .int, default: 400_000), .keyword("gencall", .bool, default: false),
      .keyword("dma", .bool, default: false))
    let objects = type.objects
    type.make(.required("id", .value), .rest) { call, id, rest -> Value in
      let controller = try call.host.i2c(identifier: id)
      let value = objects.shared(for: controller) { PybI2C(controller) }
      if !rest.isEmpty {
        try start(objects.receiver(of: value), setup.read(rest, call.vm), call.host)
      }
      return value
    }
    type.print { bus in
      guard bus.isStarted else { return "I2C(\(bus.controller.number))" }
      if let address = bus.ownAddress {
        return "I2C(\(bus.controller.number), I2C.PERIPHERAL, addr=0x\(address.hexadecimal(digits: 2)))"
      }
      return "I2C(\(bus.controller.number), I2C.CONTROLLER, baudrate=\(bus.controller.frequency ?? 0))"
    }
    type.constants([
      "CONTROLLER": controllerMode, "PERIPHERAL": peripheralMode, "MASTER": controllerMode,
      "SLAVE": peripheralMode,
    ])
    type.method("init", setup) { bus, call, setup in try start(bus, setup, call.host) }
    type.method("deinit") { bus in
      bus.controller.stop()
      bus.peripheral = nil
      bus.ownAddress = nil
    }
    type.method("is_ready", .required("addr", .int)) { bus, call, address in
      try requireController(bus)
      return isReady(bus, address, call.host)
    }
    type.method("scan") { bus, call in
      try requireController(bus)
      var found: [Int] = []
      for address in 0x08...0x77 {
        if isReady(bus, address, call.host) { found.append(address) }
        try call.vm.passTime(0)
      }
      return PythonList(found)
    }
    defineTransfers(type)
  }

  private static func defineTransfers(_ type: PythonClassBuilder<Hardware, PybI2C>) {
    type.method(
      "send", .required("send", .value), .optional("addr", .int, default: noAddress),
      .keyword("timeout", .int, default: 5000)
    ) { bus, call, data, address, timeout in
      let bytes = try TransferData.toSend(data, call.vm)
      if let peripheral = bus.peripheral {
        try peripheral.send(bytes, for: .milliseconds(Int64(timeout)), call.host)
      } else {
        guard address != noAddress else { throw PythonError.type("addr argument required") }
        try write(bus, address, bytes, call.host)
      }
    }
    type.method(
      "recv", .required("recv", .value), .optional("addr", .int, default: noAddress),
      .keyword("timeout", .int, default: 5000)
    ) { bus, call, target, address, timeout -> Value in
      try TransferData.receive(target, call.vm) { count in
        if let peripheral = bus.peripheral {
          return try peripheral.receive(count, for: .milliseconds(Int64(timeout)), call.host)
        }
        guard address != noAddress else { throw PythonError.type("addr argument required") }
        return try attempt(call.host) { () throws(I2CError) in
          try bus.controller.read(from: address, count: count)
        }
      }
    }
    type.method(
      "mem_read", .required("data", .value), .required("addr", .int), .required("memaddr", .int),
      .keyword("timeout", .int, default: 5000), .keyword("addr_size", .int, default: 8)
    ) { bus, call, target, address, memory, _, size -> Value in
      try requireController(bus)
      return try TransferData.receive(target, call.vm) { count in
        try attempt(call.host) { () throws(I2CError) in
          let place = memoryAddress(memory, size)
          guard try bus.controller.write(to: address, place, stop: false) == place.count else {
            throw .dataNotAcknowledged(count: 0)
          }
          return try bus.controller.read(from: address, count: count)
        }
      }
    }
    type.method(
      "mem_write", .required("data", .value), .required("addr", .int), .required("memaddr", .int),
      .keyword("timeout", .int, default: 5000), .keyword("addr_size", .int, default: 8)
    ) { bus, call, data, address, memory, _, size in
      try requireController(bus)
      try write(bus, address, memoryAddress(memory, size) + TransferData.toSend(data, call.vm), call.host)
    }
  }

  private static func start(_ bus: PybI2C, _ setup: Setup, _ hardware: Hardware) throws {
    bus.peripheral = nil
    bus.ownAddress = nil
    if setup.mode == controllerMode {
      // The board has resistors of its own.
      bus.controller.start(frequency: setup.baudRate, pull: .none)
    } else {
      let address = setup.address & 0x7f
      let peripheral = BlockingI2CTarget(address: UInt8(address))
      bus.controller.listen(peripheral)
      bus.ownAddress = address
      bus.peripheral = peripheral
    }
  }

  private static func requireController(_ bus: PybI2C) throws {
    guard bus.ownAddress == nil else { throw PythonError.type("I2C must be a controller") }
  }

  private static func isReady(_ bus: PybI2C, _ address: Int, _ hardware: Hardware) -> Bool {
    do { return try bus.controller.isReady(address) } catch { return false }
  }

  private static func write(_ bus: PybI2C, _ address: Int, _ bytes: [UInt8], _ hardware: Hardware) throws {
    try attempt(hardware) { () throws(I2CError) in
      let count = try bus.controller.write(to: address, bytes)
      if count < bytes.count { throw .dataNotAcknowledged(count: count) }
    }
  }

  /// The errors of the vendor's driver: EIO for a refusal, EBUSY for a bus that is held.
  private static func attempt<Result>(
    _ hardware: Hardware, _ body: () throws(I2CError) -> Result
  ) throws -> Result {
    do throws(I2CError) { return try body() } catch {
      switch error {
      case .noAcknowledge, .dataNotAcknowledged, .arbitrationLost, .invalid, .notStarted:
        throw OSErrorNumber.ioError
      case .timeout: throw OSErrorNumber.timedOut
      case .busBusy where hardware.board.i2cs.values.contains { $0.frequency != nil && $0.isFloating }:
        // Nothing holds a line that nothing pulls up either: the address is not acknowledged.
        throw OSErrorNumber.ioError
      case .busBusy:
        // The driver waits for the bus, and once more before it resets the peripheral.
        hardware.board.clock.busy(for: busyTimeout + .milliseconds(50))
        throw OSErrorNumber.busy
      }
    }
  }

  private static func memoryAddress(_ address: Int, _ bits: Int) -> [UInt8] {
    I2CMethods.bytes(of: address, bits == 8 ? 8 : 16)
  }
}

/// A peripheral that answers while its firmware waits in `send` or `recv`, and at no other time.
final class BlockingI2CTarget: I2CTarget {
  private let address: UInt8
  private var toSend: [UInt8]?
  private var wanted = 0
  private var received: [UInt8] = []
  private var isReceiving = false
  private var isDone = false

  init(address: UInt8) { self.address = address }

  func start(address: UInt8, isRead: Bool) -> Bool {
    address == self.address && !isDone && (isRead ? toSend != nil : isReceiving)
  }

  func write(_ byte: UInt8) -> Bool {
    guard received.count < wanted else { return false }
    received.append(byte)
    return true
  }

  func read() -> UInt8 {
    guard toSend?.isEmpty == false else { return 0xff }
    return toSend?.removeFirst() ?? 0xff
  }

  func stop() {
    if isReceiving ? received.count >= wanted : toSend?.isEmpty == true { isDone = true }
  }

  func send(_ bytes: [UInt8], for timeout: Interval, _ hardware: Hardware) throws {
    toSend = bytes
    defer { toSend = nil }
    try wait(timeout, hardware)
  }

  func receive(_ count: Int, for timeout: Interval, _ hardware: Hardware) throws -> [UInt8] {
    (wanted, received, isReceiving) = (count, [], true)
    defer { isReceiving = false }
    try wait(timeout, hardware)
    return received
  }

  private func wait(_ timeout: Interval, _ hardware: Hardware) throws {
    isDone = false
    let clock = hardware.board.clock
    let end = clock.now + timeout
    while !isDone {
      guard clock.now < end, !clock.isPoweredOff else { throw OSErrorNumber.timedOut }
      _ = clock.idle(until: end)
      hardware.board.interrupts.poll()
      try hardware.board.waits.callEach { try $0() }
    }
  }
}
