# The controller of an I2C bus: writes lines into the target's memory, and reads one whenever the target asks for it by a low on Y11.
# In memory a line is a byte with its length, 0 for none, then its text: from place 0 on to the target, from 32 on from it.

import asyncio
from machine import I2C, Pin

TARGET = 0x42
TO_TARGET, FROM_TARGET = 0, 32


async def receive(bus, asked):
    while True:
        await asked.wait()
        size = bus.readfrom_mem(TARGET, FROM_TARGET, 1)[0]
        print("received", bus.readfrom_mem(TARGET, FROM_TARGET + 1, size).decode())
        bus.writeto_mem(TARGET, FROM_TARGET, b"\0")  # taken


async def send(bus, text):
    while bus.readfrom_mem(TARGET, TO_TARGET, 1) != b"\0":
        await asyncio.sleep_ms(5)  # the last one has not been taken
    data = text.encode()
    bus.writeto_mem(TARGET, TO_TARGET + 1, data)
    bus.writeto_mem(TARGET, TO_TARGET, bytes((len(data),)))


async def main():
    bus = I2C(1, freq=400_000)
    asked = asyncio.ThreadSafeFlag()
    line = Pin("Y11", Pin.IN, Pin.PULL_UP)
    line.irq(lambda pin: asked.set(), Pin.IRQ_FALLING)
    await asyncio.sleep_ms(50)  # the target has to be there
    asyncio.create_task(receive(bus, asked))
    for word in ("one", "two", "three"):
        await send(bus, word)
    await asyncio.sleep_ms(200)
    line.irq(None)


asyncio.run(main())
