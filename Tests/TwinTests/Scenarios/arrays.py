import asyncio
from machine import Pin
from primitives import Keyboard, SwArray
from primitives.sw_array import CLOSE, OPEN, LONG, DOUBLE, SUPPRESS

async def keys(keyboard):
    async for code in keyboard:
        print("key", code, keyboard[code])

async def events(name, array):
    async for code, event in array:
        print(name, code, event)

async def main():
    rows = [Pin("X1", Pin.OPEN_DRAIN)]
    columns = [Pin(name, Pin.IN, Pin.PULL_UP) for name in ("X5", "X6", "X7")]
    asyncio.create_task(keys(Keyboard(rows, columns)))
    asyncio.create_task(events("basic", SwArray(rows, columns, CLOSE | OPEN)))
    asyncio.create_task(events("all", SwArray(rows, columns, CLOSE | OPEN | LONG | DOUBLE)))
    asyncio.create_task(events("suppress", SwArray(rows, columns, CLOSE | OPEN | LONG | DOUBLE | SUPPRESS)))
    await asyncio.sleep(6)

asyncio.run(main())
