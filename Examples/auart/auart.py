# UART 4 talks to itself: what it sends on X1 comes back on X2. Runs until it is interrupted.
#
#     vpyboard run auart.py --wire X1-X2

import asyncio
from machine import UART

uart = UART(4, 9600, timeout=0)  # without a timeout a read takes what is there and never waits


async def send():
    writer = asyncio.StreamWriter(uart, {})
    while True:
        writer.write("Hello uart\n")
        await writer.drain()
        await asyncio.sleep(2)


async def receive():
    reader = asyncio.StreamReader(uart)
    while True:
        print("Received", await reader.readline())


def demo():
    try:
        asyncio.run(asyncio.gather(send(), receive()))
    except KeyboardInterrupt:
        print("Interrupted")
    finally:
        asyncio.new_event_loop()
        print("auart.demo() to run again.")


demo()
