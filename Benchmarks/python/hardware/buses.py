# So many reads of a register of the accelerometer over I2C ("i2c"), or blocks of 1 KiB over SPI to itself ("spi").
import sys, time
import pyb
from machine import I2C, SPI

count = int(sys.argv[1])


def registers():
    pyb.Accel()
    bus = I2C(1, freq=400_000)
    room = bytearray(1)
    for _ in range(count):
        bus.readfrom_mem_into(76, 0, room)


def blocks():
    bus = SPI(1, baudrate=21_000_000)
    block = bytes(1024)
    room = bytearray(1024)
    for _ in range(count):
        bus.write_readinto(block, room)


registers() if sys.argv[2] == "i2c" else blocks()
print(time.ticks_us())
