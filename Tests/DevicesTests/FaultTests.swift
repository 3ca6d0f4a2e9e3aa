import Bench
import Devices
import Machine
import Testing
import Timebase

/// What can be wrong with devices: faults are controls.
@Suite struct FaultTests {
  @Test("every kind of device can have a stuck pin, and every one with a supply can lose its power")
  func everyKind() throws {
    for type in DeviceRegistry.standard.types {
      let kind = type.kind
      let text = try DeviceSummary.text(of: kind.name, in: .standard)
      #expect(text.contains("\n  stuck "), "\(kind.name)")
      let hasPower = kind.pins.contains { $0.role == .power }
      #expect(text.contains("\n  unpowered ") == hasPower, "\(kind.name)")
    }
  }

  @Test("a stuck pin holds its wire whatever the device does, and lets it go again") func stuck() throws {
    let wired = try Bench.wired(
      ["dht22:room@X1,temperature=20", "button:key@X3,pull=up"],
      events: ["1s:room.stuck=data:low", "3s:room.stuck=none", "1s:key.stuck=pin:low", "3s:key.stuck=none"])
    let output = try wired.run(
      """
      import dht, machine, time
      sensor, key = dht.DHT22(machine.Pin('X1')), machine.Pin('X3')
      for _ in range(3):
          try:
              sensor.measure()
              print(sensor.temperature(), key.value())
          except OSError:
              print('silent', key.value())
          time.sleep(2)
      """)
    #expect(output == "20.0 1\nsilent 0\n20.0 1\n")
  }

  @Test("without power a device lets go of its pins, pull-ups included, and does nothing") func unpowered()
    throws
  {
    let wired = try Bench.wired(["hcsr04:range@X1,X2", "ds3231:clock@Y9,Y10"])
    let (echo, scl) = (try wired.board.net(named: "X2"), try wired.board.net(named: "Y9"))
    #expect(echo.state == .low)
    #expect(scl.state == .high)
    try wired.board.set("range.unpowered", to: "1")
    try wired.board.set("clock.unpowered", to: "1")
    #expect(echo.state == .floating)
    #expect(scl.state == .floating)
    try wired.board.set("range.unpowered", to: "0")
    try wired.board.set("clock.unpowered", to: "0")
    #expect(echo.state == .low)
    #expect(scl.state == .high)
  }

  @Test("a sensor drifts by so much each hour, and its readings scatter by so much, the same in every run")
  func driftAndNoise() throws {
    let code = """
      import ds18x20, machine, onewire, time
      bus = ds18x20.DS18X20(onewire.OneWire(machine.Pin('X1')))
      rom = bus.scan()[0]
      for pause in (3600, 3600, 0):
          bus.convert_temp()
          time.sleep(1)
          print(round(bus.read_temp(rom), 1))
          time.sleep(pause)
      """
    let drifted = try Bench.wired(["ds18b20@X1,temperature=20,drift=2"]).run(code)
    #expect(drifted == "20.0\n22.0\n24.0\n")
    let first = try Bench.wired(["ds18b20@X1,temperature=20,noise=5"]).run(code)
    let second = try Bench.wired(["ds18b20@X1,temperature=20,noise=5"]).run(code)
    let other = try Bench.wired(["ds18b20@X1,temperature=20,noise=5"], seed: 1).run(code)
    #expect(first == second)
    #expect(first != other)
    let readings = first.split(separator: "\n").compactMap { Double($0) }
    #expect(readings.count == 3 && readings.allSatisfy { abs($0 - 20) <= 5 } && Set(readings).count == 3)
  }

  @Test("a clock whose crystal is off goes so many millionths too fast") func clockDrift() throws {
    let output = try Bench.wired(["ds1307@X9,X10,drift=1000,start=2024-01-01 00:00:00"]).run(
      """
      import machine, time
      bus = machine.I2C(1)
      time.sleep(3000)
      print(bus.readfrom_mem(0x68, 0, 3))
      """)
    #expect(output == "b'\\x03P\\x00'\n")
  }

  @Test("a fault that a device cannot have is refused with those that it can") func refuses() throws {
    #expect(
      refusalMessage(["dht22@X1,stuck=low"])
        == "dht22@X1,stuck=low: stuck cannot be \"low\": it takes none, data:low, data:high, as in data:low")
    let wired = try Bench.wired(["button@X1"])
    #expect(throws: ControlError.self) { try wired.board.set("button.unpowered", to: "1") }
  }
}
