# Three tasks pass one lock around.
import asyncio


async def work(n, lock):
    for _ in range(n):
        async with lock:
            await asyncio.sleep(0)


async def main(n):
    lock = asyncio.Lock()
    await asyncio.gather(*(work(n, lock) for _ in range(3)))


asyncio.run(main(20000))
