# Open drain: let go, then low; says what it reads. GPIO25 tells when to go on.
import time
from machine import Pin

step = Pin(25, Pin.IN)


def wait_for(level):
    while step() != level:
        time.sleep_ms(5)


pin = Pin(10, Pin.OPEN_DRAIN, value=1)
print("let go", pin())
wait_for(1)
pin(0)
print("low", pin())
wait_for(0)
