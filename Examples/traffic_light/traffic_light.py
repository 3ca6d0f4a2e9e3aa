# A traffic light: red, red and yellow, green, yellow. The Pyboard's LEDs, or those that are wired to GPIO17 (red), GPIO22
# (yellow) and GPIO27 (green) of a Raspberry Pi. Runs until it is interrupted.
#
#     vpyboard run traffic_light.py
#     vpyboard run --backend gpiod --board raspberry-pi traffic_light.py

import asyncio
from pyb import LED

RED, GREEN, YELLOW = 1, 2, 3
PHASES = (  # what is lit, and for how many seconds
    ((RED,), 3),
    ((RED, YELLOW), 1),
    ((GREEN,), 3),
    ((YELLOW,), 1),
)


def show(lit):
    for number in (RED, GREEN, YELLOW):
        if number in lit:
            LED(number).on()
        else:
            LED(number).off()


async def main():
    try:
        while True:
            for lit, seconds in PHASES:
                show(lit)
                await asyncio.sleep(seconds)
    finally:
        show(())


try:
    asyncio.run(main())
finally:
    asyncio.new_event_loop()
