import Testing

@Suite("pyb.Servo")
struct ServoClassTests {
  @Test("is measured on a pin at the other end of a wire")
  func pulses() throws {
    let run = try FirmwareRun(
      """
      import pyb, machine, time
      s = pyb.Servo(1)
      pin = pyb.Pin('X5', pyb.Pin.IN)
      def near(microseconds):
          time.sleep_ms(45)
          while pin.value(): pass
          return abs(machine.time_pulse_us(pin, 1) - microseconds) < 20
      print(s, s is pyb.Servo(1), near(1500))
      s.angle(45); print(near(1980), s.angle(), s.speed(), s)
      s.speed(-50); print(near(1150), s.speed(), s.pulse_width())
      s.angle(0, 100); time.sleep_ms(40); print(1150 < s.pulse_width() < 1500); time.sleep_ms(80); print(s.angle())
      s.pulse_width(100); print(s.pulse_width())
      pyb.servo(1, 200); print(near(2000), s.pulse_width())
      """, wires: ["X1-X5"])
    #expect(
      run.output == """
        <Servo 1 at 1500us> True True
        True 44 68 <Servo 1 at 1980us>
        True -50 1150
        True
        0
        640
        True 640

        """)
  }

  @Test("is calibrated, and says what it cannot do")
  func calibration() throws {
    let run = try FirmwareRun(
      """
      import pyb
      s = pyb.Servo(4)
      print(s.calibration())
      s.calibration(600, 2400, 1400); print(s.calibration())
      s.calibration(630, 2410, 1490, 2460, 2190); print(s.calibration())
      for f in (lambda: pyb.Servo(5), lambda: pyb.Servo(), lambda: s.calibration(1, 2), lambda: s.angle('a')):
          try: f()
          except Exception as error: print(type(error).__name__, error)
      """)
    #expect(
      run.output == """
        (640, 2420, 1500, 2470, 2200)
        (600, 2400, 1400, 2370, 2100)
        (630, 2410, 1490, 2460, 2190)
        ValueError Servo(5) doesn't exist
        TypeError function takes 1 positional arguments but 0 were given
        TypeError calibration expecting 1, 4 or 6 arguments, got 3
        TypeError can't convert str to float

        """)
  }
}
