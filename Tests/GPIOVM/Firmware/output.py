# An output goes high, and low. GPIO25 tells when to go on.
import time
from machine import Pin

step = Pin(25, Pin.IN)


def wait_for(level):
    while step() != level:
        time.sleep_ms(5)


pin = Pin(5, Pin.OUT, value=1)
print("high")
wait_for(1)
pin(0)
print("low")
wait_for(0)
