# run: --wire X1-X2
from pyb import UART
import machine
u = UART(4, 9600, bits=9)
print(u)
for f in (lambda: u.write(b'abc'), lambda: u.write(b'abcd'), lambda: u.read(3), lambda: u.read(2), lambda: u.read(), lambda: u.readinto(bytearray(3)), lambda: u.readline(), lambda: u.any()):
    try: print(f())
    except Exception as e: print(repr(e))
