import Testing

/// Peripherals measured against each other over wires, as on a bench: what one puts out another one takes in.
@Suite("Over wires") struct CrossMeasurementTests {
  @Test("captured pulses have the period and width that a timer was given, in every mode")
  func pulsesIntoCapture() throws {
    let run = try FirmwareRun(
      """
      from pyb import Pin, Timer, delay
      t4 = Timer(4, prescaler=83, period=500, mode=Timer.CENTER)
      out = t4.channel(1, Timer.PWM, pin=Pin('X9'), pulse_width=100)
      \(pulseMeasurement)
      print(measure())
      out.pulse_width_percent(50)
      print(measure())
      t4.init(prescaler=83, period=999)
      out = t4.channel(1, Timer.PWM, pin=Pin('X9'), pulse_width_percent=25)
      print(measure())
      out = t4.channel(1, Timer.PWM_INVERTED, pin=Pin('X9'), pulse_width_percent=10)
      print(measure())
      out = t4.channel(1, Timer.PWM, pin=Pin('X9'), pulse_width_percent=10, polarity=Timer.LOW)
      print(measure())
      out = t4.channel(1, Timer.OC_TOGGLE, pin=Pin('X9'), compare=300)
      print(measure())
      t4.period(499)
      print(measure())
      out = t4.channel(1, Timer.PWM, pin=Pin('X9'), pulse_width=0)
      print(measure(), Pin('X2').value())
      out.pulse_width_percent(100)
      print(measure(), Pin('X2').value())
      """, wires: ["X9-X2"])
    #expect(
      run.output == """
        [200, 200, 800, 800]
        [500, 500, 500, 500]
        [250, 250, 750, 750]
        [100, 100, 900, 900]
        [100, 100, 900, 900]
        [1000, 1000, 1000, 1000]
        [500, 500, 500, 500]
        [] 0
        [] 1

        """)
  }

  @Test("three kinds of controller talk to a target on the other I2C bus")
  func buses() throws {
    let run = try FirmwareRun(
      """
      from machine import I2C, I2CTarget, SoftI2C
      import pyb, time
      target = I2CTarget(2, 0x42, mem=bytearray(b'abcdefgh'))
      bus = I2C(1, freq=100000)
      print(bus.scan(), bus.readfrom_mem(0x42, 2, 4))
      bus.writeto_mem(0x42, 1, b'XY')
      soft = SoftI2C('X9', 'X10', freq=50000)
      print(soft.scan(), soft.readfrom_mem(0x42, 0, 4))
      old = pyb.I2C(1, pyb.I2C.CONTROLLER, baudrate=100000)
      print(old.is_ready(0x42), old.mem_read(3, 0x42, 1), old.scan())
      bus = I2C(1, freq=100000)
      start = time.ticks_us()
      bus.readfrom_mem(0x42, 0, 8)
      took = time.ticks_diff(time.ticks_us(), start)
      print(1000 < took < 1300)
      try:
          bus.writeto(0x43, b'x')
      except OSError as error:
          print(error)
      target.deinit()
      print(bus.scan())
      """, wires: ["X9-Y9", "X10-Y10"])
    #expect(
      run.output == """
        [66] b'cdef'
        [66] b'aXYd'
        True b'XYd' [66]
        True
        [Errno 19] ENODEV
        []

        """)
  }

  @Test("what a DAC puts out is what an ADC measures, at one voltage and as a wave")
  func analog() throws {
    let run = try FirmwareRun(
      """
      import array, math, pyb
      dac = pyb.DAC(1, bits=12)
      adc = pyb.ADC('X1')
      print([(dac.write(v), adc.read())[1] for v in (0, 1, 1000, 4095)])
      wave = array.array('H', [i * 40 for i in range(100)])
      dac.write_timed(wave, pyb.Timer(6, freq=10000), mode=pyb.DAC.CIRCULAR)
      samples = array.array('H', [0] * 100)
      adc.read_timed(samples, pyb.Timer(7, freq=10000))
      print(len(set(samples)), min(samples), max(samples), sum((samples[(i + 1)] - samples[i]) % 4000 == 40 for i in range(99)))
      pair = (array.array('H', [0] * 20), array.array('H', [0] * 20))
      dac.write(1234)
      other = pyb.DAC(2, bits=12)
      other.write(4000)
      print(pyb.ADC.read_timed_multi((adc, pyb.ADC('X2')), pair, pyb.Timer(8, freq=1000)), set(pair[0]), set(pair[1]))
      """, wires: ["X5-X1", "X6-X2"])
    #expect(
      run.output == """
        [0, 1, 1000, 4095]
        100 0 3960 99
        True {1234} {4000}

        """)
  }

  @Test("machine.PWM's pulses are as long as time_pulse_us says")
  func pulseWidths() throws {
    let run = try FirmwareRun(
      """
      import machine, time
      from machine import PWM, Pin, time_pulse_us
      pwm = PWM(Pin('X9'), freq=500, duty_u16=16384)
      pin = Pin('X2', Pin.IN)
      def width(level):
          while pin() == level: pass
          return round(time_pulse_us(pin, level, 10000), -1)
      print(width(1), width(0), pwm.duty_ns())
      pwm.duty_ns(200_000)
      time.sleep_ms(5)
      print(width(1), width(0), pwm.duty_u16())
      pwm.freq(1000)
      time.sleep_ms(5)
      print(width(1), width(0), pwm)
      pwm.deinit()
      print(time_pulse_us(pin, 1, 5000))
      """, wires: ["X9-X2"])
    #expect(
      run.output == """
        500 1500 500000
        200 1800 6554
        200 800 <PWM TIM4_CH1>
        -1

        """)
  }
}
