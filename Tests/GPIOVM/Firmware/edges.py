# Writes down the level after each of six edges; hard unless an argument says otherwise.
import sys
import time
from machine import Pin

kinds = sys.argv[1:]
trigger = Pin.IRQ_FALLING if "falling" in kinds else Pin.IRQ_RISING | Pin.IRQ_FALLING
levels = bytearray(6)
count = 0


def handler(pin):
    global count
    if count < 6:
        levels[count] = 48 + pin()
    count += 1


pin = Pin(4, Pin.IN)
pin.irq(handler, trigger, hard="soft" not in kinds)
print("ready")
seen = 0
while seen < 6:
    if seen < count:
        seen += 1
        print("seen", seen)
    time.sleep_ms(1)
pin.irq(None)
print(levels.decode())
