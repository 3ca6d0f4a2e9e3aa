import Machine
import MicroPython

/// Common part of `machine.I2C` and `machine.SoftI2C`: the methods of extmod/machine_i2c.c over a controller.
protocol I2CBus: AnyObject {
  /// - Returns: how many bytes were acknowledged.
  func write(to address: Int, _ bytes: [UInt8], stop: Bool) throws -> Int
  func read(from address: Int, count: Int, stop: Bool) throws -> [UInt8]
  /// `start`, `stop`, `readinto` and `write`, which only a bit-banged bus has.
  var primitives: SoftI2C? { get }
}

enum I2CMethods {
  static func define<Bus: I2CBus>(_ type: PythonClassBuilder<Hardware, Bus>) {
    type.method("deinit") { _ in }
    type.method("scan") { bus, call in
      // Addresses that nobody has are what scanning is for.
      defer { call.host.board.context.silentDevice = nil }
      return try scan(bus, call.vm)
    }
    definePrimitives(type)
    type.method(
      "readfrom", .required("addr", .int), .required("nbytes", .int), .optional("stop", .bool, default: true)
    ) { bus, call, address, count, stop in
      try bus.read(from: address, count: TransferData.checked(count, call.vm), stop: stop)
    }
    type.method(
      "readfrom_into", .required("addr", .int), .required("buf", .value),
      .optional("stop", .bool, default: true)
    ) { bus, call, address, buffer, stop in
      _ = try TransferData.fill(buffer, call.vm) { try bus.read(from: address, count: $0, stop: stop) }
    }
    type.method(
      "writeto", .required("addr", .int), .required("buf", .bytes), .optional("stop", .bool, default: true)
    ) { bus, _, address, bytes, stop in try bus.write(to: address, bytes, stop: stop) }
    type.method(
      "writevto", .required("addr", .int), .required("vector", .items),
      .optional("stop", .bool, default: true)
    ) { bus, call, address, vector, stop in
      var bytes: [UInt8] = []
      for item in vector { bytes += try call.vm.bytes(item) }
      return try bus.write(to: address, bytes, stop: stop)
    }
    defineMemory(type)
  }

  /// The addresses that answer, reserved ones left out.
  private static func scan(_ bus: some I2CBus, _ vm: Interpreter) throws -> PythonList {
    var found: [Int] = []
    for address in 0x08..<0x78 {
      do {
        _ = try bus.write(to: address, [], stop: true)
        found.append(address)
      } catch is OSErrorNumber {}
      try vm.passTime(0)
    }
    return PythonList(found)
  }

  private static func definePrimitives<Bus: I2CBus>(_ type: PythonClassBuilder<Hardware, Bus>) {
    func soft(_ bus: Bus) throws -> SoftI2C {
      guard let soft = bus.primitives else { throw PythonError(.osError, "I2C operation not supported") }
      return soft
    }
    type.method("start") { bus in try errorNumbers { try soft(bus).start() } }
    type.method("stop") { bus in try errorNumbers { try soft(bus).stop() } }
    type.method("readinto", .required("buf", .value), .optional("nack", .bool, default: true)) {
      bus, call, buffer, nack in
      _ = try TransferData.fill(buffer, call.vm) { count in
        try errorNumbers { try soft(bus).read(count: count, refusesLast: nack) }
      }
    }
    type.method("write", .required("buf", .bytes)) { (bus: Bus, bytes: [UInt8]) -> Int in
      try errorNumbers { try soft(bus).write(bytes) }
    }
  }

  private static func defineMemory<Bus: I2CBus>(_ type: PythonClassBuilder<Hardware, Bus>) {
    type.method(
      "readfrom_mem", .required("addr", .int), .required("memaddr", .int), .required("arg", .int),
      .keyword("addrsize", .int, default: 8)
    ) { bus, call, address, memory, count, size in
      try read(bus, address, memory, size, count: TransferData.checked(count, call.vm))
    }
    type.method(
      "readfrom_mem_into", .required("addr", .int), .required("memaddr", .int),
      .required("arg", .value), .keyword("addrsize", .int, default: 8)
    ) { bus, call, address, memory, buffer, size in
      _ = try TransferData.fill(buffer, call.vm) { try read(bus, address, memory, size, count: $0) }
    }
    type.method(
      "writeto_mem", .required("addr", .int), .required("memaddr", .int), .required("arg", .bytes),
      .keyword("addrsize", .int, default: 8)
    ) { bus, _, address, memory, bytes, size in
      _ = try bus.write(to: address, memoryAddress(memory, size) + bytes, stop: true)
    }
  }

  private static func read(
    _ bus: some I2CBus, _ address: Int, _ memory: Int, _ size: Int, count: Int
  ) throws -> [UInt8] {
    let place = try memoryAddress(memory, size)
    guard try bus.write(to: address, place, stop: false) == place.count else {
      // The board ends the transfer and gives what the buffer held.
      _ = try bus.write(to: address, [], stop: true)
      return [UInt8](repeating: 0, count: count)
    }
    return try bus.read(from: address, count: count, stop: true)
  }

  /// The bytes of an address inside the target, the highest first.
  private static func memoryAddress(_ address: Int, _ bits: Int) throws -> [UInt8] {
    guard bits & 7 == 0, (0...32).contains(bits) else { throw PythonError.value("invalid addrsize") }
    return bytes(of: address, bits)
  }

  /// The lowest bits of a number as bytes, the highest first.
  static func bytes(of address: Int, _ bits: Int) -> [UInt8] {
    stride(from: bits - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: address >> $0) }
  }
}

extension I2CError {
  /// The error numbers of extmod/machine_i2c.c and ports/stm32/i2c.c.
  var errorNumber: OSErrorNumber {
    switch self {
    case .noAcknowledge: .noDevice
    case .busBusy, .timeout, .arbitrationLost: .timedOut
    case .dataNotAcknowledged: .ioError
    case .invalid, .notStarted: .invalid
    }
  }
}

/// Does something on a bus, with error numbers for failures there.
func errorNumbers<Result>(_ body: () throws -> Result) throws -> Result {
  do { return try body() } catch let error as I2CError { throw error.errorNumber }
}
