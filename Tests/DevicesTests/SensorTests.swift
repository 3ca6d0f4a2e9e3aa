import Bench
import Devices
import Machine
import Testing
import Timebase

/// Sensors, as drivers in firmware read them and as their data sheets say.
@Suite struct SensorTests {
  @Test("a DHT22 is read by MicroPython's driver, below zero too, and again after two seconds") func dht22()
    throws
  {
    let wired = try Bench.wired(
      ["dht22@X1,temperature=-21.5,humidity=65"], events: ["1s:dht22.temperature=25"])
    let output = try wired.run(
      """
      import dht, machine, time
      sensor = dht.DHT22(machine.Pin('X1'))
      for pause in (1100, 1000, 0):
          sensor.measure()
          print(sensor.temperature(), sensor.humidity())
          time.sleep_ms(pause)
      """)
    // The second time it has not measured again yet.
    #expect(output == "-21.5 65.0\n-21.5 65.0\n25.0 65.0\n")
  }

  @Test("a DHT22's bits are as long as its manual says") func dht22Timing() throws {
    let wired = try Bench.wired(["dht22@X1,temperature=26.0,humidity=65.2"], isTraced: true)
    try wired.run("import dht, machine; dht.DHT22(machine.Pin('X1')).measure()")
    let edges = wired.trace(of: "pin X1").compactMap { line -> (Double, Bool)? in
      let words = line.split(separator: " ")
      return Double(words[0]).map { ($0 * 1e6, words.last == "high") }
    }
    let lengths = zip(edges, edges.dropFirst()).map { ($0.1, Int(($1.0 - $0.0).rounded())) }
    let bits = lengths.drop { $0 != (false, 80) }
    let (lows, highs) = (bits.filter { !$0.0 }.map(\.1), bits.filter(\.0).map(\.1))
    #expect(lows.first == 80 && highs.first == 80)
    #expect(lows.dropFirst().allSatisfy { $0 == 50 })
    // The manual's own example: 0000 0010 1000 1100 is 65.2 %RH.
    let text = highs.dropFirst().map { $0 == 70 ? "1" : $0 == 26 ? "0" : "?" }.joined()
    #expect(text.hasPrefix("00000010100011000000000100000100"))
  }

  @Test("a DHT11 answers a request of 18 ms with whole degrees") func dht11() throws {
    let wired = try Bench.wired(["dht11@X1,temperature=23.4,humidity=41"])
    let output = try wired.run(
      """
      import dht, machine
      sensor = dht.DHT11(machine.Pin('X1'))
      sensor.measure()
      print(sensor.temperature(), sensor.humidity())
      """)
    #expect(output == "23 41\n")
  }

  @Test("faults of a DHT22: no answer, and a wrong bit") func dht22Faults() throws {
    for (fault, message) in [("unpowered", "OSError"), ("noise", "checksum error")] {
      let wired = try Bench.wired(["dht22@X1,\(fault)=1"])
      let output = try wired.run(
        """
        import dht, machine
        try: dht.DHT22(machine.Pin('X1')).measure()
        except Exception as error: print(repr(error))
        """)
      #expect(output.contains(message), "\(output)")
    }
  }

  @Test("twenty DS18B20 on one line are found and read") func ds18b20() throws {
    let sensors = (0..<20).map { "ds18b20:t\($0)@Y12,temperature=\(Double($0) / 2 - 3)" }
    let wired = try Bench.wired(sensors)
    let output = try wired.run(
      """
      import onewire, ds18x20, machine, time
      sensors = ds18x20.DS18X20(onewire.OneWire(machine.Pin('Y12')))
      found = sensors.scan()
      print(len(found), len(set(bytes(rom) for rom in found)))
      print(sensors.read_temp(found[0]))
      sensors.convert_temp()
      time.sleep_ms(750)
      print(sorted(sensors.read_temp(rom) for rom in found))
      """)
    let values = (0..<20).map { "\(Double($0) / 2 - 3)" }.joined(separator: ", ")
    #expect(output == "20 20\n85.0\n[\(values)]\n")
  }

  @Test("a DS18B20's ROM has its check sum, and the serial number that was asked for") func ds18b20Number()
    throws
  {
    let wired = try Bench.wired(["ds18b20@X1,rom=000000b81c02"])
    let sensor = try #require(wired.board.devices.first as? DS18B20)
    // The example of Maxim's application note 27: family 02, serial 00 00 00 01 B8 1C, check sum A2, here with the family 28.
    #expect(sensor.rom.prefix(7) == [0x28, 0x02, 0x1C, 0xB8, 0, 0, 0])
  }

  @Test("an HC-SR04's echo is 58 µs for a centimetre, 38 ms where there is none") func hcsr04() throws {
    let wired = try Bench.wired(["hcsr04@X1,X2,distance=73"], events: ["1s:hcsr04.distance=5000"])
    let output = try wired.run(
      """
      import machine, time
      trigger = machine.Pin('X1', machine.Pin.OUT)
      echo = machine.Pin('X2', machine.Pin.IN)
      def measure():
          trigger.high()
          time.sleep_us(10)
          trigger.low()
          return machine.time_pulse_us(echo, 1, 60000)
      trigger.low()
      print(measure())
      time.sleep(1)
      print(measure())
      """)
    #expect(output == "4234\n38000\n")
  }

  @Test("an HC-SR04 does not answer a trigger of less than 10 µs") func hcsr04Trigger() throws {
    let wired = try Bench.wired(["hcsr04@X1,X2"])
    var echoes = 0
    let listening = try wired.main.pin("X2").net.listen { if $0.level == .high { echoes += 1 } }
    for length in [9, 10] {
      try wired.main.pin("X1").configure(.outputPushPull, level: .high)
      wired.clock.busy(for: .microseconds(length))
      try wired.main.pin("X1").level = .low
      wired.clock.busy(for: .milliseconds(60))
      #expect(echoes == length - 9)
    }
    listening.cancel()
  }

  @Test("a potentiometer is a voltage that the converter measures") func potentiometer() throws {
    let wired = try Bench.wired(["pot@X5,position=0.5"], events: ["1s:pot.position=1"])
    let output = try wired.run(
      "from pyb import ADC\nimport time\nadc = ADC('X5')\nprint(adc.read())\ntime.sleep(2)\nprint(adc.read())"
    )
    #expect(output == "2048\n4095\n")
  }

  @Test("a slide switch goes from ground to the supply") func slideSwitch() throws {
    let wired = try Bench.wired(["slide_switch@X1"])
    #expect(try wired.main.pin("X1").level == .low)
    try wired.board.set("slide_switch.position", to: "1")
    #expect(try wired.main.pin("X1").level == .high)
    #expect(wired.main.findings == [])
  }

  @Test("an LED shows levels and the share of pulses, and is dark on an input") func lightDiode() throws {
    let wired = try Bench.wired(["led:a@LED_BLUE", "led:b@anode:3V3,cathode:X2", "led:c@X3"])
    try wired.run(
      """
      from pyb import Pin, LED
      Pin('X2', Pin.OUT).low()
      Pin('X3', Pin.IN, Pin.PULL_UP)
      LED(4).intensity(64)
      """)
    let values = ["a", "b", "c"].map { wired.board.signal("\($0).brightness")?.value }
    #expect(values == [.integer(64), .integer(255), .integer(0)])
  }
}
