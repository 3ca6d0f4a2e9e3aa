# Gathers the results of four tasks, again and again.
import asyncio


async def give(value):
    await asyncio.sleep(0)
    return value


async def main(n):
    total = 0
    for _ in range(n):
        total += sum(await asyncio.gather(give(1), give(2), give(3), give(4)))
    print(total)


asyncio.run(main(100000))
