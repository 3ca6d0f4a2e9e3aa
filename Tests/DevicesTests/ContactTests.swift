import Bench
import Devices
import Machine
import Testing
import Timebase

/// Keypads, encoders, shift registers, remote controls, a GPS receiver.
@Suite struct ContactTests {
  @Test("a keypad is scanned row by row") func keypad() throws {
    let wired = try Bench.wired(
      ["keypad@X1,X2,X3,X4,X5,X6,X7,X8"],
      events: ["1s:keypad.key=6", "2s:keypad.key=1D", "3s:keypad.key=none"])
    let output = try wired.run(
      """
      from machine import Pin
      import time
      rows = [Pin('X%d' % n, Pin.OPEN_DRAIN, value=1) for n in range(1, 5)]
      columns = [Pin('X%d' % n, Pin.IN, Pin.PULL_UP) for n in range(5, 9)]
      def scan():
          found = ''
          for r, row in enumerate(rows):
              row.value(0)
              for c, column in enumerate(columns):
                  if not column.value(): found += '123A456B789C*0#D'[r * 4 + c]
              row.value(1)
          return found
      for _ in range(4):
          print(repr(scan()))
          time.sleep(1)
          time.sleep_ms(1)
      """)
    #expect(output == "''\n'6'\n'1D'\n''\n")
    #expect(wired.main.findings == [])
  }

  @Test("three keys of a rectangle press the fourth, as on a keypad without diodes") func ghostKey() throws {
    let wired = try Bench.wired(["keypad@X1,X2,X3,X4,X5,X6,X7,X8,key=124"])
    try wired.main.pin("X2").configure(.outputOpenDrain, level: .low)
    try wired.main.pin("X6").configure(.input, pull: .up)
    #expect(try wired.main.pin("X6").level == .low)
  }

  @Test("an encoder's contacts are a quarter of a cycle apart, and the direction says which leads")
  func encoder() throws {
    let wired = try Bench.wired(
      ["encoder@X1,X2,X3"], events: ["1s:encoder.turn=1,2ms", "2s:encoder.turn=-1,2ms"], isTraced: true)
    wired.clock.busy(for: .seconds(3))
    let edges = (wired.trace(of: "pin X1") + wired.trace(of: "pin X2")).sorted().filter {
      !$0.hasPrefix("0.")
    }
    #expect(
      edges == [
        "1.000000000 pin X1 low", "1.002000000 pin X2 low", "1.004000000 pin X1 high",
        "1.006000000 pin X2 high",
        "2.000000000 pin X2 low", "2.002000000 pin X1 low", "2.004000000 pin X2 high",
        "2.006000000 pin X1 high",
      ])
    #expect(wired.board.signal("encoder.position")?.value == .integer(0))
  }

  @Test("a 74HC595 takes bits at rising clocks and shows them at the latch; two make sixteen outputs")
  func hc595() throws {
    let wired = try Bench.wired([
      "74hc595:low@X8,X6,X5,q0:Y1,q7:Y2", "74hc595:high@low.q7s,X6,X5,q0:Y3",
    ])
    try wired.run(
      """
      from machine import SPI, Pin
      latch = Pin('X5', Pin.OUT, value=0)
      spi = SPI('X', baudrate=1000000)
      spi.write(b'\\x01\\x81')
      latch.high()
      """)
    let levels = try ["Y1", "Y2", "Y3"].map { try wired.main.pin($0).level }
    #expect(levels == [.high, .high, .high])
    #expect(wired.board.signal("low.outputs")?.value == .integer(0x81))
    #expect(wired.board.signal("high.outputs")?.value == .integer(0x01))
  }

  @Test("a 74HC165 is read through SPI, d7 first") func hc165() throws {
    let wired = try Bench.wired(["74hc165@pl:X5,cp:X6,q7:X7,inputs=165"])
    let output = try wired.run(
      """
      from machine import SPI, Pin
      load = Pin('X5', Pin.OUT, value=0)
      spi = SPI('X', baudrate=1000000, polarity=1, phase=0)
      load.high()
      print(spi.read(1))
      """)
    #expect(output == "b'\\xa5'\n")
  }

  @Test(
    "an NEC remote control sends leader, address, command and their complements; a held key repeats each 108 ms"
  )
  func infrared() throws {
    let wired = try Bench.wired(
      ["ir_receiver@X3,address=4"], events: ["1s:ir_receiver.command=162,120ms"], isTraced: true)
    wired.clock.busy(for: .seconds(2))
    let times = wired.trace(of: "pin X3").compactMap { Double($0.prefix { $0 != " " }) }.filter { $0 >= 1 }
    let lengths = zip(times, times.dropFirst()).map { Int((($1 - $0) * 1e6).rounded()) }
    #expect(Array(lengths.prefix(2)) == [9000, 4500])
    let spaces = stride(from: 3, to: 67, by: 2).map { lengths[$0] }
    let word = spaces.enumerated().reduce(0) { $0 | ($1.element > 1000 ? 1 << $1.offset : 0) }
    #expect(word == 4 | 0xFB << 8 | 162 << 16 | (~162 & 0xFF) << 24)
    // The repeat: 108 ms after the beginning.
    #expect(abs(times[68] - 1.108) < 1e-9)
    #expect(Array(lengths[68...]) == [9000, 2250, 563] || Array(lengths[68...]) == [9000, 2250, 562])
  }

  @Test("a GPS receiver sends sentences with check sums once a second, and a pulse with each") func gps()
    throws
  {
    let wired = try Bench.wired(
      ["gps@X4,X3,X1,latitude=-33.5,longitude=151.25,start=2024-02-29 23:59:57"], isTraced: true)
    let output = try wired.run(
      """
      from machine import UART
      import time
      uart = UART(2, 9600, timeout=300, rxbuf=512)
      time.sleep_ms(1000)
      found = {}
      for _ in range(7):
          line = uart.readline()
          body, _, total = line.decode().strip()[1:].partition('*')
          check = 0
          for byte in body.encode(): check ^= byte
          found[body.split(',')[0]] = (body, check == int(total, 16))
      print(found['GPRMC'])
      print(found['GPGGA'])
      print(all(right for _, right in found.values()), sorted(found))
      """)
    #expect(
      output == """
        ('GPRMC,235958.000,A,3330.0000,S,15115.0000,E,0.00,0.00,290224,,,A', True)
        ('GPGGA,235958.000,3330.0000,S,15115.0000,E,1,8,1.01,20.0,M,47.0,M,,', True)
        True ['GPGGA', 'GPGLL', 'GPGSA', 'GPGSV', 'GPRMC', 'GPVTG']

        """)
    #expect(wired.trace(of: "pin X1").contains("1.000000000 pin X1 high"))
    #expect(wired.trace(of: "pin X1").contains("1.100000000 pin X1 low"))
  }

  @Test("a GPS receiver sends the sentences of a file, those of one time each second, as they are")
  func gpsFile()
    throws
  {
    let folder = try TemporaryFolder([
      "log.nmea": """
      # on a walk
      $GPRMC,101010.00,A,4730.000,N,00815.000,E,,,300924,,*00
      $GPGGA,101010.00,4730.000,N,00815.000,E,1,08,1.0,450,M,47,M,,*00
      $GPGSV,1,1,01,05,40,083,46*4F
      $GPRMC,101011.00,A,4730.001,N,00815.000,E,,,300924,,*00

      """, "empty.nmea": "nothing\n",
    ])
    defer { folder.remove() }
    let wired = try Bench.wired(["gps@tx:X4,file=\(folder.path)log.nmea"], isTraced: true)
    let output = try wired.run(
      """
      from machine import UART
      uart = UART(2, 9600, timeout=1500)
      while line := uart.readline(): print(str(line, 'utf-8').strip()[:16])
      """)
    #expect(output == "$GPRMC,101010.00\n$GPGGA,101010.00\n$GPGSV,1,1,01,05\n$GPRMC,101011.00\n")
    let times = wired.trace(of: "gps.sentence").map { $0.prefix(2) }
    #expect(times == ["1.", "1.", "1.", "2."])
    #expect(
      refusalMessage(["gps@tx:X4,file=\(folder.path)empty.nmea"])?.contains("has no sentence") == true)
    #expect(refusalMessage(["gps@tx:X4,file=/none"])?.contains("/none: could not be read") == true)
  }

  @Test("noise moves a GPS receiver's place by some metres, the same in every run") func gpsNoise() throws {
    let places = try ([0, 0, 1] as [UInt64]).map { seed -> [Double] in
      let wired = try Bench.wired(
        ["gps@tx:X4,noise=50,latitude=10,longitude=20"], isTraced: true, seed: seed)
      try wired.advance(by: .seconds(6))
      let lines = wired.trace(of: "gps.sentence").filter { $0.contains("RMC") }
      return lines.compactMap { line in
        let fields = line.split(separator: ",")
        return fields.count > 3 ? Double(String(fields[3])) : nil
      }
    }
    #expect(places[0].count == 5)
    #expect(Set(places[0]).count > 1)
    // A minute of arc is 1852 m.
    #expect(places[0].allSatisfy { abs($0 - 1000) < 50 / 1852.0 + 1e-4 }, "\(places[0])")
    #expect(places[0] == places[1])
    #expect(places[0] != places[2])
  }

  @Test("a GPS receiver changes its rate and interval when it is told to, and moves") func gpsCommands()
    throws
  {
    let wired = try Bench.wired(["gps@X4,X3,speed=1000,course=0,latitude=10"])
    let output = try wired.run(
      """
      from machine import UART
      import time
      uart = UART(2, 9600, timeout=300, rxbuf=512)
      uart.write(b'$PMTK251,57600*2C\\r\\n')
      time.sleep_ms(100)
      uart.init(57600, timeout=300, rxbuf=512)
      uart.write(b'$PMTK220,200*2C\\r\\n')
      line = b''
      while b'PMTK' not in line and time.ticks_ms() < 5000: line = uart.readline() or b''
      print(line)
      start = time.ticks_ms()
      count = 0
      while time.ticks_diff(time.ticks_ms(), start) < 2000:
          if b'GPRMC' in (uart.readline() or b''): count += 1
      print(count)
      """)
    #expect(output.hasPrefix("b'$PMTK001,220,3*30\\r\\n'\n"))
    #expect(["9", "10", "11"].contains(output.split(separator: "\n").last ?? ""), "\(output)")
    guard case .real(let latitude)? = wired.board.signal("gps.latitude")?.value else { return }
    #expect(latitude > 10.005)
  }
}
