# A hardware timer wakes a task once a second: its handler may touch nothing of asyncio but a ThreadSafeFlag.
# Runs until it is interrupted.
#
#     vpyboard run timer_flag.py --for 5s

import asyncio
from pyb import Timer

flag = asyncio.ThreadSafeFlag()


async def main():
    timer = Timer(1, freq=1, callback=lambda _: flag.set())
    try:
        while True:
            await flag.wait()
            print("Triggered")
    finally:
        timer.deinit()


try:
    asyncio.run(main())
finally:
    asyncio.new_event_loop()
