import Machine
import MicroPythonPort
import Testing

/// The processor's clocks as firmware sets them.
@Suite struct ClockTests {
  @Test("freq sets what the board's clocks can be, the others are divided from it")
  func frequencies() throws {
    let run = try FirmwareRun(
      """
      import machine, pyb
      print(machine.freq())
      for wanted in ((84_000_000,), (90_000_000,), (168_000_000, 42_000_000), (168_000_000, 168_000_000, 21_000_000, 84_000_000),
                     (24_000_000, 24_000_000, 24_000_000, 24_000_000), (1_000_000_000,)):
          pyb.freq(*wanted)
          print(pyb.freq())
      for wrong in (1_000_000, 0, -5):
          try:
              machine.freq(wrong)
          except ValueError as error:
              print(error)
      """)
    #expect(
      run.output == """
        (168000000, 168000000, 42000000, 84000000)
        (84000000, 84000000, 21000000, 42000000)
        (84000000, 84000000, 21000000, 42000000)
        (168000000, 42000000, 42000000, 42000000)
        (168000000, 168000000, 21000000, 84000000)
        (24000000, 24000000, 24000000, 24000000)
        (216000000, 216000000, 54000000, 108000000)
        invalid freq
        invalid freq
        invalid freq

        """)
  }

  @Test("clocks that no board has are refused")
  func impossibleClocks() throws {
    let run = try FirmwareRun(
      """
      import machine
      for hertz in (1 << 32, 1 << 62, -1):
          try: machine.freq(hertz)
          except (OverflowError, ValueError) as error: print(error)
      """)
    let overflow = "overflow converting long int to machine word\n"
    #expect(run.output == overflow + overflow + "invalid freq\n")
  }

  @Test("a slower processor takes longer for the same program, to the same instants of its events")
  func costs() throws {
    let run = try FirmwareRun(
      """
      import machine, time
      def work():
          start = time.ticks_us()
          for i in range(1000):
              pass
          return time.ticks_diff(time.ticks_us(), start)
      usual = work()
      machine.freq(42_000_000)
      slow = work()
      print(abs(slow - 4 * usual) < 10)
      start = time.ticks_us()
      time.sleep_ms(10)
      print(time.ticks_diff(time.ticks_us(), start) // 100)
      times = []
      timer = machine.Timer(-1, period=10, callback=lambda t: times.append(time.ticks_ms()))
      time.sleep_ms(105)
      print(len(times), {b - a for a, b in zip(times, times[1:])})
      timer.deinit()
      machine.freq(168_000_000)
      print(abs(work() - usual) <= 1)
      """)
    #expect(run.output == "True\n100\n10 {10}\nTrue\n")
  }

  @Test("buses and timers keep their dividers: their rates change with the clocks")
  func peripherals() throws {
    let run = try FirmwareRun(
      """
      import machine, pyb
      spi = pyb.SPI(1, pyb.SPI.CONTROLLER, prescaler=8)
      i2c = machine.I2C(1, freq=100_000)
      uart = pyb.UART(4, 9600)
      print(spi, i2c, uart)
      timer = pyb.Timer(2)
      print(timer.source_freq())
      pyb.freq(84_000_000)
      print(spi, i2c, uart)
      print(timer.source_freq(), pyb.Timer(1).source_freq())
      pyb.freq(84_000_000, 84_000_000, 84_000_000, 84_000_000)
      print(timer.source_freq())
      """)
    #expect(
      run.output == """
        SPI(1, SPI.CONTROLLER, baudrate=10500000, prescaler=8, polarity=1, phase=0, bits=8) I2C(1, scl=B6, sda=B7, freq=100000) UART(4, baudrate=9600, bits=8, parity=None, stop=1, flow=0, timeout=0, timeout_char=3, rxbuf=64)
        84000000
        SPI(1, SPI.CONTROLLER, baudrate=5250000, prescaler=8, polarity=1, phase=0, bits=8) I2C(1, scl=B6, sda=B7, freq=50000) UART(4, baudrate=4800, bits=8, parity=None, stop=1, flow=0, timeout=0, timeout_char=3, rxbuf=64)
        42000000 84000000
        84000000

        """)
  }

  @Test("a timer goes on from where it is at the new rate")
  func timer() throws {
    let run = try FirmwareRun(
      """
      import pyb, time
      count = [0]
      def tick(timer):
          count[0] += 1
      timer = pyb.Timer(4, prescaler=83, period=9999, callback=tick)
      time.sleep_ms(100)
      before = count[0]
      pyb.freq(84_000_000)
      count[0] = 0
      time.sleep_ms(200)
      print(before, count[0])
      """)
    #expect(run.output == "10 10\n")
  }

  @Test("a Pico's clock is what its loop can make")
  func pico() throws {
    let run = try FirmwareRun(
      """
      import machine
      print(machine.freq())
      machine.freq(250_000_000)
      print(machine.freq())
      try:
          machine.freq(123_456_789)
      except ValueError as error:
          print(error)
      """, board: "pico")
    #expect(run.output == "125000000\n250000000\ncannot change frequency\n")
  }
}
