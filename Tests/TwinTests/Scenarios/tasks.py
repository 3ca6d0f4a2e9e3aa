import asyncio
from primitives import launch

async def add(a, b):
    await asyncio.sleep_ms(10)
    print("adds", a, b)
    return a + b

async def fails(ms):
    await asyncio.sleep_ms(ms)
    raise ValueError("bad")

async def forever(name):
    try:
        while True:
            await asyncio.sleep_ms(20)
            print("still", name)
    except asyncio.CancelledError:
        print("cancelled", name)
        raise

async def waits_for(task):
    try:
        await task
    except asyncio.CancelledError:
        print("the awaited one was cancelled")

async def main():
    print(launch(lambda a: a + 1, (1,)))
    print(await launch(add, (1, 2)))
    print(await asyncio.gather(add(1, 1), add(2, 2)))
    results = await asyncio.gather(add(3, 3), fails(5), return_exceptions=True)
    print(results[0], results[1])
    try:
        await asyncio.gather(fails(5), add(4, 4))
    except ValueError as error:
        print("gather", error)
    await asyncio.sleep_ms(20)
    try:
        await asyncio.wait_for_ms(forever("limited"), 50)
    except asyncio.TimeoutError:
        print("too late")
    print(await asyncio.wait_for_ms(add(5, 5), 50))
    task = asyncio.create_task(forever("awaited"))
    waiters = [asyncio.create_task(waits_for(task)) for _ in range(2)]
    await asyncio.sleep_ms(30)
    waiters[0].cancel()
    await asyncio.sleep_ms(30)
    print(task.done(), waiters[0].done(), waiters[1].done())
    lock = asyncio.Lock()

    async def locked(n):
        async with lock:
            print("has the lock", n)
            await asyncio.sleep_ms(10)

    await asyncio.gather(*[locked(n) for n in range(3)])
    print(lock.locked())

asyncio.run(main())
