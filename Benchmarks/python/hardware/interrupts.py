# So many interrupts of a 10 kHz timer to an empty handler: while the firmware sleeps ("sleep") or computes ("compute").
import sys, time
from pyb import Timer

count = int(sys.argv[1])
milliseconds = count // 10


def tick(timer):
    pass


def compute():
    start = time.ticks_ms()
    while time.ticks_diff(time.ticks_ms(), start) < milliseconds:
        for _ in range(1000):
            pass


timer = Timer(4, freq=10000, callback=tick)
if sys.argv[2] == "sleep":
    time.sleep_ms(milliseconds)
else:
    compute()
timer.deinit()
print(time.ticks_us())
