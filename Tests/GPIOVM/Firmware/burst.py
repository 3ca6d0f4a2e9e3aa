# Counts edges until there have been none for a while.
import sys
import time
from machine import Pin

count = 0


def handler(_):
    global count
    count += 1


Pin(4, Pin.IN).irq(handler, Pin.IRQ_RISING | Pin.IRQ_FALLING, hard=True)
print("ready")
while not count:
    time.sleep_ms(5)
last = 0
while count != last:
    last = count
    time.sleep_ms(500)
print(count, "edges")
sys.exit()
