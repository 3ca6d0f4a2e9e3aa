import Testing

/// `machine.I2C`, `machine.SoftI2C` and `pyb.I2C` with the accelerometer of the board, whose address is 76. Error numbers are those of
/// the board's drivers.
@Suite("I2C in Python") struct I2CTests {
  @Test(
    "an error because nothing answers is explained with the address and the pins",
    arguments: [
      (
        "from machine import I2C; I2C(1).readfrom(0x38, 1)",
        "no-device: no answer from I2C address 0x38 on X9 and X10"
      ),
      (
        "import pyb; i = pyb.I2C(1, pyb.I2C.CONTROLLER); i.scan(); i.send(1, 0x1a)",
        "no answer from I2C address 0x1a"
      ),
      (
        "from machine import SoftI2C, Pin; SoftI2C(Pin('X9'), Pin('X10')).writeto(0x3c, b'a')",
        "no answer from I2C address 0x3c"
      ),
      (
        "from machine import SoftI2C, Pin; SoftI2C(Pin('Y1'), Pin('Y2')).writeto(0x3c, b'a')",
        "nothing pulls Y1 up"
      ),
      ("import dht, machine; dht.DHT22(machine.Pin('X1')).measure()", "no answer from a DHT sensor on X1"),
    ])
  func silentDevices(program: String, explanation: String) throws {
    let run = try FirmwareRun(program)
    #expect(run.diagnostics.contains { $0.contains(explanation) }, "\(run.diagnostics) \(run.end)")
  }

  @Test("an error that has nothing to do with a scan before it is not explained with an address")
  func scanIsNoComplaint() throws {
    let run = try FirmwareRun("from machine import I2C; I2C(1).scan(); raise OSError(5)")
    #expect(!run.diagnostics.contains { $0.contains("no-device") }, "\(run.diagnostics)")
  }

  @Test("machine.I2C finds, reads and writes a target, and has the driver's error numbers")
  func machineI2C() throws {
    let run = try FirmwareRun(
      """
      import pyb
      from machine import I2C
      i = I2C(1)
      print(i, i.scan())
      pyb.Accel()
      print(i.scan(), i.writeto(76, b'\\x07'), i.readfrom_mem(76, 7, 1))
      b = bytearray(3)
      i.readfrom_mem_into(76, 0, b)
      i.writeto_mem(76, 5, b'\\x21')
      print(b, i.readfrom_mem(76, 5, 1), i.writevto(76, [b'\\x05', b'', b'\\x22']))
      for f in (lambda: i.readfrom(77, 1), lambda: i.readfrom(76, 0), lambda: i.readfrom(76, 1, False),
                lambda: i.readfrom_mem(76, 0, 1, addrsize=7), lambda: I2C(3), lambda: I2C('Q'),
                lambda: I2C(1, scl=1), lambda: i.start()):
        try: f()
        except Exception as e: print(repr(e))
      """)
    #expect(
      run.output == """
        I2C(1, scl=B6, sda=B7, freq=336000) []
        [76] 1 b'\\x01'
        bytearray(b'\\x00\\x00\\x15') b'!' 2
        OSError(19,)
        OSError(22,)
        OSError(22,)
        ValueError('invalid addrsize',)
        ValueError("I2C(3) doesn't exist",)
        ValueError("I2C(Q) doesn't exist",)
        ValueError('explicit choice of scl/sda is not implemented',)
        OSError('I2C operation not supported',)

        """)
  }

  @Test("machine.SoftI2C moves two pins, with its primitives")
  func softI2C() throws {
    let run = try FirmwareRun(
      """
      import pyb
      from machine import SoftI2C, Pin
      pyb.Accel()
      s = SoftI2C(Pin('X9'), Pin('X10'), freq=100000)
      print(s, s.scan(), s.readfrom_mem(76, 7, 1))
      s.start(); print(s.write(bytes([76 << 1, 7]))); s.start(); print(s.write(bytes([76 << 1 | 1])))
      b = bytearray(1); s.readinto(b); s.stop(); print(b)
      try: s.writeto(3, b'x')
      except OSError as e: print(repr(e))
      """)
    #expect(
      run.output
        == "SoftI2C(scl=B6, sda=B7, freq=100000) [76] b'\\x01'\n2\n1\nbytearray(b'\\x01')\nOSError(19,)\n")
  }

  @Test("pyb.I2C controls a bus and reports errors as the vendor's driver does")
  func pybI2C() throws {
    let run = try FirmwareRun(
      """
      import pyb
      from pyb import I2C
      i = I2C(1)
      print(i)
      i.init(I2C.CONTROLLER, baudrate=100000)
      print(i, i.scan())
      pyb.Accel()
      i.init(I2C.CONTROLLER)
      print(i.scan(), i.is_ready(76), i.is_ready(77), i.mem_read(1, 76, 7))
      i.send(7, 76)
      b = bytearray(1)
      print(i.recv(b, 76) is b, b, i.recv(1, addr=76))
      i.mem_write(b'\\x12', 76, 5)
      print(i.mem_read(1, 76, 5))
      for f in (lambda: i.send(1, 77), lambda: i.mem_read(1, 77, 0), lambda: i.send(1), lambda: I2C(0)):
        try: f()
        except Exception as e: print(repr(e))
      p = I2C(2, I2C.PERIPHERAL, addr=0x42)
      print(p)
      try: p.scan()
      except TypeError as e: print(e)
      try: p.recv(2, timeout=20)
      except OSError as e: print(repr(e))
      """)
    #expect(
      run.output == """
        I2C(1)
        I2C(1, I2C.CONTROLLER, baudrate=100000) []
        [76] True False b'\\x01'
        True bytearray(b'\\x01') b'\\x00'
        b'\\x12'
        OSError(5,)
        OSError(5,)
        TypeError('addr argument required',)
        ValueError("I2C(0) doesn't exist",)
        I2C(2, I2C.PERIPHERAL, addr=0x42)
        I2C must be a controller
        OSError(110,)

        """)
  }

  @Test("machine.I2CTarget has a buffer as its memory, and tells what was selected, read and written")
  func targetMemory() throws {
    let run = try FirmwareRun(
      """
      from machine import I2C, I2CTarget
      memory = bytearray(b'0123456789')
      target = I2CTarget(2, 0x43, mem=memory)
      events = []
      irq = target.irq(lambda t: events.append((t is target, irq.flags(), t.memaddr)))
      bus = I2C(1, freq=100000)
      print(target, bus.scan())
      print(bus.readfrom_mem(0x43, 3, 4), target.memaddr)
      bus.writeto_mem(0x43, 8, b'abc')
      print(memory, target.memaddr, events)
      print(bus.readfrom(0x43, 2), bus.readfrom(0x43, 2))
      try:
          target.irq(print, I2CTarget.IRQ_READ_REQ)
      except ValueError as error:
          print(error)
      target.deinit()
      print(bus.scan())
      """, wires: ["X9-Y9", "X10-Y10"])
    #expect(
      run.output == """
        I2CTarget(2, addr=67) [67]
        b'3456' 3
        bytearray(b'c1234567ab') 8 [(True, 32, 0), (True, 16, 3), (True, 32, 8)]
        b'12' b'45'
        hard IRQ required
        []

        """)
  }

  @Test("without a memory the handler of machine.I2CTarget takes and gives each byte")
  func targetHandler() throws {
    let run = try FirmwareRun(
      """
      from machine import I2C, I2CTarget
      target = I2CTarget(2, 0x20)
      byte = bytearray(1)
      heard = bytearray(8)
      count = [0]
      def handle(t):
          flags = irq.flags()
          if flags & I2CTarget.IRQ_WRITE_REQ:
              t.readinto(byte)
              heard[count[0]] = byte[0]
              count[0] += 1
          elif flags & I2CTarget.IRQ_READ_REQ:
              byte[0] = count[0] + 0x30
              count[0] += 1
              t.write(byte)
      irq = target.irq(handle, I2CTarget.IRQ_WRITE_REQ | I2CTarget.IRQ_READ_REQ, hard=True)
      bus = I2C(1)
      bus.writeto(0x20, b'hey')
      print(heard, bus.readfrom(0x20, 3), count)
      """, wires: ["X9-Y9", "X10-Y10"])
    #expect(run.output == "bytearray(b'hey\\x00\\x00\\x00\\x00\\x00') b'345' [7]\n")
  }

  @Test("a bus without a number, or with -1, is bit-banged as once, with the board's warning")
  func busesOfOnce() throws {
    let run = try FirmwareRun(
      """
      from machine import I2C, Pin, SPI
      print(I2C(scl=Pin('X1'), sda=Pin('X2'), freq=100000))
      print(I2C(-1, Pin('X1'), Pin('X2')))
      print(SPI(-1, 1000, sck=Pin('X1'), mosi=Pin('X2'), miso=Pin('X3')))
      for make in (I2C, SPI, lambda: SPI(id=1)):
          try:
              make()
          except (TypeError, ValueError) as error:
              print(error)
      """)
    func warning(_ bus: String) -> String {
      "Warning: \(bus)(-1, ...) is deprecated, use Soft\(bus)(...) instead\n"
    }
    #expect(
      run.output == warning("I2C") + "SoftI2C(scl=A0, sda=A1, freq=100000)\n"
        + warning("I2C") + "SoftI2C(scl=A0, sda=A1, freq=500000)\n"
        + warning("SPI")
        + "SoftSPI(baudrate=1000, polarity=0, phase=0, firstbit=0, sck=A0, mosi=A1, miso=A2)\n"
        + warning("I2C") + "'scl' argument required\n"
        + warning("SPI") + "must specify all of sck/mosi/miso\n"
        + warning("SPI") + "extra keyword arguments given\n")
  }

  @Test("what reads into a buffer gives None, what writes the number of bytes that were acknowledged")
  func resultsOfTransfers() throws {
    let run = try FirmwareRun(
      """
      import pyb
      from machine import I2C, SoftI2C
      pyb.Accel()
      i, b = I2C(1), bytearray(2)
      print(i.readfrom_into(76, b), i.readfrom_mem_into(76, 0, b), i.writeto(76, b'\\x00'), i.writeto_mem(76, 5, b'a'))
      s = SoftI2C('X9', 'X10')
      s.start()
      print(s.write(b'\\x99'), s.readinto(b), s.stop())
      """)
    #expect(run.output == "None None 1 None\n1 None None\n")
  }
}
