# Open drain: let go, then low; says what it reads.
import time
from machine import Pin

pin = Pin(10, Pin.OPEN_DRAIN, value=1)
print("let go", pin())
time.sleep_ms(1000)
pin(0)
print("low", pin())
time.sleep_ms(1000)
