# An edge wakes a task.
import asyncio
import sys
from machine import Pin

flag = asyncio.ThreadSafeFlag()


async def main():
    Pin(4, Pin.IN).irq(lambda _: flag.set(), Pin.IRQ_RISING, hard=True)
    print("waiting")
    await flag.wait()
    print("woken")


asyncio.run(main())
sys.exit()
