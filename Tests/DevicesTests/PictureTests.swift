import Bench
import Devices
import Machine
import PythonDevices
import Testing
import Timebase

/// What displays and lights look like.
@Suite struct PictureTests {
  @Test("a picture as PNG has every point of it") func png() throws {
    var picture = Picture(width: 70, height: 41, colour: 0x102030)
    var state: UInt32 = 1
    for x in 0..<70 {
      for y in 0..<41 where (x / 9 + y / 7) % 3 > 0 {
        state = state &* 1_664_525 &+ 1_013_904_223
        picture[x, y] = x % 9 == 0 ? state >> 8 : 0xFFEE00
      }
    }
    let read = try #require(PNGReader(picture.png))
    #expect((read.width, read.height) == (70, 41))
    var wrong = 0
    for x in 0..<70 { for y in 0..<41 where read[x, y] != picture[x, y] { wrong += 1 } }
    #expect(wrong == 0)
    // A row of one colour is longer than the longest repetition.
    let blank = Picture(width: 400, height: 2).png
    #expect(PNGReader(blank)?.width == 400 && blank.count < 200)
  }

  @Test("an SSD1306's picture has its points, a character display its letters, a strip its colours")
  func displays() throws {
    let wired = try Bench.wired(["ssd1306:oled@X9,X10", "ws2812:strip@X1,pixels=3", "lcd_i2c:lcd@Y9,Y10"])
    try wired.run(
      """
      from machine import I2C, Pin
      import neopixel, time
      i2c = I2C('X')
      i2c.writeto(0x3c, bytes((0, 0x20, 0, 0xa1, 0xc8, 0xaf)))
      i2c.writeto(0x3c, b'\\x40\\x01')
      strip = neopixel.NeoPixel(Pin('X1'), 3)
      strip[1] = (255, 16, 0)
      strip.write()
      lcd = I2C('Y')
      def nibble(value, rs=0):
          for byte in (value << 4 | 12 | rs, value << 4 | 8 | rs): lcd.writeto(0x27, bytes((byte,)))
          time.sleep_ms(2)
      for value in (3, 3, 3, 2, 2, 8, 0, 12): nibble(value)
      for value in (4, 8): nibble(value, 1)
      time.sleep_ms(1)
      """)
    let oled = try wired.board.picture(of: "oled")
    #expect((oled.width, oled.height) == (512, 256))
    #expect(oled[0, 0] == 0xFFFFFF && oled[3, 3] == 0xFFFFFF && oled[4, 0] == 0 && oled[0, 4] == 0)
    let strip = try wired.board.picture(of: "strip")
    #expect(strip[8 + 12, 8 + 12] == 0 && strip[40 + 12, 8 + 12] == 0xFF1000)
    // An H: two upright bars, and one across.
    let lcd = try wired.board.picture(of: "lcd")
    let ink = (0..<8).map { y in
      String((0..<8).map { x in lcd[(4 + x) * 3, (4 + y) * 3] == 0x1A2400 ? "#" : "." })
    }
    #expect(ink[0].contains("##") && ink[3].filter { $0 == "#" }.count > ink[0].filter { $0 == "#" }.count)
    #expect(lcd[(4 + 9) * 3, 4 * 3] == 0x7EA800)
  }

  @Test("lights are discs; what shows nothing, or is not there, is refused") func lights() throws {
    let wired = try Bench.wired(["led:lamp@X1,colour=green", "button:key@X3", "rgb_led:rgb@X5,X6,X7"])
    try wired.main.pin("X1").configure(.outputPushPull, level: .high)
    wired.clock.busy(for: .milliseconds(1))
    #expect(try wired.board.picture(of: "lamp")[20, 20] == 0x20FF20)
    #expect(try wired.board.picture(of: "rgb")[20, 20] == 0)
    #expect(try wired.board.picture(of: "led1")[20, 20] == 0x303030)
    #expect(try wired.board.picture(of: "board").width == 4 * 32 + 8)
    for (name, message) in [
      ("key", "key is nothing to look at: displays and lights are (board, "),
      ("lam", "no part \"lam\", did you mean \"lamp\"? (board, "),
    ] {
      let error = #expect(throws: PictureError.self) { try wired.board.picture(of: name) }
      #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }
  }

  @Test("a device in Python has the picture that its method returns") func python() throws {
    let folder = try TemporaryFolder([
      "panel.py": """
      from device import Device

      class Panel(Device):
          pins = "data"

          def picture(self):
              return [[0xff0000, 0x00ff00], [0x0000ff, 0xffffff if self.data.level else 0]]

      """,
      "bad.py": """
      from device import Device

      class Panel(Device):
          pins = "data"

          def picture(self):
              return [[1, 2], [3]]

      """,
    ])
    defer { folder.remove() }
    let wired = try Bench.wired(["\(folder.path)panel.py@X1", "\(folder.path)bad.py@X2"], kinds: .withPython)
    try wired.main.pin("X1").configure(.outputPushPull, level: .high)
    let picture = try wired.board.picture(of: "panel")
    #expect((picture.width, picture.height) == (256, 256))
    #expect(picture[0, 0] == 0xFF0000 && picture[255, 0] == 0x00FF00 && picture[255, 255] == 0xFFFFFF)
    #expect(throws: PictureError.self) { try wired.board.picture(of: "bad") }
    #expect(
      wired.main.findings.contains {
        $0.contains("bad.py: ") && $0.contains("picture() returns rows of colours")
      })
  }
}
