import Testing

/// `pyb.SPI`, `machine.SPI` and `machine.SoftSPI`, measured against themselves over a wire.
@Suite("SPI in Python") struct SPITests {
  @Test("pyb.SPI has the board's dividers, and hears over a wire what it sends")
  func pybSPI() throws {
    let run = try FirmwareRun(
      """
      from pyb import SPI
      s = SPI(1)
      print(s)
      s.init(SPI.CONTROLLER)
      print(s, SPI('X') is s, SPI.CONTROLLER, SPI.PERIPHERAL, SPI.MSB, SPI.LSB)
      for fast, phase in ((600000, 0), (10000000, 1)):
          s.init(SPI.MASTER, baudrate=fast, polarity=phase, phase=phase)
          print(s, s.send_recv(b'\\x01\\x80hello'), s.send(7), s.recv(2))
      b = bytearray(b'abc')
      print(s.send_recv(b, b) is b, b)
      s.init(SPI.MASTER, prescaler=64, firstbit=SPI.LSB, bits=16)
      b = bytearray(4)
      s.write_readinto(b'\\x12\\x34\\x56\\x78', b)
      print(s, b, s.read(2, 0x55))
      s.readinto(b, 0xa5)
      print(b)
      for f in (lambda: SPI(3), lambda: SPI('Q'), lambda: s.write_readinto(b'12', b), lambda: s.send_recv(b'1', b),
                lambda: s.init(SPI.MASTER, crc=7), lambda: SPI(2).send(1)):
          try: f()
          except Exception as e: print(repr(e).split(';')[0])
      s.deinit()
      print(s)
      """, wires: ["X7-X8"])
    #expect(
      run.output == """
        SPI(1)
        SPI(1, SPI.CONTROLLER, baudrate=328125, prescaler=256, polarity=1, phase=0, bits=8) True 260 0 0 128
        SPI(1, SPI.CONTROLLER, baudrate=328125, prescaler=256, polarity=0, phase=0, bits=8) b'\\x01\\x80hello' None b'\\x00\\x00'
        SPI(1, SPI.CONTROLLER, baudrate=5250000, prescaler=16, polarity=1, phase=1, bits=8) b'\\x01\\x80hello' None b'\\x00\\x00'
        True bytearray(b'abc')
        SPI(1, SPI.CONTROLLER, baudrate=1312500, prescaler=64, polarity=1, phase=0, bits=16) bytearray(b'\\x124Vx') b'UU'
        bytearray(b'\\xa5\\xa5\\xa5\\xa5')
        ValueError("SPI(3) doesn't exist",)
        ValueError("SPI(Q) doesn't exist",)
        ValueError('buffers must be the same length',)
        ValueError('recv must be same length as send',)
        NotImplementedError('SPI transfers with a CRC are not emulated
        OSError(16,)
        SPI(1)

        """)
  }

  @Test(
    "pyb.SPI as a peripheral follows another controller's clock while it waits, and times out without one")
  func peripheral() throws {
    let run = try FirmwareRun(
      """
      import machine
      from pyb import SPI
      heard = bytearray(2)
      for polarity, phase in ((0, 0), (0, 1), (1, 0), (1, 1)):
          soft = machine.SoftSPI(baudrate=10000, polarity=polarity, phase=phase, sck=machine.Pin('X1'), mosi=machine.Pin('X2'), miso=machine.Pin('X3'))
          target = SPI(2, SPI.PERIPHERAL, polarity=polarity, phase=phase)
          machine.Timer(-1, mode=machine.Timer.ONE_SHOT, period=10, callback=lambda t: soft.write_readinto(b'\\xa5\\x17', heard))
          print(target, target.send_recv(b'ok', timeout=100), heard)
      try:
          target.recv(1, timeout=20)
      except OSError as error:
          print(error)
      """, wires: ["X1-Y6", "X2-Y8", "X3-Y7"])
    let lines = [(0, 0), (0, 1), (1, 0), (1, 1)].map {
      "SPI(2, SPI.PERIPHERAL, polarity=\($0), phase=\($1), bits=8) b'\\xa5\\x17' bytearray(b'ok')\n"
    }
    #expect(run.output == lines.joined() + "[Errno 110] ETIMEDOUT\n")
  }

  @Test("machine.SPI reads its data line as the clock's pull leaves it, and takes the time of its bits")
  func machineSPI() throws {
    let run = try FirmwareRun(
      """
      from machine import SPI
      import time
      s = SPI(2, 1000000)
      print(s, s.read(2))
      s.init(polarity=1)
      print(s, s.read(2))
      began = time.ticks_us()
      s.write(bytes(1000))
      print(abs(time.ticks_diff(time.ticks_us(), began) - 8000 * 64 / 42) < 200)
      try: SPI(1, sck=1)
      except ValueError as e: print(e)
      """)
    #expect(
      run.output == """
        SPI(2, baudrate=656250, polarity=0, phase=0, bits=8) b'\\x00\\x00'
        SPI(2, baudrate=656250, polarity=1, phase=0, bits=8) b'\\xff\\xff'
        True
        explicit choice of sck/mosi/miso is not implemented

        """)
  }

  @Test("machine.SoftSPI moves three pins")
  func softSPI() throws {
    let run = try FirmwareRun(
      """
      from machine import SoftSPI, Pin
      s = SoftSPI(100000, sck=Pin('X1'), mosi=Pin('X2'), miso=Pin('X3'))
      b = bytearray(3)
      for polarity in (0, 1):
          for phase in (0, 1):
              s.init(polarity=polarity, phase=phase, firstbit=SoftSPI.LSB if phase else SoftSPI.MSB)
              s.write_readinto(b'a\\x00\\xc1', b)
              print(s, b)
      for f in (lambda: SoftSPI(sck=1), lambda: SoftSPI(bits=9)):
          try: f()
          except ValueError as e: print(e)
      """, wires: ["X2-X3"])
    #expect(
      run.output == """
        SoftSPI(baudrate=100000, polarity=0, phase=0, firstbit=0, sck=A0, mosi=A1, miso=A2) bytearray(b'a\\x00\\xc1')
        SoftSPI(baudrate=100000, polarity=0, phase=1, firstbit=128, sck=A0, mosi=A1, miso=A2) bytearray(b'a\\x00\\xc1')
        SoftSPI(baudrate=100000, polarity=1, phase=0, firstbit=0, sck=A0, mosi=A1, miso=A2) bytearray(b'a\\x00\\xc1')
        SoftSPI(baudrate=100000, polarity=1, phase=1, firstbit=128, sck=A0, mosi=A1, miso=A2) bytearray(b'a\\x00\\xc1')
        must specify all of sck/mosi/miso
        bits must be 8

        """)
  }

  @Test("on a Pico pins can be chosen, and dividers are finer")
  func pico() throws {
    let run = try FirmwareRun(
      """
      from machine import SPI, Pin
      s = SPI(0, 400000)
      print(s)
      s = SPI(0, 400000, sck=Pin(2), mosi=Pin(3), miso=Pin(4))
      b = bytearray(2)
      s.write_readinto(b'\\x5a\\x01', b)
      print(s, b, SPI.MSB, SPI.LSB)
      for f in (lambda: SPI(2), lambda: SPI(0, sck=Pin(3)), lambda: SPI(0, firstbit=SPI.LSB)):
          try: f()
          except Exception as e: print(repr(e))
      """, board: "pico", wires: ["GP3-GP4"])
    #expect(
      run.output == """
        SPI(0, baudrate=400000, polarity=0, phase=0, bits=8, sck=18, mosi=19, miso=16)
        SPI(0, baudrate=400000, polarity=0, phase=0, bits=8, sck=2, mosi=3, miso=4) bytearray(b'Z\\x01') 1 0
        ValueError("SPI(2) doesn't exist",)
        ValueError('bad SCK pin',)
        NotImplementedError('LSB',)

        """)
  }

  @Test("what reads into a buffer gives None")
  func resultsOfTransfers() throws {
    let run = try FirmwareRun(
      """
      import pyb
      from machine import SPI, SoftSPI
      b = bytearray(2)
      for s in (SPI(1), SoftSPI(sck='Y6', mosi='Y8', miso='Y7'), pyb.SPI(1, pyb.SPI.CONTROLLER)):
          print(s.readinto(b), s.write(b), s.write_readinto(b, b))
      """)
    #expect(run.output == "None None None\nNone None None\nNone None None\n")
  }
}
