import Diagnostics
import Machine
import MicroPythonPort
import Testing
import Timebase

/// `machine.I2S`
@Suite struct I2STests {
  @Test(
    "frames go out at the rate, word select low for the left channel, the highest bit one clock behind its change"
  )
  func sending() throws {
    let run = try FirmwareRun(
      """
      from machine import I2S, Pin
      import time
      out = I2S(2, sck=Pin('Y6'), ws=Pin('Y5'), sd=Pin('Y8'), mode=I2S.TX, bits=16, format=I2S.STEREO, rate=1000, ibuf=1024)
      print(out)
      print(out.write(b'\\x01\\x80\\xff\\x7f' * 32))
      out.deinit()
      for wrong in (dict(mode=7), dict(bits=24), dict(format=3), dict(ibuf=0), dict(sck=Pin('X1')), dict(ws=5)):
          setup = dict(sck=Pin('Y6'), ws=Pin('Y5'), sd=Pin('Y8'), mode=I2S.TX, bits=16, format=I2S.MONO, rate=8000, ibuf=100)
          setup.update(wrong)
          try:
              I2S(2, **setup)
          except ValueError as error:
              print(error)
      try:
          I2S(1)
      except ValueError as error:
          print(error)
      try:
          I2S(2, sck=Pin('Y6'))
      except TypeError as error:
          print(error)
      """)
    #expect(
      run.output == """
        I2S(id=2,
        sck=B13,
        ws=B12,
        sd=B15,
        mode=512,
        bits=16, format=1,
        rate=1000, ibuf=1024)
        128
        invalid mode
        invalid bits
        invalid format
        invalid ibuf
        invalid SCK pin
        WS not a Pin type
        invalid id
        'ws' argument required

        """)
  }

  @Test("what goes out is a signal with its time, and levels on the three lines")
  func waveforms() throws {
    let clock = Clock(mode: .virtual)
    let board = try Board(
      description: try #require(try BoardDescription.builtIn("pyboard-v1.1")), clock: clock,
      diagnostics: DiagnosticSink { _ in })
    let i2s = try #require(board.i2ss[2])
    var told: [(PartValue, Instant)] = []
    let observation = try #require(i2s.signals.first { $0.name == "sent" }).observe { told.append(($0, $1)) }
    let (sck, ws, sd) = (try board.pins["Y6"], try board.pins["Y5"], try board.pins["Y8"])
    i2s.start(
      I2SSettings(direction: .send, bits: 16, isStereo: true, rate: 1000, bufferSize: 1024), sck: sck, ws: ws,
      sd: sd)
    let frames = (0..<32).flatMap { frame -> [UInt8] in [UInt8(frame), 0x80, 0xff, 0x7f] }
    #expect(i2s.write(frames) == 128)
    var bits: [UInt32] = []
    // A bit is there at the rising edge of the clock, 15.6 us behind the beginning of its period.
    for word in 0..<4 {
      var value: UInt32 = 0
      for bit in 0..<16 {
        let offset = Int64(word * 16 + bit + 1) * 31_250 + 15_626
        clock.busy(for: Instant(nanoseconds: 64_000_000 + offset) - clock.now)
        #expect(sck.level == .high)
        if bit == 7 { #expect(ws.level == (word % 2 == 0 ? .low : .high)) }
        value = value << 1 | (sd.level == .high ? 1 : 0)
      }
      bits.append(value)
    }
    #expect(bits == [0x8000, 0x7fff, 0x8001, 0x7fff])
    #expect(told.count == 1)
    #expect(told.first?.0 == .bytes(frames))
    #expect(told.first?.1 == Instant(nanoseconds: 64_000_000))
    withExtendedLifetime(observation) {}
  }

  @Test("frames that come in are read in all formats; mono keeps the left channel")
  func receiving() throws {
    let run = try FirmwareRun(
      """
      from machine import I2S, Pin
      import time
      for level in (1, 0):
          source = Pin('X1', Pin.OUT, value=level)
          for bits, format in ((16, I2S.MONO), (32, I2S.STEREO)):
              i2s = I2S(2, sck=Pin('Y6'), ws=Pin('Y5'), sd=Pin('Y8'), mode=I2S.RX, bits=bits, format=format, rate=16000, ibuf=2000)
              buffer = bytearray(16)
              start = time.ticks_us()
              print(i2s.readinto(buffer), buffer[-4:], time.ticks_diff(time.ticks_us(), start) // 1000)
      try:
          i2s.write(b'1234')
      except OSError as error:
          print(error)
      i2s.deinit()
      """, wires: ["X1-Y8"])
    #expect(
      run.output == """
        16 bytearray(b'\\xff\\xff\\xff\\xff') 1
        16 bytearray(b'\\xff\\xff\\xff\\xff') 1
        16 bytearray(b'\\x00\\x00\\x00\\x00') 1
        16 bytearray(b'\\x00\\x00\\x00\\x00') 1
        [Errno 1] EPERM

        """)
  }

  @Test(
    "with a callback the buffer goes out while the firmware goes on; blocking, write takes the time of the samples"
  )
  func waiting() throws {
    let run = try FirmwareRun(
      """
      from machine import I2S, Pin
      import time
      out = I2S(2, sck=Pin('Y6'), ws=Pin('Y5'), sd=Pin('Y8'), mode=I2S.TX, bits=16, format=I2S.MONO, rate=8000, ibuf=1000)
      data = bytes(16000)
      start = time.ticks_ms()
      print(out.write(data), 850 < time.ticks_diff(time.ticks_ms(), start) < 1000)
      done = []
      out.irq(lambda i2s: done.append(i2s is out))
      start = time.ticks_ms()
      print(out.write(data), time.ticks_diff(time.ticks_ms(), start), done)
      time.sleep_ms(1100)
      print(done)
      buffer = bytearray(b'\\x00\\x40\\xff\\xff')
      I2S.shift(buf=buffer, bits=16, shift=-2)
      print(buffer)
      out.deinit()
      """)
    #expect(run.output == "16000 True\n16000 0 []\n[True]\nbytearray(b'\\x00\\x10\\xff\\xff')\n")
  }
}
