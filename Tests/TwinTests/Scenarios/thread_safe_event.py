import asyncio
from threadsafe import ThreadSafeEvent, ThreadSafeQueue

async def waiter(n, event):
    try:
        await event.wait()
        print("waiter", n)
    except asyncio.CancelledError:
        print("cancelled", n)
        raise

async def consumer(queue):
    async for item in queue:
        print("got", item)

async def main():
    event = ThreadSafeEvent()
    for turn in range(2):
        tasks = [asyncio.create_task(waiter(n, event)) for n in range(4)]
        await asyncio.sleep_ms(10)
        tasks[turn].cancel()
        await asyncio.sleep_ms(10)
        event.set()
        print("set", event.is_set())
        await asyncio.gather(*tasks, return_exceptions=True)
        print("all", event.is_set())
        event.clear()
    queue = ThreadSafeQueue(4)
    try:
        queue.get_sync()
    except IndexError:
        print("empty", queue.empty())
    for item in range(3):
        queue.put_sync(item)
    print(queue.full(), queue.qsize(), queue.get_sync())
    asyncio.create_task(consumer(queue))
    for item in range(3, 9):
        await queue.put(item)
        print("put", item)
    await asyncio.sleep_ms(10)
    print(queue.qsize())

asyncio.run(main())
