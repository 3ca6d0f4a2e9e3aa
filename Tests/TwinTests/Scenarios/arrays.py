import asyncio
from machine import Pin
from primitives import Keyboard, SwArray
from primitives.sw_array import CLOSE, OPEN, LONG, DOUBLE, SUPPRESS

async def keys(seen, keyboard):
    async for code in keyboard:
        seen.append("%d %s" % (code, keyboard[code]))

async def events(seen, array):
    async for code, event in array:
        seen.append("%d %d" % (code, event))

async def main():
    rows = [Pin("X1", Pin.OPEN_DRAIN)]
    columns = [Pin(name, Pin.IN, Pin.PULL_UP) for name in ("X5", "X6", "X7")]
    seen = [[] for _ in range(4)]
    asyncio.create_task(keys(seen[0], Keyboard(rows, columns)))
    configurations = (
        CLOSE | OPEN, CLOSE | OPEN | LONG | DOUBLE, CLOSE | OPEN | LONG | DOUBLE | SUPPRESS)
    for n, configuration in enumerate(configurations):
        asyncio.create_task(events(seen[n + 1], SwArray(rows, columns, configuration)))
    await asyncio.sleep(6)
    # Which of them looks first after an edge is chance.
    for lines in seen:
        for line in lines:
            print(line)

asyncio.run(main())
