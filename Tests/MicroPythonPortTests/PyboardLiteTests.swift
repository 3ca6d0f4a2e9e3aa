import Testing

/// The Pyboard Lite V1.0: an STM32F411 with fewer peripherals, on other pins (ports/stm32/boards/PYBLITEV10).
@Suite struct PyboardLiteTests {
  @Test("has its own clocks, pins and peripherals, and says what it is")
  func peripherals() throws {
    let run = try FirmwareRun(
      """
      import machine, os, pyb
      from pyb import ADC, I2C, SPI, Timer, UART
      print(os.uname().machine, pyb.freq())
      print(UART('XA', 9600), I2C('Y', I2C.CONTROLLER), SPI('Y'))
      print(pyb.Pin('X3'), pyb.Pin('X3').af_list(), pyb.Accel().filtered_xyz(), pyb.LED(4))
      print([name for name in ('CAN', 'DAC') if hasattr(pyb, name)], hasattr(machine, 'I2S'))
      for trial in lambda: UART(4), lambda: I2C(2), lambda: Timer(8), lambda: ADC('X1').read_timed(bytearray(2), 1000):
          try: trial()
          except ValueError as e: print(e)
      print(ADC('X1').read_timed(bytearray(2), Timer(5, freq=1000)), Timer(1, freq=1).source_freq())
      print(hex(machine.mem32[0xe0042000]), machine.mem16[0x1fff7a22], os.statvfs('/flash')[2])
      """, board: "pyboard-lite-v1.0")
    #expect(
      run.output == """
        PYBLITEv1.0 with STM32F411RE (96000000, 96000000, 24000000, 48000000)
        UART(2, baudrate=9600, bits=8, parity=None, stop=1, flow=0, timeout=0, timeout_char=3, rxbuf=64) \
        I2C(3, I2C.CONTROLLER, baudrate=320000) SPI(2)
        Pin(Pin.cpu.A0, mode=Pin.IN) [Pin.AF1_TIM2, Pin.AF2_TIM5, Pin.AF7_USART2] (0, 0, 21) LED(4)
        [] False
        UART(4) doesn't exist
        I2C(2) doesn't exist
        Timer(8) doesn't exist
        need a Timer object
        2 96000000
        0x10006431 512 127

        """)
    #expect(run.diagnostics == [])
  }

  @Test("a wire from a timer to the pin of another, an LED and a servo on its own pins")
  func signals() throws {
    let run = try FirmwareRun(
      """
      import machine, pyb, time
      from pyb import Pin, Timer
      Timer(4, freq=1000).channel(1, Timer.PWM, pin=Pin('X9'), pulse_width_percent=37)
      edges = Timer(2, prescaler=47, period=0x3fffffff).channel(1, Timer.IC, pin=Pin('X3'), polarity=Timer.RISING)
      time.sleep_ms(3)
      first = edges.capture()
      time.sleep_ms(1)
      print(edges.capture() - first, machine.time_pulse_us(Pin('X3', Pin.IN), 1) <= 370)
      pyb.LED(3).intensity(100)
      servo = pyb.Servo(1)
      servo.pulse_width(2000)
      print(pyb.LED(3).intensity(), servo.pulse_width())
      """, board: "pyboard-lite-v1.0", wires: ["X9-X3"])
    #expect(run.output == "1000 True\n100 2000\n")
  }
}
