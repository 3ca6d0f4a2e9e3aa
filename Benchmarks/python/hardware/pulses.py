# So many periods of a PWM that nobody hears ("pwm"), or of one whose edges another timer captures, with an empty handler ("capture").
import sys, time
from pyb import Pin, Timer

count = int(sys.argv[1])
frequency = 1_000_000 if sys.argv[2] == "pwm" else 10_000

Timer(2, freq=frequency).channel(1, Timer.PWM, pin=Pin("X1"), pulse_width_percent=37)
if sys.argv[2] == "capture":
    clock = Timer(5, prescaler=0, period=0x3FFFFFFF)
    clock.channel(2, Timer.IC, pin=Pin("X2"), polarity=Timer.RISING, callback=lambda timer: None)
time.sleep_ms(count * 1000 // frequency)
Timer(2).deinit()
Timer(5).deinit()
print(time.ticks_us())
