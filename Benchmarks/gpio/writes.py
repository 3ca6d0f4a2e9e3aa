# Pin writes a second, five rounds.
import time
from machine import Pin


def measure():
    pin = Pin(5, Pin.OUT)
    ticks = time.ticks_us
    for _ in range(5):
        start = ticks()
        for _ in range(5000):
            pin(1)
            pin(0)
        print(10000 * 1000000 // time.ticks_diff(ticks(), start))


measure()
