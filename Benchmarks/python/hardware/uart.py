# So many bytes from a UART to itself, over a wire; in pieces of 64, its buffer.
import sys, time
from pyb import UART

uart = UART(4, 1_000_000, timeout=0, read_buf_len=128)
piece = bytes(range(64))
room = bytearray(64)
for _ in range(int(sys.argv[1]) // 64):
    uart.write(piece)
    uart.readinto(room)
print(room == piece)
print(time.ticks_us())
