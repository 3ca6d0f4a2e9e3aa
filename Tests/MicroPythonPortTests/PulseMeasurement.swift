/// Firmware that measures pulses on X2: `measure()` gives the times between the first five edges, in µs, sorted.
/// It needs `Pin`, `Timer` and `delay`.
let pulseMeasurement = """
  t5 = Timer(5, prescaler=83, period=0x3fffffff)
  ic = t5.channel(2, Timer.IC, pin=Pin('X2'), polarity=Timer.BOTH)
  times = [0] * 5
  count = 0
  def captured(timer):
      global count
      if count < 5:
          times[count] = ic.capture()
          count += 1
  def measure():
      global count
      delay(3)
      count = 0
      ic.callback(captured)
      delay(20)
      ic.callback(None)
      return sorted(times[i + 1] - times[i] for i in range(count - 1))
  """
