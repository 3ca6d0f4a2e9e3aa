# An output goes high, and low.
import time
from machine import Pin

pin = Pin(5, Pin.OUT, value=1)
print("high")
time.sleep_ms(500)
pin(0)
print("low")
time.sleep_ms(500)
