# Waits for tasks that are done long before their time-out.
import asyncio


async def give(value):
    await asyncio.sleep(0)
    return value


async def main(n):
    total = 0
    for i in range(n):
        total += await asyncio.wait_for(give(i & 7), 60)
    print(total)


asyncio.run(main(200000))
