import Bench
import Machine
import Testing
import Timebase

@testable import Devices

/// Devices on an I2C bus, as firmware reads and writes them.
@Suite struct I2CDeviceTests {
  private static let bus = "from machine import I2C\nimport time, struct\ni2c = I2C('X')\n"

  @Test("an HTU21D refuses a read while it measures, and its answer has the check sum of its data sheet")
  func htu21d() throws {
    let wired = try Bench.wired(["htu21d@X9,X10,temperature=21.5,humidity=55"])
    let output = try wired.run(
      Self.bus + """
        i2c.writeto(0x40, b'\\xf3')
        try: i2c.readfrom(0x40, 3)
        except OSError as error: print(error.errno)
        time.sleep_ms(51)
        def value(data):
            crc = 0
            for byte in data[:2]:
                crc ^= byte
                for _ in range(8): crc = (crc << 1 ^ 0x131 if crc & 0x80 else crc << 1)
            return struct.unpack('>H', data)[0] & 0xfffc, crc == data[2], data[1] & 2
        raw, right, kind = value(i2c.readfrom(0x40, 3))
        print(round(-46.85 + 175.72 * raw / 65536, 1), right, kind)
        i2c.writeto(0x40, b'\\xf5')
        time.sleep_ms(17)
        raw, right, kind = value(i2c.readfrom(0x40, 3))
        print(round(-6 + 125 * raw / 65536), right, kind)
        print(i2c.readfrom_mem(0x40, 0xe7, 1))
        """)
    #expect(output == "19\n21.5 True 0\n55 True 2\nb'\\x02'\n")
  }

  @Test("a target whose two lines are swapped answers nobody") func swappedLines() throws {
    let scan = "from machine import I2C\nprint(I2C('X').scan())"
    #expect(try Bench.wired(["htu21d@X9,X10"]).run(scan) == "[64]\n")
    #expect(try Bench.wired(["htu21d@X10,X9"]).run(scan) == "[]\n")
  }

  @Test("an HTU21D holds the clock for as long as a measurement takes when it is asked to") func htu21dHold()
    throws
  {
    let wired = try Bench.wired(["htu21d@X9,X10,temperature=30,humidity=20"])
    let output = try wired.run(
      Self.bus + """
        start = time.ticks_us()
        data = i2c.readfrom_mem(0x40, 0xe5, 3)
        print(15900 < time.ticks_diff(time.ticks_us(), start) < 18000)
        print(round(-6 + 125 * (data[0] << 8 | data[1] & 0xfc) / 65536))
        """)
    #expect(output == "True\n20\n")
  }

  @Test("the check sum of HTU21D is that of its data sheet: 0x683A has 0x7C") func htu21dExample() throws {
    #expect(HTU21D.checksum([0x68, 0x3A]) == 0x7C)
  }

  @Test("a BMP180 gives what the arithmetic of its data sheet makes the right temperature and pressure")
  func bmp180() throws {
    let wired = try Bench.wired(["bmp180@X9,X10,temperature=15,pressure=699.64"])
    let output = try wired.run(
      Self.bus + """
        print(i2c.readfrom_mem(0x77, 0xd0, 1))
        ac1, ac2, ac3, ac4, ac5, ac6, b1, b2, mb, mc, md = struct.unpack('>hhhHHHhhhhh', i2c.readfrom_mem(0x77, 0xaa, 22))
        print(ac1, ac6, md)
        i2c.writeto_mem(0x77, 0xf4, b'\\x2e')
        time.sleep_ms(5)
        ut = struct.unpack('>H', i2c.readfrom_mem(0x77, 0xf6, 2))[0]
        i2c.writeto_mem(0x77, 0xf4, b'\\x34')
        time.sleep_ms(5)
        data = i2c.readfrom_mem(0x77, 0xf6, 3)
        up = (data[0] << 16 | data[1] << 8 | data[2]) >> 8
        x1 = (ut - ac6) * ac5 >> 15
        x2 = (mc << 11) // (x1 + md)
        b5 = x1 + x2
        b6 = b5 - 4000
        b3 = (ac1 * 4 + (b2 * (b6 * b6 >> 12) >> 11) + (ac2 * b6 >> 11) + 2) // 4
        b4 = ac4 * (((ac3 * b6 >> 13) + (b1 * (b6 * b6 >> 12) >> 16) + 2 >> 2) + 32768) >> 15
        p = (up - b3) * 50000 * 2 // b4
        p += ((p >> 8) * (p >> 8) * 3038 >> 16) + (-7357 * p >> 16) + 3791 >> 4
        print((b5 + 8) >> 4, abs(p - 69964) < 5)
        """)
    #expect(output == "b'U'\n408 23153 2868\n150 True\n")
  }

  @Test("a BME280 measures when it is told to, and its values come out of the arithmetic of its data sheet")
  func bme280() throws {
    let wired = try Bench.wired(["bme280@X9,X10,temperature=21.5,pressure=1001.2,humidity=47"])
    let output = try wired.run(
      Self.bus + """
        print(hex(i2c.readfrom_mem(0x76, 0xd0, 1)[0]), i2c.readfrom_mem(0x76, 0xfa, 1))
        t1, t2, t3, *p = struct.unpack('<HhhHhhhhhhhh', i2c.readfrom_mem(0x76, 0x88, 24))
        h1 = i2c.readfrom_mem(0x76, 0xa1, 1)[0]
        e = i2c.readfrom_mem(0x76, 0xe1, 7)
        h2, h3, h4, h5, h6 = e[0] | e[1] << 8, e[2], e[3] << 4 | e[4] & 15, e[5] << 4 | e[4] >> 4, e[6]
        i2c.writeto_mem(0x76, 0xf2, b'\\x01')
        i2c.writeto_mem(0x76, 0xf4, b'\\x25')
        print(i2c.readfrom_mem(0x76, 0xf3, 1)[0] & 8)
        time.sleep_ms(10)
        print(i2c.readfrom_mem(0x76, 0xf3, 1)[0] & 8)
        d = i2c.readfrom_mem(0x76, 0xf7, 8)
        raw_p, raw_t, raw_h = d[0] << 12 | d[1] << 4 | d[2] >> 4, d[3] << 12 | d[4] << 4 | d[5] >> 4, d[6] << 8 | d[7]
        v1 = (raw_t >> 3) - (t1 << 1)
        fine = (v1 * t2 >> 11) + (((raw_t >> 4) - t1) ** 2 >> 12) * t3 // 16384
        print((fine * 5 + 128 >> 8) / 100)
        v1 = fine - 128000
        v2 = v1 * v1 * p[5] + (v1 * p[4] << 17) + (p[3] << 35)
        v1 = (v1 * v1 * p[2] >> 8) + (v1 * p[1] << 12)
        v1 = ((1 << 47) + v1) * p[0] >> 33
        q = ((1048576 - raw_p << 31) - v2) * 3125 // v1
        q = (q + (p[8] * (q >> 13) * (q >> 13) >> 25) + (p[7] * q >> 19) >> 8) + (p[6] << 4)
        print(round(q / 25600, 1))
        v = fine - 76800
        v = (((raw_h << 14) - (h4 << 20) - h5 * v + 16384 >> 15)
            * (((((v * h6 >> 10) * ((v * h3 >> 11) + 32768) >> 10) + 2097152) * h2 + 8192) >> 14))
        v -= ((v >> 15) * (v >> 15) >> 7) * h1 >> 4
        print(round((v >> 12) / 1024, 1))
        """)
    #expect(output == "0x60 b'\\x80'\n8\n0\n21.5\n1001.2\n47.0\n")
  }

  @Test("an MPU6050 sleeps until it is woken, and counts by its ranges") func mpu6050() throws {
    let wired = try Bench.wired(["mpu6050@X9,X10,accelX=0.5,accelZ=-1,rotationY=100,temperature=36.53"])
    let output = try wired.run(
      Self.bus + """
        print(hex(i2c.readfrom_mem(0x68, 0x75, 1)[0]), i2c.readfrom_mem(0x68, 0x3b, 2))
        i2c.writeto_mem(0x68, 0x6b, b'\\x00')
        print(struct.unpack('>7h', i2c.readfrom_mem(0x68, 0x3b, 14)))
        i2c.writeto_mem(0x68, 0x1c, b'\\x18')
        i2c.writeto_mem(0x68, 0x1b, b'\\x18')
        print(struct.unpack('>7h', i2c.readfrom_mem(0x68, 0x3b, 14)))
        """)
    #expect(
      output == "0x68 b'\\x00\\x00'\n(8192, 0, -16384, 0, 0, 13100, 0)\n(1024, 0, -2048, 0, 0, 1638, 0)\n")
  }

  @Test("a DS1307 counts in decimal digits, stands while its bit says so, and keeps 56 bytes") func ds1307()
    throws
  {
    let wired = try Bench.wired(["ds1307@X9,X10,sqw:X1,start=2024-02-28 23:59:58"])
    let output = try wired.run(
      Self.bus + """
        time.sleep(3)
        print(i2c.readfrom_mem(0x68, 0, 7))
        i2c.writeto_mem(0x68, 0, b'\\x80')
        time.sleep(3)
        print(i2c.readfrom_mem(0x68, 0, 3))
        i2c.writeto_mem(0x68, 0, b'\\x59\\x59\\x71\\x03\\x31\\x12\\x24')
        time.sleep(1.5)
        print(i2c.readfrom_mem(0x68, 0, 7))
        i2c.writeto_mem(0x68, 8, b'kept')
        print(i2c.readfrom_mem(0x68, 8, 5))
        i2c.writeto_mem(0x68, 7, b'\\x10')
        """)
    #expect(
      output == """
        b'\\x01\\x00\\x00\\x04)\\x02$'
        b'\\x80\\x00\\x00'
        b'\\x00\\x00R\\x04\\x01\\x01%'
        b'kept\\x00'

        """)
    #expect(wired.main.findings == [])
  }

  @Test("a DS3231's alarm pulls its pin low at the second that was asked for, until firmware clears it")
  func ds3231() throws {
    let wired = try Bench.wired(
      ["ds3231@X9,X10,sqw:X1,start=2024-06-30 11:59:50,temperature=-10.25"], pulls: ["X1:up"], isTraced: true)
    let output = try wired.run(
      Self.bus + """
        print(i2c.readfrom_mem(0x68, 0x11, 2), hex(i2c.readfrom_mem(0x68, 0x0f, 1)[0]))
        i2c.writeto_mem(0x68, 0x07, b'\\x05\\x80\\x80\\x80')   # each minute at second 5
        i2c.writeto_mem(0x68, 0x0e, b'\\x05')
        time.sleep(20)
        print(i2c.readfrom_mem(0x68, 0x0f, 1)[0] & 1, i2c.readfrom_mem(0x68, 0, 3))
        i2c.writeto_mem(0x68, 0x0f, b'\\x00')
        print(i2c.readfrom_mem(0x68, 0x0f, 1)[0])
        """)
    #expect(output == "b'\\xf5\\xc0' 0x88\n1 b'\\x10\\x00\\x12'\n0\n")
    let edges = wired.trace(of: "pin X1")
    #expect(edges.contains("15.000000000 pin X1 low"))
    #expect(edges.last?.hasSuffix("high") == true)
  }

  @Test("an AT24C32 writes within a page, and does not answer for 5 ms") func at24() throws {
    let wired = try Bench.wired(["at24@X9,X10"])
    let output = try wired.run(
      Self.bus + """
        i2c.writeto_mem(0x50, 0x001e, b'abcd', addrsize=16)
        try: i2c.readfrom_mem(0x50, 0, 1, addrsize=16)
        except OSError: print('busy')
        time.sleep_ms(5)
        print(i2c.readfrom_mem(0x50, 0x001e, 3, addrsize=16), i2c.readfrom_mem(0x50, 0, 3, addrsize=16))
        """)
    #expect(output == "busy\nb'ab\\xff' b'cd\\xff'\n")
  }

  @Test("an AT24C16 has an address for each 256 bytes, and its wp pin protects it") func smallAT24() throws {
    let wired = try Bench.wired(["at24@X9,X10,wp:X1,kbit=16"])
    let output = try wired.run(
      Self.bus + """
        from machine import Pin
        protect = Pin('X1', Pin.OUT, value=0)
        print(i2c.scan())
        i2c.writeto_mem(0x53, 0x10, b'x')
        time.sleep_ms(5)
        print(i2c.readfrom_mem(0x53, 0x10, 1), i2c.readfrom_mem(0x50, 0x10, 1))
        protect.high()
        i2c.writeto_mem(0x53, 0x10, b'y')
        time.sleep_ms(5)
        print(i2c.readfrom_mem(0x53, 0x10, 1))
        """)
    #expect(output == "[80, 81, 82, 83, 84, 85, 86, 87]\nb'x' b'\\xff'\nb'x'\n")
  }

  @Test("a PCF8574's pins drive low or are read, and int says that one has changed") func pcf8574() throws {
    let wired = try Bench.wired(["pcf8574@X9,X10,p0:X1,p1:X2,int:X3", "button@pcf8574.p1"], pulls: ["X3:up"])
    let output = try wired.run(
      Self.bus + """
        from machine import Pin
        a, int = Pin('X1', Pin.IN), Pin('X3', Pin.IN)
        i2c.writeto(0x20, b'\\xfe')
        print(a.value(), i2c.readfrom(0x20, 1), int.value())
        i2c.writeto(0x20, b'\\xff')
        print(a.value(), i2c.readfrom(0x20, 1), int.value())
        """)
    #expect(output == "0 b'\\xfe' 1\n1 b'\\xff' 1\n")
    try wired.board.set("button.pressed", to: "1")
    #expect(try wired.main.pin("X3").level == .low)
    #expect(try wired.run(Self.bus + "print(i2c.readfrom(0x20, 1))") == "b'\\xfd'\n")
    #expect(try wired.main.pin("X3").level == .high)
  }

  @Test("faults on a bus: no acknowledge, no supply, a clock that is held") func faults() throws {
    let wired = try Bench.wired(["htu21d@X9,X10", "bme280@X9,X10,slow=1ms"])
    let scan =
      Self.bus + "start = time.ticks_us(); print(i2c.scan(), time.ticks_diff(time.ticks_us(), start) > 1000)"
    #expect(try wired.run(scan) == "[64, 118] True\n")
    try wired.board.set("htu21d.nak", to: "1")
    try wired.board.set("bme280.slow", to: "0ms")
    #expect(try wired.run(Self.bus + "print(i2c.scan())") == "[118]\n")
    try wired.board.set("bme280.unpowered", to: "1")
    #expect(try wired.run(Self.bus + "print(i2c.scan())") == "[]\n")
  }

  @Test("firmware that moves two pins itself reads the same as the peripheral") func softBus() throws {
    let wired = try Bench.wired(["ds1307@X1,X2", "mpu6050:low@X1,X2,address=0x69"])
    let output = try wired.run(
      """
      from machine import SoftI2C, Pin
      i2c = SoftI2C(scl=Pin('X1'), sda=Pin('X2'))
      print(i2c.scan(), i2c.readfrom_mem(0x69, 0x75, 1))
      """)
    #expect(output == "[104, 105] b'h'\n")
  }

  @Test("a device whose supply is a pin of the board answers while that pin is high") func suppliedByPin()
    throws
  {
    let wired = try Bench.wired(["htu21d@X9,X10,vcc:X1"])
    let output = try wired.run(
      Self.bus + """
        from machine import Pin
        power = Pin('X1', Pin.OUT, value=0)
        print(i2c.scan())
        power.high()
        print(i2c.scan())
        """)
    #expect(output == "[]\n[64]\n")
  }

  @Test("a BME280 takes pairs of a register and a value in one write") func bme280Pairs() throws {
    let wired = try Bench.wired(["bme280@X9,X10"])
    let output = try wired.run(
      Self.bus + """
        i2c.writeto(0x76, b'\\xf2\\x01\\xf5\\xa0\\xf4\\x24')
        print([i2c.readfrom_mem(0x76, register, 1)[0] for register in (0xf2, 0xf4, 0xf5)])
        """)
    #expect(output == "[1, 36, 160]\n")
  }

  @Test("an MPU6050 tells of its samples, at the rate that it is set to, for 50 µs or until it is read")
  func mpu6050Interrupt() throws {
    let wired = try Bench.wired(["mpu6050@X9,X10,int:X1"])
    let output = try wired.run(
      Self.bus + """
        from machine import Pin, time_pulse_us
        count = 0
        def sample(pin):
            global count
            count += 1
        pin = Pin('X1', Pin.IN)
        pin.irq(sample, Pin.IRQ_RISING)
        for register, value in ((0x6b, 0), (0x1a, 3), (0x19, 9), (0x38, 1)):
            i2c.writeto_mem(0x68, register, bytes([value]))
        time.sleep_ms(105)
        print(count, 40 <= time_pulse_us(pin, 1) <= 52)
        i2c.writeto_mem(0x68, 0x37, b'\\x20')
        time.sleep_ms(15)
        print(pin(), i2c.readfrom_mem(0x68, 0x3a, 1), pin())
        """)
    #expect(output == "10 True\n1 b'\\x01' 0\n")
  }
}
