import MicroPythonPort
import Testing

@Suite("A hard interrupt")
struct InterruptTimingTests {
  @Test("has been handled before the statement after the one that made it", arguments: [false, true])
  func atOnce(collectsAlways: Bool) throws {
    let run = try FirmwareRun(
      """
      import machine, pyb
      from pyb import ExtInt, Pin
      seen, count = bytearray(8), 0
      out, pin = Pin("X3", Pin.OUT, value=0), Pin("X1", Pin.IN)
      def edge(line):
          global count
          seen[count] = pin()
          count += 1
      line = ExtInt("X1", ExtInt.IRQ_RISING_FALLING, Pin.PULL_NONE, edge)
      out(1); print(count)
      out(0); print(count)
      out.high(); out.low(); print(count, list(seen[:4]))
      line.swint(); print(count)
      line.disable(); line.swint(); line.enable(); print(count)
      state = machine.disable_irq()
      out(1)
      print(count)
      machine.enable_irq(state); print(count)
      """, wires: ["X1-X3"], collectsAlways: collectsAlways)
    #expect(run.output == "1\n2\n4 [1, 0, 1, 0]\n5\n5\n5\n6\n")
    #expect(run.diagnostics == [])
  }

  @Test("preempts a handler of lower priority and waits for one of its own or a higher")
  func priorities() throws {
    let run = try FirmwareRun(
      """
      import pyb
      from pyb import ExtInt, Pin
      log, n = bytearray(64), 0
      def note(code):
          global n
          if n < 64:
              log[n] = code
              n += 1
      def other(line):
          note(5)
      second = ExtInt("X2", ExtInt.IRQ_RISING, Pin.PULL_NONE, other)
      def pin_handler(line):
          note(1)
          second.swint()
          for i in range(100):
              pass
          note(2)
      first = ExtInt("X1", ExtInt.IRQ_RISING, Pin.PULL_NONE, pin_handler)
      def tick(timer):
          note(3)
          timer.callback(None)
          second.swint()
          note(4)
      timer = pyb.Timer(4, freq=10000)
      timer.counter(0)
      timer.callback(tick)
      first.swint()
      print(list(log[:n]))
      """)
    #expect(run.output == "[1, 3, 4, 2, 5]\n")
  }

  @Test("can come between the reading and the writing of a global, an attribute and an item")
  func readModifyWrite() throws {
    for (setUp, place) in [
      ("total = 0", "total"), ("class C: pass\nc = C()\nc.total = 0", "c.total"), ("c = [0]", "c[0]"),
    ] {
      let run = try FirmwareRun(
        """
        import pyb
        \(setUp)
        ticks = 0
        def tick(timer):
            global total, ticks
            \(place) += 1
            ticks += 1
        timer = pyb.Timer(4, freq=3000, callback=tick)
        def main():
            global total
            for n in range(20000):
                \(place) += 1
        main()
        timer.deinit()
        print(ticks > 10, 20000 < \(place) < 20000 + ticks)
        """)
      #expect(run.output == "True True\n", "\(place)")
    }
  }

  @Test("that allocates is told so itself, whatever it has interrupted")
  func allocationInTwoHandlers() throws {
    let run = try FirmwareRun(
      """
      import pyb
      from pyb import ExtInt, Pin
      def inner(line):
          pass
      second = ExtInt("X2", ExtInt.IRQ_RISING, Pin.PULL_NONE, inner)
      def tick(timer):
          timer.callback(None)
      timer = pyb.Timer(4, freq=10000)
      def outer(line):
          timer.callback(tick)
          for i in range(100):
              pass
          [1, 2, 3]
      first = ExtInt("X1", ExtInt.IRQ_RISING, Pin.PULL_NONE, outer)
      first.swint()
      second.swint()
      """)
    #expect(run.output.hasPrefix("uncaught exception in ExtInt interrupt handler line 0\n"))
    #expect(run.output.contains("MemoryError"))
    #expect(!run.output.contains("line 1\n"))
  }

  @Test("of its own handler's making comes after it, and the firmware still gets on")
  func endless() throws {
    let run = try FirmwareRun(
      """
      from pyb import ExtInt, Pin
      count = 0
      def again(line):
          global count
          count += 1
          extint.swint()
      extint = ExtInt("X1", ExtInt.IRQ_RISING, Pin.PULL_NONE, again)
      extint.swint()
      for n in range(100):
          pass
      extint.disable()
      print(count > 50)
      """)
    #expect(run.output == "True\n")
  }

  @Test("comes in every kind of wait, however many there are in it")
  func manyInWaits() throws {
    for wait in [
      "time.sleep(10)", "pyb.delay(10000)", "asyncio.run(main())", "time.sleep_us(10_000_000)",
    ] {
      let run = try FirmwareRun(
        """
        import asyncio, pyb, time
        count = 0
        def tick(timer):
            global count
            count += 1
        async def main():
            await asyncio.sleep(10)
        timer = pyb.Timer(4, freq=1000, callback=tick)
        \(wait)
        timer.deinit()
        print(count)
        """)
      #expect((9990...10001).contains(Int(run.output.dropLast()) ?? 0), "\(wait)")
    }
  }

  @Test("what handlers do to their own lines, and to one another's, is handled before the next statement")
  func handlersInterruptThemselves() throws {
    let run = try FirmwareRun(
      """
      from pyb import ExtInt, Pin
      log, used, count = bytearray(40), 0, 0
      def note(value):
          global used
          log[used] = value
          used += 1
      out = Pin('X2', Pin.OUT, value=0)
      def repeated(again):
          def handler(line):
              global count
              count += 1
              note(count)
              if count < 4: again()
              note(count + 100)
          return handler
      def show(begin):
          global used, count
          used = count = 0
          begin()
          print(list(log[:used]))
      edges = ExtInt('X1', ExtInt.IRQ_RISING_FALLING, Pin.PULL_NONE, repeated(lambda: out(1 - out.value())))
      show(lambda: out(1))
      own = ExtInt('X4', ExtInt.IRQ_RISING, Pin.PULL_NONE, repeated(lambda: own.swint()))
      show(lambda: own.swint())
      one = ExtInt('X5', ExtInt.IRQ_RISING, Pin.PULL_NONE, repeated(lambda: other.swint()))
      other = ExtInt('X6', ExtInt.IRQ_RISING, Pin.PULL_NONE, repeated(lambda: one.swint()))
      show(lambda: one.swint())
      """, wires: ["X1-X2"])
    let chain = "[1, 101, 2, 102, 3, 103, 4, 104]\n"
    #expect(run.output == chain + chain + chain)
  }

  @Test("the timer loses its own callback when a channel's raises, as on the board")
  func channelRaises() throws {
    let run = try FirmwareRun(
      """
      import pyb
      count = 0
      def update(timer):
          global count
          count += 1
      def match(timer):
          raise ValueError
      timer = pyb.Timer(4, freq=1000, callback=update)
      pyb.delay(5)
      timer.channel(1, pyb.Timer.OC_TIMING, compare=10, callback=match)
      pyb.delay(5)
      before = count
      pyb.delay(5)
      print(before > 3, count == before)
      timer.callback(update)
      pyb.delay(5)
      print(count > before)
      """)
    #expect(run.output.hasPrefix("Uncaught exception in IRQ callback handler\n"))
    #expect(run.output.hasSuffix("True True\nTrue\n"))
  }
}
