import Bench
import Devices
import Foundation
import Machine
import Testing
import Timebase

/// Serial peers, and what is on an SPI bus.
@Suite struct LinkTests {
  @Test("a serial peer answers requests as its script says, and sends by itself") func serialScript() throws {
    let script = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data("# a modem\r\nAT\\r => OK\\r\\n\r\nATI\\r => \\x41\\x42\\r\\n\r\n1s: ready\\n\r\n".utf8).write(
      to: script)
    defer { try? FileManager.default.removeItem(at: script) }
    let wired = try Bench.wired(["serial:modem@tx:X4,rx:X3,baud=115200,script=\(script.path())"])
    let output = try wired.run(
      """
      from machine import UART
      uart = UART(2, 115200, timeout=1500)
      uart.write('AT\\r')
      print(uart.readline())
      uart.write('xATI\\r')
      print(uart.readline())
      print(uart.readline())
      """)
    #expect(output == "b'OK\\r\\n'\nb'AB\\r\\n'\nb'ready\\n'\n")
  }

  @Test("a serial peer says what it hears, sends what it is told to, and may echo") func serialControls()
    throws
  {
    let wired = try Bench.wired(["serial@tx:X4,rx:X3,echo=1"], events: ["100ms:serial.send=hello\\n"])
    var heard: [UInt8] = []
    let observation = wired.board.signal("serial.received")?.observe { value, _ in
      if case .bytes(let bytes) = value { heard += bytes }
    }
    let output = try wired.run(
      """
      from machine import UART
      uart = UART(2, 9600, timeout=500)
      uart.write('ab')
      print(uart.read(2), uart.readline())
      """)
    #expect(output == "b'ab' b'hello\\n'\n")
    #expect(heard == Array("ab".utf8))
    observation?.end()
  }

  @Test("a peer whose answers set each other off fills its line, and no more") func fullLine() throws {
    let answer = String(repeating: "A", count: 100_000)
    let folder = try TemporaryFolder(["script.txt": "A => \(answer)\n"])
    defer { folder.remove() }
    // It hears itself.
    let wired = try Bench.wired(
      ["serial:peer@tx:X4,rx:X3,baud=4000000,script=\(folder.path)script.txt"], wires: ["X3-X4"],
      events: ["1ms:peer.send=A"])
    try wired.advance(by: .milliseconds(50))
    #expect(wired.main.findings.count == 1)
    #expect(
      wired.main.findings.first?.contains(
        "line-full: peer: 4194304 characters wait for the line, and the next are left out") == true,
      "\(wired.main.findings)")
  }

  @Test("breaks that are asked for while one is sent are one break") func breaks() throws {
    let wired = try Bench.wired([], wires: ["X1-X4"])
    let output = try wired.run(
      """
      from pyb import UART
      import time
      sender, uart = UART(4, 9600), UART(2, 9600, timeout=50)
      for _ in range(1000): sender.sendbreak()
      time.sleep_ms(50)
      print(uart.any())
      """)
    #expect((1...20).contains(Int(output.dropLast()) ?? 0), "\(output)")
  }

  @Test("a script that cannot be read is refused with its line") func refusesScript() throws {
    let script = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data("AT => OK\nwhat\n".utf8).write(to: script)
    defer { try? FileManager.default.removeItem(at: script) }
    let message = try #require(refusalMessage(["serial@X4,X3,script=\(script.path())"]))
    #expect(message.contains("\(script.path()):2: \"what\" is neither REQUEST => ANSWER nor TIME: TEXT"))
    #expect(refusalMessage(["serial@X4,X3,script=/none"])?.contains("could not be read") == true)
  }

  @Test("a serial peer sends what is in a file, and writes what it hears into another") func serialFiles()
    throws
  {
    let folder = try TemporaryFolder([
      "log.txt": "first\nsecond\n", "script.txt": "50ms: @log.txt\n", "bad.txt": "1s: @none.txt\n",
    ])
    defer { folder.remove() }
    let wired = try Bench.wired([
      "serial@tx:X4,rx:X3,script=\(folder.path)script.txt,to=file:\(folder.path)heard.txt"
    ])
    let output = try wired.run(
      """
      from machine import UART
      uart = UART(2, 9600, timeout=100)
      print(uart.readline(), uart.readline())
      uart.write(b'a\\x00\\xffz')
      """)
    #expect(output == "b'first\\n' b'second\\n'\n")
    #expect(try Data(contentsOf: folder.url.appending(path: "heard.txt")) == Data([0x61, 0, 0xFF, 0x7A]))
    #expect(
      refusalMessage(["serial@X4,X3,script=\(folder.path)bad.txt"])?.contains("none.txt: could not be read")
        == true)
    #expect(
      refusalMessage(["serial@X4,X3,to=tty"])?.contains(
        "to cannot be \"tty\": it takes pty, pty:LINK, tcp:PORT or file:PATH") == true)
    #expect(refusalMessage(["serial@X4,X3,to=file:/none/x"])?.contains("No such file or directory") == true)
  }

  @Test("an SSD1306 on SPI shows what is written while dc is high") func ssd1306SPI() throws {
    let wired = try Bench.wired(["ssd1306_spi@X6,X8,dc:X1,cs:X5"])
    try wired.run(
      """
      from machine import SPI, Pin
      spi, dc, cs = SPI('X', baudrate=10000000), Pin('X1', Pin.OUT, value=0), Pin('X5', Pin.OUT, value=1)
      def send(is_data, data):
          dc.value(is_data)
          cs.low()
          spi.write(data)
          cs.high()
      send(0, bytes((0xa1, 0xc8, 0x20, 0, 0x21, 0, 127, 0x22, 0, 7, 0xaf)))
      send(1, b'\\x01\\x02\\x03' + bytes(1021))
      """)
    #expect("\(try #require(wired.board.signal("ssd1306_spi.picture")?.value))".hasPrefix("▀▄█\n"))
  }

  /// What a driver of an SD card does (SD specification, 7.2).
  private static let card = """
    from machine import SPI, Pin
    import time
    spi, cs = SPI('X', baudrate=1000000), Pin('X5', Pin.OUT, value=1)
    spi.write(b'\\xff' * 16)
    def command(number, argument=0, count=0, keep=False):
        cs.low()
        spi.write(bytes((0x40 | number, argument >> 24, argument >> 16 & 255, argument >> 8 & 255, argument & 255, 0x95)))
        for _ in range(8):
            answer = spi.read(1, 0xff)[0]
            if answer < 0x80: break
        rest = spi.read(count, 0xff) if count else b''
        if not keep: cs.high()
        return answer, rest
    def data(count):
        while spi.read(1, 0xff) != b'\\xfe': pass
        block = spi.read(count, 0xff)
        spi.read(2, 0xff)
        return block
    def start():
        print(command(0)[0], command(8, 0x1aa, 4))
        while True:
            command(55)
            if command(41, 0x40000000)[0] == 0: break
        print(command(58, 0, 4))

    """

  @Test("an SD card is initialised, written and read as the specification says") func sdCard() throws {
    let wired = try Bench.wired(["sdcard@X6,X8,X7,X5,megabytes=32"])
    let output = try wired.run(
      Self.card + """
        start()
        command(9, keep=True)
        csd = data(16)
        cs.high()
        print(((csd[7] << 16 | csd[8] << 8 | csd[9]) + 1) * 512, 'KiB')
        print(command(24, 7, keep=True)[0])
        spi.write(b'\\xff\\xfe' + b'block seven ' + bytes(500) + b'\\xff\\xff')
        print(hex(spi.read(1, 0xff)[0] & 0x1f))
        while spi.read(1, 0xff) != b'\\xff': pass
        cs.high()
        command(17, 7, keep=True)
        print(data(512)[:12])
        cs.high()
        command(18, 6, keep=True)
        print(data(512)[:2], data(512)[:5])
        cs.high()
        print(command(12)[0], command(17, 1 << 20)[0])
        """)
    #expect(
      output == """
        1 (1, b'\\x00\\x00\\x01\\xaa')
        (0, b'\\xc0\\xff\\x80\\x00')
        32768 KiB
        0
        0x5
        b'block seven '
        b'\\x00\\x00' b'block'
        0 64

        """)
  }

  @Test("an SD card with an image keeps what is written, and says when it cannot have it") func sdImage()
    throws
  {
    let image = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: image) }
    let options = ["sdcard@X6,X8,X7,X5,megabytes=1,image=\(image.path())"]
    try Bench.wired(options).run(
      Self.card + """
        start()
        command(24, 3, keep=True)
        spi.write(b'\\xfe' + b'kept' + bytes(508) + b'\\xff\\xff')
        cs.high()
        """)
    let bytes = try Data(contentsOf: image)
    #expect(bytes.count == 1 << 20)
    #expect(bytes[1536..<1540] == Data("kept".utf8))
    #expect(
      refusalMessage(["sdcard@X6,X8,X7,X5,image=/none/card.img"])?.contains("could not be opened") == true)
    #expect(refusalMessage(["sdcard@X6,X8,X7,X5,image=/dev/null"])?.contains("is not a file") == true)
  }
}
