import Testing

@Suite("machine.PWM")
struct PWMTests {
  private static let measuring = """
    import machine, time
    from machine import Pin, PWM
    def measure(pin):
        time.sleep_ms(20)
        while pin.value(): pass
        high, low = machine.time_pulse_us(pin, 1), machine.time_pulse_us(pin, 0)
        return round(high / 50) * 50, round(low / 50) * 50
    def attempt(f):
        try: print(f())
        except Exception as error: print(type(error).__name__, error)

    """

  @Test("is a channel of a timer on a Pyboard")
  func pyboard() throws {
    let run = try FirmwareRun(
      Self.measuring + """
        pin = Pin('X5', Pin.IN)
        p = PWM(Pin('X1'), freq=1000, duty_u16=32768)
        other = PWM(Pin('X2'))
        print(p, p.freq(), p.duty_u16(), p.duty_ns(), other, other.freq(), other.duty_u16())
        print(measure(pin))
        other.duty_u16(6554)
        p.freq(500); print(measure(pin), other.freq(), other.duty_ns())
        p.duty_ns(500_000); p.freq(250); print(measure(pin), p.duty_u16())
        p.init(invert=1); print(measure(pin), PWM(Pin('X1')) is p)
        attempt(lambda: p.freq(0))
        attempt(lambda: p.freq(200_000_000))
        attempt(lambda: PWM(Pin('X19')))
        attempt(lambda: PWM(Pin('X9'), freq=50, duty_ns=1_500_000))
        p.deinit(); other.deinit()
        print(pin.value(), Pin('X1'))
        """, wires: ["X1-X5"])
    #expect(
      run.output == """
        <PWM TIM5_CH1> 1000 32768 500012 <PWM TIM5_CH2> 1000 0
        (500, 500)
        (1000, 1000) 500 200012
        (500, 3500) 8192
        (3500, 500) True
        ValueError freq too small
        ValueError freq too large
        ValueError Pin(C0) doesn't have PWM capabilities
        <PWM TIM4_CH1>
        0 Pin(Pin.cpu.A0, mode=Pin.ALT, alt=Pin.AF2_TIM5)

        """)
  }

  @Test("is an output of a slice on a Pico, which shares its frequency with the other")
  func pico() throws {
    let run = try FirmwareRun(
      Self.measuring + """
        pin = Pin(15, Pin.IN)
        p = PWM(Pin(0), freq=1000, duty_u16=32768)
        other = PWM(Pin(1))
        print(p, p.freq(), p.duty_u16(), p.duty_ns(), other, other.freq(), other.duty_u16())
        print(measure(pin))
        other.duty_u16(6554)
        p.freq(500); print(measure(pin), other.freq(), other.duty_ns())
        p.duty_ns(500_000); p.freq(250); print(measure(pin), p.duty_ns())
        p.init(invert=1); print(measure(pin), p)
        print(PWM(Pin(16)) is p)
        attempt(lambda: p.freq(0))
        attempt(lambda: p.freq(1))
        attempt(lambda: PWM(99))
        """, board: "raspberry-pi-pico", wires: ["GP0-GP15"])
    #expect(
      run.output == """
        <PWM slice=0 channel=0 invert=0> 1000 32768 499999 <PWM slice=0 channel=1 invert=0> 1000 0
        (500, 500)
        (1000, 1000) 500 200012
        (500, 3500) 499995
        (3500, 500) <PWM slice=0 channel=0 invert=1>
        True
        ValueError freq too small
        ValueError freq too small
        ValueError invalid pin

        """)
  }
}
