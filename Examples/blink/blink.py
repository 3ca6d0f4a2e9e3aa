# An LED blinks: one of the Pyboard's, or the one that is wired to GPIO17 of a Raspberry Pi. Runs until it is interrupted.
#
#     vpyboard run blink.py
#     vpyboard run --backend gpiod --board raspberry-pi blink.py

import asyncio
from pyb import LED


async def main():
    led = LED(1)
    try:
        while True:
            led.toggle()
            await asyncio.sleep_ms(500)
    finally:
        led.off()


try:
    asyncio.run(main())
finally:
    asyncio.new_event_loop()
