import Bench
import Testing
import Timebase

@testable import Machine

/// I2C on nets: whole transfers and single bits give the same, and what can go wrong on two wires does.
@Suite("I2C") struct I2CTests {
  /// A memory with a register pointer, as most chips have.
  private final class Memory: I2CTarget {
    var bytes = [UInt8](repeating: 0, count: 256)
    var clockStretch = Interval.zero
    var log: [String] = []
    private let address: UInt8
    private var pointer: UInt8 = 0
    private var isPointing = false

    init(_ address: UInt8 = 0x50) { self.address = address }

    func start(address: UInt8, isRead: Bool) -> Bool {
      guard address == self.address else { return false }
      log.append(isRead ? "read" : "write")
      isPointing = !isRead
      return true
    }

    func write(_ byte: UInt8) -> Bool {
      if isPointing {
        pointer = byte
      } else {
        guard byte != 0xee else { return false }
        bytes[Int(pointer)] = byte
        pointer &+= 1
      }
      isPointing = false
      return true
    }

    func read() -> UInt8 {
      defer { pointer &+= 1 }
      return bytes[Int(pointer)]
    }

    func stop() { log.append("stop") }
  }

  private func port(_ memory: Memory, on test: Bench) throws -> I2CTargetPort {
    let bus = try test.board.i2c(1)
    return I2CTargetPort(
      memory, name: "memory", scl: bus.sclPin.net, sda: bus.sdaPin.net, context: test.board.context)
  }

  @Test("pulses that are too fast for any bus are no events for a target, slower ones are")
  func tooFast() throws {
    let test = try Bench()
    let port = try port(Memory(), on: test)
    let driver = NetDriver(name: "generator")
    let net = try test.board.i2c(1).sclPin.net
    net.attach(driver)
    for (period, isFollowed) in [(2, false), (80, false), (840, true)] {
      driver.drive(
        PulseWaveform(start: .powerOn, rate: TickRate(hertz: 84_000_000), period: period, pulse: period / 2))
      #expect((test.clock.nextEventDue != nil) == isFollowed)
    }
    withExtendedLifetime(port) {}
  }

  @Test("a transfer is the same whether somebody watches the lines or not", arguments: [false, true])
  func transfers(isWatched: Bool) throws {
    let test = try Bench()
    let memory = Memory()
    let port = try port(memory, on: test)
    let bus = try test.board.i2c(1)
    var edges = 0
    let listening = isWatched ? bus.sclPin.net.listen { _ in edges += 1 } : nil
    bus.start(frequency: 100_000)
    let began = test.clock.now
    #expect(try bus.write(to: 0x50, [0x10, 1, 2, 3]) == 4)
    #expect(try bus.write(to: 0x50, [0x11], stop: false) == 1)
    #expect(try bus.read(from: 0x50, count: 2) == [2, 3])
    #expect(memory.log == ["write", "stop", "write", "stop", "read", "stop"])
    #expect(try bus.write(to: 0x50, [0, 7, 0xee, 8]) == 2)
    #expect(throws: I2CError.noAcknowledge(address: 0x51)) { try bus.write(to: 0x51, [1]) }
    // Fifteen bytes of nine bits, and their starts and stops, at 10 µs each.
    let microseconds = (test.clock.now - began).nanoseconds / 1000
    #expect((1_430...1_480).contains(microseconds))
    #expect((edges > 250) == isWatched)
    withExtendedLifetime((port, listening)) {}
  }

  @Test("bit-banged and hardware controllers talk to the same target")
  func softController() throws {
    let test = try Bench()
    let memory = Memory()
    let port = try port(memory, on: test)
    memory.bytes[5] = 0xa5
    let soft = SoftI2C(
      scl: try test.board.pins["X9"], sda: try test.board.pins["X10"], frequency: 400_000, board: test.board)
    #expect(try soft.write(to: 0x50, [5], stop: false) == 1)
    #expect(try soft.read(from: 0x50, count: 1) == [0xa5])
    #expect(throws: I2CError.noAcknowledge(address: 0x33)) { try soft.read(from: 0x33, count: 1) }
    withExtendedLifetime(port) {}
  }

  @Test("a target may hold the clock, but not for ever", arguments: [false, true])
  func clockStretching(isWatched: Bool) throws {
    let test = try Bench()
    let memory = Memory()
    let port = try port(memory, on: test)
    let bus = try test.board.i2c(1)
    let listening = isWatched ? bus.sclPin.net.listen { _ in } : nil
    bus.start(frequency: 400_000, timeout: .milliseconds(2))
    memory.clockStretch = .microseconds(500)
    let began = test.clock.now
    #expect(try bus.write(to: 0x50, [1, 2]) == 2)
    #expect(test.clock.now - began >= .microseconds(1500))
    if isWatched {
      memory.clockStretch = .milliseconds(5)
      #expect(throws: I2CError.timeout) { try bus.write(to: 0x50, [1, 2]) }
    }
    withExtendedLifetime((port, listening)) {}
  }

  @Test("a line that is held low makes the bus busy, and lines that nothing pulls up are named")
  func busyBus() throws {
    let test = try Bench()
    let bus = try test.board.i2c(1)
    bus.start(frequency: 400_000)
    let stuck = NetDriver(name: "stuck")
    bus.sdaPin.net.attach(stuck)
    stuck.drive(.low)
    #expect(throws: I2CError.busBusy) { try bus.write(to: 0x50, []) }
    stuck.release()
    #expect(throws: I2CError.noAcknowledge(address: 0x50)) { try bus.write(to: 0x50, []) }
    let other = try test.board.i2c(2)
    other.start(frequency: 400_000, pull: .none)
    #expect(throws: I2CError.busBusy) { try other.write(to: 0x50, []) }
    #expect(test.main.findings.contains { $0.contains("i2c-no-pull-up") && $0.contains("Y9") })
  }

  @Test("two buses of a board that are wired together: one is the other's target")
  func busToBus() throws {
    let test = try Bench()
    try test.board.connect(wire: "X9-Y9")
    try test.board.connect(wire: "X10-Y10")
    let memory = Memory(0x42)
    try test.board.i2c(2).listen(memory)
    let bus = try test.board.i2c(1)
    bus.start(frequency: 400_000)
    #expect(try bus.write(to: 0x42, [9, 8, 7]) == 3)
    #expect(memory.bytes[9...10] == [8, 7])
    try test.board.i2c(2).stop()
    #expect(throws: I2CError.noAcknowledge(address: 0x42)) { try bus.write(to: 0x42, [9]) }
  }

  @Test("the trace has a line for each transfer, or every edge when it asks for them")
  func tracing() throws {
    let test = try Bench(isTraced: true)
    let memory = Memory()
    let port = try port(memory, on: test)
    let bus = try test.board.i2c(1)
    bus.start(frequency: 400_000)
    _ = try bus.write(to: 0x50, [1, 0xab])
    _ = try? bus.write(to: 0x51, [])
    let lines = test.main.trace.filter { $0.contains(" i2c ") }.map {
      $0.split(separator: " ").dropFirst().joined(separator: " ")
    }
    #expect(lines == ["i2c 1 write 50: 01 ab", "i2c 1 write 51 nack"])
    withExtendedLifetime(port) {}
  }

  @Test("the accelerometer answers on its bus with what pyb.Accel reads")
  func accelerometer() throws {
    let test = try Bench()
    let bus = try test.board.i2c(1)
    bus.start(frequency: 400_000)
    #expect(try !bus.isReady(0x4c))
    let accelerometer = try #require(test.board.accelerometer)
    accelerometer.start()
    accelerometer.tilt(Accelerometer.Reading(x: -3, y: 4, z: 20))
    #expect(try bus.write(to: 0x4c, [0], stop: false) == 1)
    #expect(try bus.read(from: 0x4c, count: 3) == [0x3d, 4, 20])
    #expect((accelerometer.x(), accelerometer.y(), accelerometer.z()) == (-3, 4, 20))
  }
}
