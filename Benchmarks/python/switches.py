# A fixed number of task switches by as many tasks as the argument says.
import asyncio
import sys

SWITCHES = 2000000
tasks = int(sys.argv[1])
finished = asyncio.Event()


async def switch(n):
    global tasks
    for _ in range(n):
        await asyncio.sleep_ms(0)
    tasks -= 1
    if not tasks:
        finished.set()


async def main():
    for _ in range(tasks):
        asyncio.create_task(switch(SWITCHES // tasks))
    await finished.wait()


asyncio.run(main())
