import Machine
import MicroPythonPort
import Testing

/// Sleeping, waking up and being reset.
@Suite struct PowerTests {
  @Test("the real-time clock wakes a board in all three forms of RTC.wakeup, and its callback gets line 22")
  func wakeUp() throws {
    let run = try FirmwareRun(
      """
      import pyb, time
      rtc = pyb.RTC()
      calls = []
      def measure(ms, *arguments):
          calls.clear()
          rtc.wakeup(*arguments)
          time.sleep_ms(ms)
          rtc.wakeup(None)
          count = len(calls)
          time.sleep_ms(ms)
          print(count, len(calls) - count, set(calls))
      measure(1010, 100, calls.append)
      measure(10500, 3000, calls.append)
      measure(350000, 100000, calls.append)
      measure(1010, 0, 2047, calls.append)    # 2048 ticks of 2048 Hz
      measure(1010, 3, 1637, calls.append)
      measure(5500, 4, 1, calls.append)
      for wrong in (1 << 28, 'x'):
          try:
              rtc.wakeup(wrong)
          except Exception as error:
              print(repr(error))
      """)
    #expect(
      run.output == """
        10 0 {22}
        3 0 {22}
        3 0 {22}
        1 0 {22}
        10 0 {22}
        2 0 {22}
        ValueError('wakeup value too large',)
        TypeError("can't convert str to int",)

        """)
  }

  @Test("light sleep ends with the real-time clock or an edge of a pin, and timers stand still meanwhile")
  func lightSleep() throws {
    let run = try FirmwareRun(
      """
      import machine, pyb, time
      def measure(function, *arguments):
          start = time.ticks_ms()
          function(*arguments)
          return time.ticks_diff(time.ticks_ms(), start)
      ticks = []
      timer = pyb.Timer(4, freq=100, callback=lambda t: ticks.append(0))
      print(measure(machine.lightsleep, 500), len(ticks))
      timer.deinit()
      pyb.RTC().wakeup(2000)
      print(measure(pyb.stop))
      pyb.RTC().wakeup(None)
      pin = pyb.Pin('X1', pyb.Pin.IN, pyb.Pin.PULL_DOWN)
      pin.irq(lambda p: print('edge', p.value()), pyb.Pin.IRQ_RISING)
      machine.lightsleep()
      time.sleep_ms(1)
      print(time.ticks_ms() // 1000)
      """, stimuli: [try Stimulus(parsing: "9s:X1.level=1")])
    #expect(run.output == "500 0\n2000\nedge 1\n9\n")
  }

  @Test("a program that sleeps with nothing to wake it ends")
  func sleepsForEver() throws {
    for call in ["machine.lightsleep()", "machine.deepsleep()"] {
      let run = try FirmwareRun("import machine\nprint('before')\n\(call)\nprint('behind')\n")
      #expect(run.output == "before\n")
      #expect(run.end == .finished)
    }
  }

  @Test("deep sleep ends in a reset, after which pins are inputs and the wake-up timer has no handler")
  func deepSleep() throws {
    let run = try FirmwareRun(
      """
      import machine, pyb, time
      cause = machine.reset_cause()
      print(cause == machine.DEEPSLEEP_RESET, pyb.Pin('X1').mode() == pyb.Pin.IN, pyb.LED(1).intensity())
      if cause == machine.PWRON_RESET:
          pyb.Pin('X1', pyb.Pin.OUT_PP).high()
          pyb.LED(1).on()
          pyb.RTC().wakeup(1500, print)
          pyb.standby()
      time.sleep(4)
      print(time.ticks_ms() // 100)
      """)
    #expect(run.output == "False True 0\nTrue True 0\n55\n")
  }

  @Test("backup registers and backup memory outlive resets and deep sleep")
  func backupMemory() throws {
    let run = try FirmwareRun(
      """
      import machine, stm
      register = stm.RTC + stm.RTC_BKP0R
      memory = machine.mem_backup()
      print(machine.mem32[register], memory[0])
      machine.mem32[register] += 1
      memory[0] += 2
      count = memory[0] // 2
      if count == 1: machine.soft_reset()
      if count == 2: machine.reset()
      if count == 3: machine.deepsleep(10)
      if count == 4:
          machine.WDT(timeout=100)
          while True: pass
      """)
    #expect(run.output == "0 0\n1 2\n2 4\n3 6\n4 8\n")
  }

  @Test("a Pico's scratch registers outlive resets")
  func scratchRegisters() throws {
    let run = try FirmwareRun(
      """
      import machine
      first, second = machine.mem_backup(-1)
      print(len(first), first.itemsize, len(second), second[2])
      second[2] += 0x41020304
      if second[2] < 0x80000000: machine.reset()
      """, board: "pico")
    #expect(run.output == "4 4 3 0\n4 4 3 1090650884\n")
  }

  @Test("a watchdog resets a board that sleeps")
  func watchdogInSleep() throws {
    for sleep in ["machine.deepsleep(10000)", "machine.lightsleep(10000)"] {
      let run = try FirmwareRun(
        """
        import machine, time
        print(machine.reset_cause(), time.ticks_ms())
        if machine.reset_cause() == machine.PWRON_RESET:
            machine.WDT(timeout=1000)
            \(sleep)
        """)
      #expect(run.output == "1 0\n3 1000\n")
    }
  }

  @Test("wfi waits for the next interrupt, at most for the system tick")
  func waitForInterrupt() throws {
    let run = try FirmwareRun(
      """
      import machine, pyb, time
      time.sleep_ms(2)
      pyb.wfi()
      print(time.ticks_us() // 1000)
      machine.idle()
      print(time.ticks_us() // 1000)
      """)
    #expect(run.output == "3\n4\n")
  }

  @Test("the bootloader ends the run")
  func bootloader() throws {
    let run = try FirmwareRun("import pyb\nprint('before')\npyb.bootloader()\n")
    #expect(run.output == "before\n")
    #expect(run.end == .finished)
  }
}
