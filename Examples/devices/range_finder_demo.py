# Measures a distance with an HC-SR04: X1 is its trig, X2 its echo.
from machine import Pin, time_pulse_us
import time

trigger, echo = Pin("X1", Pin.OUT, value=0), Pin("X2", Pin.IN)
for _ in range(3):
    trigger(1)
    time.sleep_us(10)
    trigger(0)
    print("{:.1f} cm".format(time_pulse_us(echo, 1) / 58))
    time.sleep(1)
