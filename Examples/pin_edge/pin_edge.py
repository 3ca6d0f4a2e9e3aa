# A task waits for rising edges on X1. A software timer drives X2, which is wired to X1, so an edge comes every second.
# Runs until it is interrupted.
#
#     vpyboard run pin_edge.py --wire X1-X2 --for 5s

import asyncio
from machine import Pin, Timer


class Edges:
    """Edges of a pin, for one task to wait for."""

    def __init__(self, pin, trigger):
        self.flag = asyncio.ThreadSafeFlag()
        self.pin = pin
        pin.irq(self.notice, trigger, hard=True)

    def notice(self, _):  # runs as an interrupt handler
        self.flag.set()

    async def next(self):
        await self.flag.wait()


async def main():
    edges = Edges(Pin("X1", Pin.IN), Pin.IRQ_RISING)
    output = Pin("X2", Pin.OUT)
    timer = Timer(-1, period=500, callback=lambda _: output(not output()))
    try:
        while True:
            await edges.next()
            print("Got edge.")
    finally:
        timer.deinit()


try:
    asyncio.run(main())
finally:
    asyncio.new_event_loop()
