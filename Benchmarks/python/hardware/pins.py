# So many writes or reads of a pin.
import sys, time
from pyb import Pin

count = int(sys.argv[1])


def write():
    pin = Pin("X1", Pin.OUT)
    for _ in range(count // 2):
        pin(1)
        pin(0)


def read():
    pin = Pin("X1", Pin.IN)
    for _ in range(count):
        pin()


write() if sys.argv[2] == "write" else read()
print(time.ticks_us())
