# Sends a byte to a 74HC595, and reads two of its outputs. X1 is its SER, X2 SRCLK, X3 RCLK; X4 and X5 are wired to QA and QH.
from machine import Pin

data, clock, latch = (Pin(name, Pin.OUT, value=0) for name in ("X1", "X2", "X3"))
first, last = Pin("X4", Pin.IN), Pin("X5", Pin.IN)


def show(byte):
    for bit in range(7, -1, -1):
        data(byte >> bit & 1)
        clock(1)
        clock(0)
    latch(1)
    latch(0)


for byte in (0x01, 0x80, 0xFF, 0x00):
    show(byte)
    print("{:08b}: QA {}, QH {}".format(byte, first(), last()))
