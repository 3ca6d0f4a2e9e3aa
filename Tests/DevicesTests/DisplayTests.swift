import Bench
import Devices
import Machine
import Testing
import Timebase

/// Displays and lights, and what they show.
@Suite struct DisplayTests {
  /// What a driver of an SSD1306 does: the set-up of modules, then the whole memory.
  private static let oled = """
    from machine import I2C
    import framebuf
    i2c = I2C('X')
    def command(*codes):
        for code in codes: i2c.writeto(0x3c, bytes((0x80, code)))
    def show(buffer):
        command(0x21, 0, 127, 0x22, 0, 7)
        i2c.writevto(0x3c, (b'\\x40', buffer))
    command(0xae, 0x20, 0, 0x40, 0xa1, 0xa8, 63, 0xc8, 0xd3, 0, 0xda, 0x12, 0xd5, 0x80, 0xd9, 0xf1, 0xdb, 0x30,
        0x81, 255, 0xa4, 0xa6, 0x8d, 0x14, 0xaf)
    buffer = bytearray(1024)
    picture = framebuf.FrameBuffer(buffer, 128, 64, framebuf.MONO_VLSB)

    """

  @Test("an SSD1306 shows what is written to it, from the top left") func ssd1306() throws {
    let wired = try Bench.wired(["ssd1306@X9,X10"])
    try wired.run(
      Self.oled + """
        picture.pixel(0, 0, 1)
        picture.hline(2, 1, 3, 1)
        picture.pixel(127, 63, 1)
        show(buffer)
        """)
    guard case .text(let picture)? = wired.board.signal("ssd1306.picture")?.value else {
      Issue.record("no picture")
      return
    }
    let lines = picture.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 32)
    #expect(lines[0] == "▀ ▄▄▄")
    #expect(lines[31] == String(repeating: " ", count: 127) + "▄")
  }

  @Test("an SSD1306 that is switched off or inverted shows that") func ssd1306Modes() throws {
    let wired = try Bench.wired(["ssd1306@X9,X10,height=32"])
    try wired.run(Self.oled + "picture.pixel(0, 0, 1)\nshow(buffer)\ncommand(0xa7)")
    #expect("\(try #require(wired.board.signal("ssd1306.picture")?.value))".hasPrefix("▄███"))
    try wired.run(Self.oled + "command(0xae)")
    #expect("\(try #require(wired.board.signal("ssd1306.picture")?.value))".allSatisfy { $0 == "\n" })
  }

  @Test("text on an SSD1306 can be read, wherever it stands") func ssd1306Text() throws {
    let wired = try Bench.wired(["ssd1306@X9,X10"], isTraced: true)
    try wired.run(
      Self.oled + """
        picture.text('Hello, world', 0, 0)
        picture.text('21.5 C', 35, 19)
        picture.rect(0, 30, 128, 34, 1)
        picture.text("it's", 4, 40)
        picture.text('{x} ~ _', 60, 41)
        show(buffer)
        """)
    let text = "Hello, world\n21.5 C\nit's\n{x} ~ _"
    #expect(wired.board.signal("ssd1306.text")?.value == .text(text))
    #expect(
      wired.trace(of: "ssd1306.text").last?.hasSuffix(" ssd1306.text Hello, world\\n21.5 C\\nit's\\n{x} ~ _")
        == true)
  }

  private static let nibbles = """
    from machine import Pin
    import time
    rs, e, *data = (Pin(name, Pin.OUT, value=0) for name in ('Y1', 'Y2', 'Y6', 'Y5', 'Y4', 'Y3'))
    def nibble(bits, pause):
        for place, pin in enumerate(data): pin.value(bits >> place & 1)
        e.high()
        time.sleep_us(1)
        e.low()
        time.sleep_us(pause)
    def byte(value, is_data, pause=50):
        rs.value(is_data)
        nibble(value >> 4, 0)
        nibble(value & 15, pause)
    def text(address, words):
        byte(0x80 | address, 0)
        for letter in words: byte(ord(letter), 1)
    for half in (3, 3, 3, 2): nibble(half, 5000)
    for code in (0x28, 0x0c, 0x06): byte(code, 0)
    byte(1, 0, 2000)

    """

  @Test("an HD44780 with four data lines shows its text") func hd44780() throws {
    let wired = try Bench.wired(["hd44780@Y1,Y2,Y6,Y5,Y4,Y3"])
    try wired.run(Self.nibbles + "text(0, 'Hello')\ntext(0x40, 'world 12.5')")
    #expect(wired.board.signal("hd44780.text")?.value == .text("Hello           \nworld 12.5      "))
    #expect(wired.main.findings == [])
  }

  @Test("an HD44780 of four lines has the third behind the first") func fourLines() throws {
    let wired = try Bench.wired(["hd44780@Y1,Y2,Y6,Y5,Y4,Y3,columns=20,rows=4"])
    try wired.run(Self.nibbles + "text(20, 'third')\ntext(0x40 + 20, 'fourth')")
    let lines = "\(try #require(wired.board.signal("hd44780.text")?.value))".split(separator: "\n")
    #expect(lines[2].hasPrefix("third") && lines[3].hasPrefix("fourth"))
  }

  @Test("an instruction that comes too early is lost, and told") func tooEarly() throws {
    let wired = try Bench.wired(["hd44780@Y1,Y2,Y6,Y5,Y4,Y3"])
    try wired.run(Self.nibbles + "text(0, 'a')\nbyte(1, 0, 0)\nbyte(ord('b'), 1)")
    #expect(wired.main.findings.contains { $0.contains("device-busy") && $0.contains("hd44780") })
    #expect(
      wired.board.signal("hd44780.text")?.value
        == .text(String(repeating: " ", count: 16) + "\n" + String(repeating: " ", count: 16)))
  }

  @Test("an HD44780 behind a PCF8574 shows its text, and its busy flag can be read") func backpack() throws {
    let wired = try Bench.wired(["lcd_i2c@X9,X10"])
    let output = try wired.run(
      """
      from machine import I2C
      import time
      i2c = I2C('X')
      def put(bits): i2c.writeto(0x27, bytes((bits,)))
      def half(bits, pause):
          put(bits | 12); put(bits | 8)
          time.sleep_us(pause)
      def byte(value, is_data, pause=50):
          half(value & 0xf0 | is_data, 0)
          half(value << 4 & 0xf0 | is_data, pause)
      for code in (0x30, 0x30, 0x30, 0x20): half(code, 5000)
      for code in (0x28, 0x0c, 0x06): byte(code, 0)
      byte(1, 0, 0)
      def flag():
          put(0xfa); put(0xfe)
          value = i2c.readfrom(0x27, 1)[0] & 0x80
          put(0xfa); put(0xfe); put(0xfa)
          return value
      print(flag())
      time.sleep_ms(2)
      print(flag())
      for letter in 'Hi': byte(ord(letter), 1)
      """)
    #expect(output == "128\n0\n")
    #expect("\(try #require(wired.board.signal("lcd_i2c.text")?.value))".hasPrefix("Hi  "))
  }

  @Test("a strip of WS2812 shows what neopixel sends, green first on the wire") func pixels() throws {
    let wired = try Bench.wired(["ws2812@X1,pixels=3"])
    try wired.run(
      """
      import neopixel, machine, time
      strip = neopixel.NeoPixel(machine.Pin('X1', machine.Pin.OUT), 3)
      strip[0] = (255, 0, 1)
      strip[1] = (0, 128, 0)
      strip.write()
      time.sleep_ms(1)
      """)
    #expect(wired.board.signal("ws2812.colours")?.value == .text("#ff0001 #008000 #000000"))
  }

  @Test("a strip of WS2812 shows what is sent to it through SPI, four bits for each of its own")
  func pixelsBySPI()
    throws
  {
    let wired = try Bench.wired(["ws2812@X8,pixels=2"])
    try wired.run(
      """
      import pyb, time
      spi = pyb.SPI(1, pyb.SPI.CONTROLLER, baudrate=3200000, polarity=0, phase=0)
      def coded(byte):
          bits = ''.join('0011' if byte >> bit & 1 else '0001' for bit in range(7, -1, -1))
          return int(bits, 2).to_bytes(4, 'big')
      # Green, red, blue.
      spi.send(b''.join(coded(byte) for byte in (1, 255, 0, 2, 0, 3)))
      time.sleep_ms(1)
      """)
    #expect(wired.board.signal("ws2812.colours")?.value == .text("#ff0100 #000203"))
  }

  @Test("an RGB LED with a common anode is lit by lows") func rgb() throws {
    let wired = try Bench.wired(["rgb_led@X1,X2,X3,common=anode"])
    try wired.run(
      "from machine import Pin\nPin('X1', Pin.OUT, value=0)\nPin('X2', Pin.OUT, value=1)\nPin('X3', Pin.IN)")
    let values = ["red", "green", "blue"].map { wired.board.signal("rgb_led.\($0)")?.value }
    #expect(values == [.integer(255), .integer(0), .integer(0)])
  }

  @Test("a servo turns as fast as its data sheet says, to the angle of its pulses") func servo() throws {
    let wired = try Bench.wired(["servo@X1"])
    let pin = try wired.main.pin("X1")
    let driver = NetDriver(name: "test")
    pin.net.attach(driver)
    driver.drive(
      PulseWaveform(start: wired.clock.now, rate: TickRate(hertz: 1_000_000), period: 20_000, pulse: 2000),
      at: nil)
    wired.clock.busy(for: .milliseconds(50))
    #expect(wired.board.signal("servo.pulse")?.value == .real(2000))
    guard case .real(let half)? = wired.board.signal("servo.angle")?.value else { return }
    #expect((118...121).contains(half))
    wired.clock.busy(for: .milliseconds(100))
    #expect(wired.board.signal("servo.angle")?.value == .real(135))
  }

  @Test("a servo and a buzzer measure pulses that firmware makes by itself") func measuredPulses() throws {
    let wired = try Bench.wired(["servo@X1", "buzzer@X2"])
    var heard: [PartValue] = []
    let observation = wired.board.signal("buzzer.frequency")?.observe { value, _ in heard.append(value) }
    for _ in 0..<20 {
      try wired.main.pin("X1").configure(.outputPushPull, level: .high)
      try wired.main.pin("X2").configure(.outputPushPull, level: .high)
      wired.clock.busy(for: .microseconds(1000))
      try wired.main.pin("X1").level = .low
      try wired.main.pin("X2").level = .low
      wired.clock.busy(for: .microseconds(9000))
    }
    #expect(wired.board.signal("servo.angle")?.value == .real(45))
    #expect(heard == [.real(100)])
    wired.clock.busy(for: .milliseconds(200))
    #expect(heard == [.real(100), .real(0)])
    observation?.end()
  }
}
