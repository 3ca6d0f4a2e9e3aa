# Sets the board's clock by the pulses of a GPS receiver, on X3, and its sentences, on UART 4; then prints how far both are apart.
#
#     vpyboard run gps_clock.py --device gps@tx:X2,rx:X1,pps:X3

import asyncio
import time
from machine import Pin, RTC, UART

rtc = RTC()
pulsed = asyncio.ThreadSafeFlag()
second = asyncio.Event()
pulse = 0  # ticks_us of the latest
to_set = None  # what the clock is set to at the next pulse
name = None  # the second that the latest pulse began


def begin(pin):
    global pulse, to_set
    pulse = time.ticks_us()
    if to_set is not None:
        rtc.datetime(to_set)
        to_set = None
    pulsed.set()


async def listen(uart):
    global name
    reader = asyncio.StreamReader(uart)
    while True:
        fields = (await reader.readline()).split(b",")
        if fields[0][3:] != b"RMC" or fields[2] != b"A":
            continue
        clock, date = fields[1], fields[9]
        day, month, year = (int(date[at : at + 2]) for at in (0, 2, 4))
        hour, minute, sec = (int(clock[at : at + 2]) for at in (0, 2, 4))
        name = time.mktime((2000 + year, month, day, hour, minute, sec, 0, 0))
        second.set()


def shown():
    year, month, day, _, hour, minute, sec, _ = rtc.datetime()
    return "{}-{:02}-{:02} {:02}:{:02}:{:02}".format(year, month, day, hour, minute, sec)


async def next_pulse():
    """Seconds of the pulse, microseconds of the clock at it."""
    second.clear()
    await second.wait()
    begun = name + 1
    pulsed.clear()
    await pulsed.wait()
    step = rtc.datetime()[7]
    while rtc.datetime()[7] == step:
        pass  # its time at a step is exact
    elapsed = time.ticks_diff(time.ticks_us(), pulse)
    year, month, day, _, hour, minute, sec, rest = rtc.datetime()
    now = time.mktime((year, month, day, hour, minute, sec, 0, 0)) * 1_000_000 + (255 - rest) * 1_000_000 // 256
    return begun, now - elapsed


async def main():
    global to_set
    task = asyncio.create_task(listen(UART(4, 9600, rxbuf=256)))
    line = Pin("X3", Pin.IN)
    line.irq(begin, Pin.IRQ_RISING)
    await second.wait()
    print("before:", shown())
    second.clear()
    await second.wait()
    year, month, day, hour, minute, sec, weekday, _ = time.localtime(name + 1)
    to_set = (year, month, day, weekday + 1, hour, minute, sec, 0)
    while to_set is not None:
        await asyncio.sleep_ms(1)
    print("after:", shown())
    for _ in range(3):
        begun, now = await next_pulse()
        print("apart:", int((now - begun * 1_000_000) / 1000), "ms")
    task.cancel()
    line.irq(None)


asyncio.run(main())
