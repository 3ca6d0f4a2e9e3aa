import Testing

@Suite("pyb.Timer")
struct TimerTests {
  @Test("measures pulses of one timer with another over a wire")
  func capture() throws {
    let run = try FirmwareRun(
      """
      import pyb, array, time, machine
      from pyb import Timer, Pin
      out = Timer(2, freq=1000).channel(1, Timer.PWM, pin=Pin('X1'), pulse_width_percent=37)
      clock = Timer(5, prescaler=83, period=0x3fffffff)
      counts = array.array('i', 10 * [0])
      n = 0
      def edge(t):
          global n
          if n < 10:
              counts[n] = ic.capture()
              n += 1
          assert t is clock
      ic = clock.channel(4, Timer.IC, pin=Pin('X4'), polarity=Timer.BOTH, callback=edge)
      time.sleep_ms(9)
      ic.callback(None)
      print([counts[i + 1] - counts[i] for i in range(6)])
      while Pin('X4').value(): pass
      print(abs(machine.time_pulse_us(Pin('X4'), 1) - 370) < 20, abs(machine.time_pulse_us(Pin('X4'), 0) - 630) < 20)
      """, wires: ["X1-X4"])
    #expect(run.output == "[630, 370, 630, 370, 630, 370]\nTrue True\n")
  }

  @Test("turns an encoder by two outputs that are a quarter of a period apart")
  func encoder() throws {
    let run = try FirmwareRun(
      """
      import time
      from pyb import Timer, Pin
      turner = Timer(2, prescaler=83, period=999)
      turner.channel(1, Timer.OC_TOGGLE, compare=0, pin=Pin('X1'))
      turner.channel(2, Timer.OC_TOGGLE, compare=500, pin=Pin('X2'))
      encoder = Timer(4, prescaler=0, period=0xffff)
      for mode in (Timer.ENC_A, Timer.ENC_B, Timer.ENC_AB):
          encoder.channel(1, mode, pin=Pin('X9'))
          encoder.channel(2, mode, pin=Pin('X10'))
          time.sleep_ms(100)
          count = encoder.counter()
          print(min(count, 65536 - count), encoder.channel(2))
      """, wires: ["X1-X9", "X2-X10"])
    #expect(
      run.output == """
        100 TimerChannel(timer=4, channel=2, mode=ENC_A)
        100 TimerChannel(timer=4, channel=2, mode=ENC_B)
        200 TimerChannel(timer=4, channel=2, mode=ENC_AB)

        """)
  }

  @Test("compares: a callback that sets its next match is called at exact steps")
  func compare() throws {
    let run = try FirmwareRun(
      """
      import time, array
      from pyb import Timer
      t = Timer(4, prescaler=83, period=0xffff)
      times = array.array('i', 5 * [0])
      n = 0
      def match(t):
          global n
          if n < 5: times[n] = ch.compare()
          n += 1
          ch.compare(ch.compare() + 3000)
      ch = t.channel(1, Timer.OC_TIMING, compare=5000, callback=match)
      time.sleep_ms(19)
      print(n, list(times), t.channel(1) is ch, t.channel(2))
      t.deinit()
      n = 0
      time.sleep_ms(20)
      print(n, t, t.channel(1))
      """)
    #expect(
      run.output == """
        5 [5000, 8000, 11000, 14000, 17000] True None
        0 Timer(4) None

        """)
  }

  @Test("says what pulse widths are, in counts, percent and time")
  func widths() throws {
    let run = try FirmwareRun(
      """
      from pyb import Timer
      t = Timer(2, freq=1000)
      ch = t.channel(1, Timer.PWM, pulse_width_percent=37)
      def show(): print(ch.pulse_width(), ch.compare(), ch.pulse_width_percent(), ch.pulse_width_us(), ch.pulse_width_ns())
      show()
      ch.pulse_width_percent(12.5); show()
      ch.pulse_width_us(250); show()
      ch.pulse_width_ns(1000); show()
      ch.pulse_width(100000); show()
      ch = t.channel(1, Timer.PWM, pulse_width_us=100); show()
      t.init(freq=500, mode=Timer.CENTER)
      ch.pulse_width_percent(100); print(ch.pulse_width() == t.period(), t)
      print(Timer(6).channel(1, Timer.PWM, pulse_width=3).pulse_width())
      """)
    #expect(
      run.output == """
        31080 31080 37.0 370 370000
        10500 10500 12.5 125 125000
        21000 21000 25.0 250 250000
        84 84 0.1 1 1000
        100000 100000 100.0 1190 1190476
        8400 8400 10.0 100 100000
        True Timer(2, freq=500, prescaler=0, period=167999, mode=CENTER, div=1)
        0

        """)
  }

  @Test("has the board's errors and texts")
  func texts() throws {
    let run = try FirmwareRun(
      """
      from pyb import Timer, Pin
      t = Timer(2, freq=1000)
      def attempt(f):
          try: print(f())
          except Exception as error: print(type(error).__name__, error)
      attempt(lambda: t.channel(5))
      attempt(lambda: t.channel(1, 99))
      attempt(lambda: t.channel(1, Timer.PWM, pin='X1'))
      attempt(lambda: t.channel(1, Timer.PWM, pin=Pin('X9')))
      attempt(lambda: t.channel(1, Timer.IC, polarity=1))
      attempt(lambda: t.channel(1, Timer.OC_TOGGLE, polarity=10))
      attempt(lambda: Timer(9).channel(1, Timer.ENC_AB))
      attempt(lambda: Timer(15))
      attempt(lambda: t.init())
      attempt(lambda: t.init(freq=1, mode=7))
      attempt(lambda: t.callback(3))
      attempt(lambda: t.channel(1, Timer.PWM, callback=3))
      attempt(lambda: Timer(1, freq=1000, deadtime=300, div=2))
      attempt(lambda: Timer(1, freq=1000, brk=Timer.BRK_LOW))
      attempt(lambda: Timer(5, prescaler=0, period=-2).period())
      """)
    #expect(
      run.output == """
        ValueError invalid channel (5)
        ValueError invalid mode (99)
        ValueError pin argument needs to be a Pin type
        ValueError Pin(B6) doesn't have an alt for Timer(2)
        ValueError invalid polarity (1)
        ValueError invalid polarity (10)
        ValueError encoder not supported on timer 9
        ValueError Timer(15) doesn't exist
        TypeError must specify either freq, period, or prescaler and period
        ValueError invalid mode (7)
        ValueError callback must be None or a callable object
        ValueError callback must be None or a callable object
        Timer(1, freq=1000, prescaler=4, period=33599, mode=UP, div=2, deadtime=296, brk=BRK_OFF)
        Timer(1, freq=1000, prescaler=4, period=33599, mode=UP, div=1, deadtime=0, brk=BRK_LOW)
        -2

        """)
  }

  @Test("keeps handlers alive and calls them as init says, hard or soft")
  func handlers() throws {
    let run = try FirmwareRun(
      """
      import gc, time
      from pyb import Timer
      def make(name):
          counts = [0]
          def tick(t):
              counts[0] += 1
              if counts[0] == 2: print(name, counts)
          return tick
      t = Timer(4, freq=1000)
      t.channel(1, Timer.OC_TIMING, compare=5, callback=make('channel'))
      t.callback(make('timer'))
      gc.collect()
      garbage = [bytearray(100) for _ in range(50)]
      time.sleep_ms(5)
      t.channel(1, Timer.OC_TIMING, compare=5, callback=lambda t: [])
      time.sleep_ms(5)
      t.init(freq=1000, hard=False)
      t.channel(1, Timer.OC_TIMING, compare=5, callback=lambda t: garbage.append([len(garbage)]))
      time.sleep_ms(5)
      print(len(garbage) > 50)
      """, powerOff: 100)
    #expect(run.output.contains("channel [2]"))
    #expect(run.output.contains("timer [2]"))
    #expect(run.output.contains("Uncaught exception in IRQ callback handler"))
    #expect(run.output.contains("MemoryError"))
    #expect(run.output.hasSuffix("True\n"))
  }
}
