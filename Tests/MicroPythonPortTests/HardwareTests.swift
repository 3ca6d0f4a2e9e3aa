import Machine
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
        Uncaught exception in IRQ callback handler
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

  @Test func aSawtoothReachesTheConverterByWire() throws {
    let run = try FirmwareRun(
      """
      import pyb, machine
      dac = pyb.DAC(1, bits=12)
      adc = machine.ADC(pyb.Pin.board.X1)
      for value in (0, 1000, 4095):
          dac.write(value)
          print(adc.read_u16(), pyb.ADC('X1').read(), machine.Pin('X5'))
      print(dac, adc, pyb.DAC('X5') is dac, machine.ADC(machine.ADC.VREF).read_u16())
      dac = pyb.DAC(1, bits=8)
      dac.write(255)
      print(pyb.ADC(0).read())
      for make in (lambda: pyb.ADC('Y1'), lambda: machine.ADC('Y1'), lambda: pyb.DAC(3), lambda: pyb.DAC('X1')):
          try:
              make()
          except ValueError as error:
              print(error)
      """, wires: ["X5-X1"])
    #expect(
      run.output == """
        0 0 Pin(Pin.cpu.A4, mode=Pin.ANALOG)
        16003 1000 Pin(Pin.cpu.A4, mode=Pin.ANALOG)
        65535 4095 Pin(Pin.cpu.A4, mode=Pin.ANALOG)
        DAC(1, bits=12) <ADC1 channel=0> True 65535
        4080
        Pin(C6) doesn't have ADC capabilities
        Pin(C6) does not have ADC capabilities
        DAC(3) doesn't exist
        Pin(A0) doesn't have DAC capabilities

        """)
  }

  @Test func waveformsAndSamplesKeepTime() throws {
    let run = try FirmwareRun(
      """
      import pyb, time
      from array import array
      dac, adc = pyb.DAC(1), pyb.ADC('X1')
      dac.write_timed(bytes((16, 32, 64)), 100, mode=pyb.DAC.CIRCULAR)
      time.sleep_ms(5)
      samples, coarse = array('H', [0] * 4), bytearray(4)
      started = time.ticks_ms()
      print(adc.read_timed(samples, 100), time.ticks_diff(time.ticks_ms(), started), samples)
      adc.read_timed(coarse, pyb.Timer(6, freq=100))
      print(list(coarse))
      dac.triangle(1000)
      time.sleep_ms(5)
      first = adc.read()
      time.sleep_ms(10)
      print(adc.read() - first)
      """, wires: ["X5-X1"])
    #expect(
      run.output == """
        8 40 array('H', [256, 512, 1024, 256])
        [32, 64, 16, 32]
        10

        """)
  }

  @Test func voltagesComeFromOutside() throws {
    let run = try FirmwareRun(
      """
      import time
      from machine import ADC, Pin
      adc = ADC('X2')
      for _ in range(3):
          print(adc.read_u16())
          time.sleep_ms(10)
      print(Pin('X2', Pin.IN)())
      """, stimuli: [try Stimulus(parsing: "5ms:volts=X2,1.65"), try Stimulus(parsing: "15ms:volts=X2,3.3")])
    #expect(run.output == "0\n32776\n65535\n1\n")
  }

  @Test func signalsMayBeActiveLow() throws {
    let run = try FirmwareRun(
      """
      from machine import Pin, Signal
      pin = Pin('X1', Pin.OUT, value=1)
      lamp = Signal(pin, invert=True)
      print(lamp(), lamp.value())
      lamp.on()
      print(pin(), lamp())
      lamp(0)
      print(pin())
      other = Signal('X2', Pin.OUT, value=1, invert=True)
      print(Pin('X2')(), other())
      """)
    #expect(run.output == "0 0\n0 1\n1\n0 1\n")
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

  @Test("a UART with RTS holds the one with CTS back while its buffer is full, and nothing is lost")
  func flowControl() throws {
    let run = try FirmwareRun(
      """
      from pyb import UART, Pin
      import time
      receiver = UART(2, 9600, flow=UART.RTS, rxbuf=8)
      sender = UART(3, 9600, flow=UART.CTS, timeout=20)
      print(receiver)
      print(sender)
      count = sender.write(bytes(range(65, 91)))
      print(count, receiver.any(), Pin('X2').value())
      print(receiver.read(20))
      time.sleep_ms(5)
      print(Pin('X2').value(), receiver.read(20))
      print(sender.write(b'!'), receiver.read())
      """, wires: ["Y9-X4", "X2-Y6"])
    #expect(
      run.output == """
        UART(2, baudrate=9600, bits=8, parity=None, stop=1, flow=RTS, timeout=0, timeout_char=3, rxbuf=8)
        UART(3, baudrate=9600, bits=8, parity=None, stop=1, flow=CTS, timeout=20, timeout_char=3, rxbuf=64)
        10 8 1
        b'ABCDEFGHIJ'
        0 None
        1 b'!'

        """)
  }
}
