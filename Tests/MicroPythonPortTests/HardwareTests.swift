import MicroPythonPort
import Testing

@Suite struct HardwareTests {
  @Test func hardHandlersUsePartsButMayNotAllocate() throws {
    let run = try FirmwareRun(
      """
      import micropython, pyb, time
      micropython.alloc_emergency_exception_buf(100)
      def blink(timer):
          pyb.LED(2).toggle()
      def careless(timer):
          seen.append([1])
      seen = []
      pyb.Timer(4, freq=10, callback=blink)
      pyb.Timer(5, freq=10, callback=careless)
      time.sleep_ms(350)
      print(pyb.LED(2).intensity())
      """)
    // The careless one is told once, and is off then.
    #expect(
      run.output == """
        uncaught exception in Timer(5) interrupt handler
        Traceback (most recent call last):
          File "main.py", line 6, in careless
        MemoryError: memory allocation failed, heap is locked
        255

        """)
  }

  @Test func heldBackInterruptsComeLater() throws {
    let run = try FirmwareRun(
      """
      import machine, pyb, time
      count = 0
      def tick(timer):
          global count
          count += 1
      pyb.Timer(4, freq=1000, callback=tick)
      state = machine.disable_irq()
      time.sleep_us(2500)
      print(count)
      machine.enable_irq(state)
      time.sleep_us(600)
      print(count)
      """)
    #expect(run.output == "0\n2\n")
  }

  @Test func partsSayWhatTheBoardsDriversSay() throws {
    let run = try FirmwareRun(
      """
      from machine import Pin, UART, Timer
      import pyb
      print(Pin('X1', Pin.OUT, value=1), Pin('X1') is Pin.board.X1, Pin.cpu.A0())
      print(UART(4, 9600), pyb.Timer(4, freq=10), pyb.LED(3), Timer(-1, period=20))
      for make in (lambda: Pin('Z1'), lambda: UART(5), lambda: pyb.LED(5), lambda: Pin('X1', 99), lambda: pyb.Timer(4, freq=0)):
          try:
              make()
          except ValueError as error:
              print(error)
      """)
    #expect(
      run.output == """
        Pin(Pin.cpu.A0, mode=Pin.OUT) True 1
        UART(4, baudrate=9600, bits=8, parity=None, stop=1, flow=0, timeout=0, timeout_char=3, rxbuf=64) \
        Timer(4, freq=10, prescaler=624, period=13439, mode=UP, div=1) LED(3) Timer(mode=PERIODIC, period=20)
        Pin(Z1) doesn't exist
        UART(5) doesn't exist
        LED(5) doesn't exist
        invalid pin mode: 99
        must have positive freq

        """)
  }
}
