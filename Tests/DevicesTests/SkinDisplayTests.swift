import Bench
import Diagnostics
import Machine
import Testing
import Timebase

/// `pyb.LCD`: what its driver sends to the skin's controller.
@Suite struct SkinDisplayTests {
  /// The bytes on the first SPI bus, instructions and data told apart by pin A0 of the skin.
  private func bytes(of code: String) throws -> (sent: [String], board: Bench) {
    let wired = try Bench.wired()
    let board = wired.board
    var sent: [String] = []
    let observation = try #require(board.signal("spi1.sent")).observe { value, _ in
      guard case .bytes(let bytes) = value else { return }
      let isData = board.pins.find("X5")?.level == .high
      #expect(board.pins.find("X3")?.level == .low)
      sent += bytes.map { (isData ? "" : "i") + $0.hexadecimal(digits: 2) }
    }
    try wired.run("import pyb\nlcd = pyb.LCD('X')\n" + code)
    observation.end()
    return (sent, wired)
  }

  @Test("resets the controller, sets it up and clears its memory")
  func start() throws {
    let (sent, wired) = try bytes(of: "lcd.light(True)")
    #expect(sent.prefix(9) == ["ia0", "ic0", "ia2", "i2f", "i21", "i81", "i28", "i40", "iaf"])
    #expect(sent[9..<13] == ["ib0", "i10", "i00", "00"])
    #expect(sent.count == 9 + 4 * (3 + 128))
    #expect(wired.board.pins.find("X12")?.level == .high)
    #expect(wired.board.pins.find("X4")?.level == .high)
  }

  @Test("text goes to the screen at once, upside down, line by line")
  func text() throws {
    let start = 9 + 4 * (3 + 128)
    let sent = Array(try bytes(of: "lcd.write('A\\n!')").sent[start...])
    // From the first character that has changed to the last. The glyphs are those of framebuf, the last column first.
    #expect(sent.count == 17 * 11)
    #expect(sent.prefix(11).joined(separator: " ") == "ib0 i17 i08 00 7c 7e 0b 0b 7e 7c 00")
    #expect(sent.suffix(11).joined(separator: " ") == "ib1 i17 i08 00 00 00 4f 4f 00 00 00")
    // Past the last line the lines move up, and all are drawn.
    let scrolled = try bytes(of: "lcd.write('1\\n2\\n3\\n4')\nlcd.write('\\n5')").sent
    #expect(scrolled.count == start + 49 * 11 + 64 * 11)
  }

  @Test("pixels wait in a hidden buffer until they are shown")
  func pixels() throws {
    let start = 9 + 4 * (3 + 128)
    let sent = try bytes(
      of: """
        lcd.pixel(0, 0, 1); lcd.pixel(127, 9, 1); lcd.pixel(128, 0, 1); lcd.pixel(0, -1, 1)
        assert lcd.get(0, 0) == 0
        lcd.show()
        assert (lcd.get(0, 0), lcd.get(127, 9), lcd.get(1, 0), lcd.get(500, 0)) == (1, 1, 0, 0)
        lcd.text('!', 120, 24, 1); lcd.text('!', -4, 0, 0)
        lcd.contrast(99); lcd.command(0, b'\\xa5'); lcd.command(1, 7)
        lcd.show()
        assert lcd.get(123, 24) == 1 and lcd.get(0, 0) == 0
        lcd.fill(1)
        assert lcd.get(5, 5) == 1
        for wrong in 'z', 'XY':
            try: pyb.LCD(wrong)
            except ValueError as e: assert str(e) == "LCD(%s) doesn't exist" % wrong
        """
    ).sent[start...].map { $0 }
    let page = 3 + 128
    #expect(sent[page - 1] == "01" && sent[page + 3] == "02")
    #expect(sent[4 * page..<4 * page + 4] == ["i81", "i2f", "ia5", "07"])
    #expect(sent.count == 8 * page + 4)
  }
}
