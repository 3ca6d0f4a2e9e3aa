# Edges of GPIO4 wake a task; the trace has their times, the output those of the task, in microseconds of board time.
import asyncio
import sys
import time
from machine import Pin

COUNT = 100


async def main():
    flag = asyncio.ThreadSafeFlag()
    Pin(4, Pin.IN).irq(lambda _: flag.set(), Pin.IRQ_RISING, hard=True)
    print("ready")
    for _ in range(COUNT):
        await flag.wait()
        print("task", time.ticks_us())


asyncio.run(main())
sys.exit()  # Or the handler keeps the run going, as on a board.
