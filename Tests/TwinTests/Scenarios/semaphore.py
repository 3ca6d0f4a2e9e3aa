import asyncio
from time import ticks_ms, ticks_diff
from primitives import Semaphore, BoundedSemaphore

start = ticks_ms()

def say(*words):
    print((ticks_diff(ticks_ms(), start) + 5) // 10 * 10, *words)

async def worker(n, semaphore):
    say("asks", n)
    async with semaphore:
        say("has", n)
        await asyncio.sleep_ms(20 * n)
    say("gave", n)

async def main():
    semaphore = Semaphore(2)
    tasks = [asyncio.create_task(worker(n, semaphore)) for n in range(1, 6)]
    await asyncio.gather(*tasks)
    bounded = BoundedSemaphore(1)
    await bounded.acquire()
    bounded.release()
    try:
        bounded.release()
    except ValueError as error:
        say(error)
    await semaphore.acquire()
    await semaphore.acquire()
    waiter = asyncio.create_task(worker(1, semaphore))
    await asyncio.sleep_ms(20)
    waiter.cancel()
    await asyncio.sleep_ms(20)
    semaphore.release()
    await worker(0, semaphore)

asyncio.run(main())
