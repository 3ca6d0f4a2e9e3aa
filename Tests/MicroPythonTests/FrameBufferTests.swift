import Testing

@testable import MicroPython

/// `framebuf`. Results are those of MicroPython 1.29.
@Suite struct FrameBufferTests {
  private let machine = TestMachine()

  /// What a program draws on a picture of 16 by 8 pixels, one line a row.
  private func picture(_ drawing: String, format: String = "MONO_HLSB") -> String {
    machine.run(
      """
      import framebuf, array
      f = framebuf.FrameBuffer(bytearray(256), 16, 8, framebuf.\(format))
      \(drawing)
      for y in range(8):
          print("".join("." if f.pixel(x, y) == 0 else "#" for x in range(16)))
      """)
  }

  @Test func shapes() {
    #expect(
      picture(
        """
        f.line(-3, -2, 15, 7, 1)
        f.rect(10, 0, 6, 3, 1)
        f.ellipse(3, 5, 3, 2, 1)
        """)
          == """
          ##........######
          ..##......#....#
          ....##....######
          ..###.##........
          ##...##.##......
          #.....#...##....
          ##...##.....##..
          ..###.........##

          """)
  }

  @Test(arguments: [
    "MONO_VLSB", "MONO_HLSB", "MONO_HMSB", "GS2_HMSB", "GS4_HMSB", "GS8", "RGB565",
  ])
  func everyFormatShowsWhatWasDrawn(_ format: String) {
    let expected = """
      .###....#.......
      #...#...#.......
      #.......#.......
      #.......####....
      #...#...#..#....
      .###....####....
      ................
      ................

      """
    let drawing = """
      f.hline(1, 0, 3, 1)
      f.vline(0, 1, 4, 1)
      f.pixel(4, 1, 1); f.pixel(4, 4, 1)
      f.hline(1, 5, 3, 1)
      f.vline(8, 0, 6, 1)
      f.rect(8, 3, 4, 3, 1)
      """
    #expect(picture(drawing, format: format) == expected)
  }

  @Test func polygonsAreFilledBetweenTheirEdges() {
    #expect(
      picture("f.poly(1, 1, array.array('h', [0, 0, 12, 0, 6, 5]), 1, True)")
        == """
        ................
        .#############..
        ..###########...
        ...#########....
        .....#####......
        ......###.......
        .......#........
        ................

        """)
  }

  @Test func textScrollAndBlit() {
    #expect(
      picture(
        """
        f.text("Hi", 0, 0, 1)
        g = framebuf.FrameBuffer(bytearray(32), 16, 8, framebuf.GS2_HMSB)
        g.fill(3)
        g.blit(f, 0, 0, 0)
        f.fill(0)
        f.blit(g, -1, 0, 3)
        f.scroll(2, 1)
        """)
          == """
          ##..##....##....
          ####..##....##..
          ####..##........
          ####..##....##..
          ########....##..
          ####..##....##..
          ####..##....##..
          ..##..##....##..

          """)
  }

  @Test func badSizesAreRefused() {
    #expect(
      machine.run(
        """
        import framebuf
        for arguments in ((3, 8, 8, 0), (8, 0, 8, 0), (8, 8, 8, 9), (8, 70000, 1, 0), (8, 8, 8, 0, 4)):
            try:
                framebuf.FrameBuffer(bytearray(arguments[0]), *arguments[1:])
            except ValueError as error:
                print("ValueError", error)
        """) == "ValueError \nValueError \nValueError invalid format\nValueError \nValueError \n")
  }
}
