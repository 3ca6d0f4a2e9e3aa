import MicroPythonPort
import Testing

/// Functions that the board calls live as long as it may call them, and no longer. Each program runs once as usual and once
/// with a collection at every allocation, which overwrites what it frees.
@Suite("A handler that firmware has set")
struct HandlerOwnershipTests {
  private func output(_ program: String, wires: [String] = [], collectsAlways: Bool) throws -> String {
    try FirmwareRun(program, wires: wires, collectsAlways: collectsAlways).output
  }

  @Test("outlives the failure of another one with the same name", arguments: [false, true])
  func failureOfAnother(collectsAlways: Bool) throws {
    let output = try output(
      """
      import machine, gc, time
      log = [0]
      def make(n):
          def tick(t):
              log[0] += n
          return tick
      def bad(t):
          raise ValueError("x")
      machine.Timer(-1, period=5, callback=make(1), hard=True)
      machine.Timer(-1, mode=machine.Timer.ONE_SHOT, period=12, callback=bad, hard=True)
      time.sleep_ms(14)
      gc.collect()
      keep = [make(1000) for n in range(100)]
      before = log[0]
      time.sleep_ms(50)
      print(log[0] - before)
      """, collectsAlways: collectsAlways)
    #expect(output == "Uncaught exception in IRQ callback handler\nValueError: \n10\n")
  }

  @Test("is not called any more when a new start was refused, as on the board", arguments: [false, true])
  func refusedStart(collectsAlways: Bool) throws {
    let output = try output(
      """
      import machine, gc, time
      log = [0]
      def make(n):
          def tick(t):
              log[0] += n
          return tick
      timer = machine.Timer(-1, period=5, callback=make(1), hard=True)
      time.sleep_ms(7)
      try:
          timer.init(period=0x50000000, callback=make(2))
      except ValueError as error:
          print(error)
      gc.collect()
      keep = [make(1000) for n in range(100)]
      time.sleep_ms(50)
      print(log[0])
      timer.init(period=5)
      time.sleep_ms(12)
      print(log[0])
      """, collectsAlways: collectsAlways)
    #expect(output == "period too large\n1\n3\n")
  }

  @Test("needs no variable that holds its ExtInt", arguments: [false, true])
  func externalInterruptIsNotKept(collectsAlways: Bool) throws {
    let output = try output(
      """
      import pyb, gc, time
      log = [0]
      def make(n):
          def edge(line):
              log[0] += n
          return edge
      out = pyb.Pin("X3", pyb.Pin.OUT_PP)
      out.low()
      for name, n in [("X1", 1)] + [(name, 2) for name in ("X2", "X4", "X5", "X6", "X7", "X8")]:
          pyb.ExtInt(name, pyb.ExtInt.IRQ_RISING, pyb.Pin.PULL_NONE, make(n))
          gc.collect()
      keep = [make(1000) for n in range(100)]
      for i in range(3):
          out.high()
          time.sleep_ms(1)
          out.low()
      print(log[0])
      """, wires: ["X1-X3"], collectsAlways: collectsAlways)
    #expect(output == "3\n")
  }

  @Test("is forgotten when its timer has run out")
  func oneShotTimers() throws {
    let output = try output(
      """
      import machine, gc, time
      def tick(t): pass
      gc.collect()
      before = gc.mem_alloc()
      for i in range(500):
          machine.Timer(-1, mode=machine.Timer.ONE_SHOT, period=1, callback=tick)
          time.sleep_ms(2)
      gc.collect()
      print(gc.mem_alloc() - before < 100)
      """, collectsAlways: false)
    #expect(output == "True\n")
  }

  @Test("goes with its UART, trigger and all")
  func uartIsSwitchedOff() throws {
    let output = try output(
      """
      from machine import UART
      uart = UART(4, 9600)
      uart.irq(lambda uart: print("called"), UART.IRQ_RX)
      print(uart.irq().trigger() == UART.IRQ_RX)
      uart.irq()()
      uart.deinit()
      uart.init(9600)
      print(uart.irq().trigger())
      uart.irq()()
      """, collectsAlways: false)
    #expect(output == "True\ncalled\n0\n")
  }

  @Test("frees its line when it raises")
  func lineOfFailedHandler() throws {
    let output = try output(
      """
      import pyb, time
      def bad(line):
          raise ValueError
      line = pyb.ExtInt("X1", pyb.ExtInt.IRQ_RISING, pyb.Pin.PULL_NONE, bad)
      line.swint()
      time.sleep_ms(1)
      pyb.ExtInt("X1", pyb.ExtInt.IRQ_RISING, pyb.Pin.PULL_NONE, lambda line: print("again", line))
      line.swint()
      time.sleep_ms(1)
      """, collectsAlways: false)
    #expect(
      output == """
        uncaught exception in ExtInt interrupt handler line 0
        ValueError: 
        again 0

        """)
  }

  @Test("shares its line with nobody")
  func linesInUse() throws {
    let output = try output(
      """
      from pyb import ExtInt, Pin, Switch
      def attempt(call):
          try:
              call()
              print("ok")
          except Exception as error:
              print(repr(error))
      def extint(pin, callback, pull=Pin.PULL_NONE):
          return lambda: ExtInt(pin, ExtInt.IRQ_RISING, pull, callback)
      nothing = lambda line: None
      attempt(extint("X1", nothing))
      attempt(extint("X1", nothing))
      attempt(lambda: Pin("X1").irq(nothing, Pin.IRQ_RISING))
      attempt(extint("X1", None))
      attempt(lambda: Pin("X1").irq(nothing, Pin.IRQ_RISING))
      attempt(extint("X1", nothing))
      attempt(lambda: Pin("C0").irq(nothing, Pin.IRQ_RISING))
      attempt(extint("X2", nothing, 7))
      attempt(extint(3, nothing))
      attempt(extint(23, nothing))
      """, collectsAlways: false)
    #expect(
      output == """
        ok
        ValueError('ExtInt vector 0 is already in use',)
        OSError('ExtInt vector 0 is already in use',)
        ok
        ok
        ValueError('ExtInt vector 0 is already in use',)
        OSError("IRQ resource already taken by Pin('A0')",)
        ValueError('invalid ExtInt Pull: 7',)
        ValueError('ExtInt vector 3 < 16, use a Pin object',)
        ValueError('ExtInt vector 23 >= max of 23',)

        """)
  }

  @Test("stays when machine.Timer.init is not given another one")
  func initKeepsWhatItIsNotGiven() throws {
    let output = try output(
      """
      import time
      from machine import Timer
      count = 0
      def tick(timer):
          global count
          count += 1
      def counted(ms):
          global count
          count = 0
          time.sleep_ms(ms)
          return count
      timer = Timer(-1, period=50, callback=tick)
      print(timer, counted(220))
      timer.init(period=100)
      print(timer, counted(420))
      timer.init(mode=Timer.ONE_SHOT)
      print(timer, counted(420))
      timer.init(callback=None)
      print(counted(300))
      other = Timer(-1)
      other.init(callback=tick)
      print(other, counted(2100))
      """, collectsAlways: false)
    #expect(
      output == """
        Timer(mode=PERIODIC, period=50) 4
        Timer(mode=PERIODIC, period=100) 4
        Timer(mode=ONE_SHOT, period=100) 1
        0
        Timer(mode=PERIODIC, period=1000) 2

        """)
  }
}
