# As many task switches as the second argument says, by as many tasks as the first one says.
import asyncio
import sys

tasks = int(sys.argv[1])
switches = int(sys.argv[2])
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
        asyncio.create_task(switch(switches // tasks))
    await finished.wait()


asyncio.run(main())
