import Machine
import MicroPythonPort
import Testing

/// A Raspberry Pi Pico, as far as it differs from a Pyboard.
@Suite struct PicoTests {
  @Test func tellsWhatItIs() throws {
    let run = try FirmwareRun(
      """
      import machine, os, sys
      print(sys.platform, os.uname().machine, sys.implementation._build, machine.freq())
      try:
          import pyb
      except ImportError as error:
          print(error)
      """, board: "pico")
    #expect(
      run.output == """
        rp2 Raspberry Pi Pico with RP2040 RPI_PICO 125000000
        no module named 'pyb'

        """)
  }

  @Test func pinsHaveNumbersAndNames() throws {
    let run = try FirmwareRun(
      """
      from machine import Pin
      led = Pin(25, Pin.OUT, value=1)
      print(led, led is Pin("LED"), led is Pin("GP25"), led is Pin.board.LED, led())
      led.toggle()
      print(led(), Pin(3, Pin.IN, Pin.PULL_UP), Pin(3)(), Pin(4, Pin.OPEN_DRAIN)())
      for name in (30, "X1", None):
          try:
              Pin(name)
          except ValueError as error:
              print(error)
      """, board: "pico")
    #expect(
      run.output == """
        Pin(GPIO25, mode=OUT) True True True 1
        0 Pin(GPIO3, mode=IN, pull=PULL_UP) 1 0
        invalid pin
        unknown named pin "X1"
        invalid pin

        """)
  }

  @Test func edgesOfEveryPinInterrupt() throws {
    let run = try FirmwareRun(
      """
      import time
      from machine import Pin
      def report(pin):
          print(pin, request.flags() == Pin.IRQ_RISING)
      request = Pin(22).irq(report, Pin.IRQ_RISING | Pin.IRQ_FALLING)
      Pin(6).irq(lambda pin: print("six"), Pin.IRQ_RISING)
      time.sleep_ms(40)
      """, board: "pico",
      stimuli: [
        try Stimulus(parsing: "10ms:pin=GP22:1"), try Stimulus(parsing: "20ms:pin=GP22:0"),
        try Stimulus(parsing: "30ms:pin=GP6:1"),
      ])
    #expect(run.output == "Pin(GPIO22, mode=IN) True\nPin(GPIO22, mode=IN) False\nsix\n")
  }

  @Test func firmwareChoosesTheUARTsPins() throws {
    let run = try FirmwareRun(
      """
      import time
      from machine import Pin, UART
      uart = UART(1, 9600, tx=Pin(8), rx="GP9")
      print(uart)
      started = time.ticks_ms()
      print(uart.write(b"out and back"), time.ticks_diff(time.ticks_ms(), started) < 2, uart.txdone())
      uart.flush()
      print(uart.read(), uart.txdone())
      uart.init(baudrate=19200)
      print(uart)
      for make in (lambda: UART(0, tx=4), lambda: UART(0, rx=Pin(0)), lambda: UART(2), lambda: UART(0, txbuf=40000)):
          try:
              make()
          except ValueError as error:
              print(error)
      """, board: "pico", wires: ["GP8-GP9"])
    #expect(
      run.output == """
        UART(1, baudrate=9600, bits=8, parity=None, stop=1, tx=8, rx=9, txbuf=256, rxbuf=256, timeout=0, \
        timeout_char=2, invert=None, irq=0)
        12 True False
        b'out and back' True
        UART(1, baudrate=19200, bits=8, parity=None, stop=1, tx=8, rx=9, txbuf=256, rxbuf=256, timeout=0, \
        timeout_char=2, invert=None, irq=0)
        bad TX pin
        bad RX pin
        UART(2) doesn't exist
        txbuf too large

        """)
  }

  @Test func pinsMeasureVoltages() throws {
    let run = try FirmwareRun(
      """
      from machine import ADC, Pin
      print(ADC(26), ADC(Pin("GP27")), ADC(2), ADC(1).read_u16(), 0 < ADC(ADC.CORE_TEMP).read_u16() < 20000)
      try:
          ADC(3 + 2)
      except ValueError as error:
          print(error)
      """, board: "pico", stimuli: [try Stimulus(parsing: "0s:volts=GP27,3.3")])
    #expect(
      run.output == """
        <ADC channel=0> <ADC channel=1> <ADC channel=2> 65535 True
        Pin doesn't have ADC capabilities

        """)
  }

  @Test func aFullTransmitBufferTakesLess() throws {
    let run = try FirmwareRun(
      """
      from machine import UART
      uart = UART(0, 300, txbuf=32)
      print(uart.write(bytes(100)), uart.write(b"more"))
      """, board: "pico")
    // 32 in the buffer, 32 in the hardware; the first of them is on its way.
    #expect(run.output == "65 None\n")
  }

  @Test func aUARTTellsWhenTheLineGoesQuiet() throws {
    let run = try FirmwareRun(
      """
      import time
      from machine import UART
      uart = UART(0, 9600)
      events = []
      def note(uart):
          events.append(request.flags())
      request = uart.irq(note, UART.IRQ_RXIDLE | UART.IRQ_TXIDLE)
      uart.write(b"abc")
      time.sleep_ms(20)
      print(events == [UART.IRQ_TXIDLE, UART.IRQ_RXIDLE], uart.any())
      """, board: "pico", wires: ["GP0-GP1"])
    #expect(run.output == "True 3\n")
  }

  @Test("inverted lines rest low, and are understood where the other end inverts too")
  func invertedLines() throws {
    let run = try FirmwareRun(
      """
      import time
      from machine import Pin, UART
      probe = Pin(6, Pin.IN)
      a = UART(0, 9600, tx=Pin(0), rx=Pin(1), invert=UART.INV_TX)
      b = UART(1, 9600, tx=Pin(4), rx=Pin(5), invert=UART.INV_RX)
      print(probe(), 'invert=INV_TX,' in str(a), 'invert=INV_RX,' in str(b))
      highs = []
      probe.irq(lambda pin: highs.append(1), Pin.IRQ_RISING)
      a.write(b'U')
      time.sleep_ms(5)
      print(b.read(), len(highs), probe())
      probe.irq(None)
      b.write(b'plain')
      a.flush(); b.flush(); time.sleep_ms(1)
      print(a.read())
      a.init(invert=UART.INV_TX | UART.INV_RX)
      print('invert=INV_TX|INV_RX' in str(a))
      try: a.init(invert=4)
      except ValueError as e: print(e)
      a.deinit()
      # A start bit, 0x41 from its lowest bit, a stop bit, each as the opposite.
      b.init(300)
      line = Pin(6, Pin.OUT, value=0)
      for bit in 1, 0, 1, 1, 1, 1, 1, 0, 1, 0:
          line(bit)
          time.sleep_us(3300)
      time.sleep_ms(5)
      print(b.read())
      """, board: "pico", wires: ["GP0-GP5", "GP1-GP4", "GP0-GP6"])
    #expect(
      run.output == """
        0 True True
        b'U' 5 0
        b'plain'
        True
        bad inversion mask
        b'A'

        """, "\(run.end)")
    #expect(run.diagnostics == [])
  }

  @Test("a UART that does not know that the line is inverted hears something else, which is told")
  func inversionOfOneEnd() throws {
    let run = try FirmwareRun(
      """
      import time
      from machine import UART
      uart = UART(0, 9600, invert=UART.INV_TX)
      uart.write(b'hello')
      time.sleep_ms(10)
      print(uart.read() == b'hello')
      """, board: "pico", wires: ["GP0-GP1"])
    #expect(run.output == "False\n")
    #expect(run.diagnostics.count == 1 && run.diagnostics[0].contains("uart-framing"), "\(run.diagnostics)")
  }
}
