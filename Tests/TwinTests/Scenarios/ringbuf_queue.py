import asyncio
from primitives import RingbufQueue

async def producer(n, queue):
    for item in range(4):
        await queue.put((n, item))
        print("put", n, item)

async def main():
    queue = RingbufQueue(4)
    try:
        queue.get_nowait()
    except IndexError:
        print("empty", queue.empty())
    for item in range(5):
        try:
            queue.put_nowait(item)
        except IndexError:
            print("dropped the oldest at", item)
    print(queue.qsize(), queue.full(), queue.peek())
    while not queue.empty():
        print(queue.get_nowait())
    for n in range(2):
        asyncio.create_task(producer(n, queue))
    count = 0
    async for n, item in queue:
        print("got", n, item)
        count += 1
        if count == 8:
            break
        await asyncio.sleep_ms(10)
    print(queue.qsize())

asyncio.run(main())
