import asyncio
from primitives import Queue
from primitives.queue import QueueEmpty, QueueFull

async def producer(n, queue):
    for item in range(3):
        await queue.put((n, item))
        print("put", n, item)

async def consumer(name, queue):
    while True:
        n, item = await queue.get()
        print(name, "got", n, item)
        await asyncio.sleep_ms(10)
        queue.task_done()

async def main():
    queue = Queue(2)
    await queue.join()
    print("nothing to join")
    try:
        queue.get_nowait()
    except QueueEmpty:
        print("empty", queue.empty())
    consumers = [asyncio.create_task(consumer(name, queue)) for name in "ab"]
    await asyncio.sleep_ms(0)
    producers = [asyncio.create_task(producer(n, queue)) for n in range(3)]
    await asyncio.gather(*producers)
    print("all put", queue.qsize())
    await queue.join()
    print("all done", queue.qsize())
    for task in consumers:
        task.cancel()
    await asyncio.sleep_ms(0)
    queue.put_nowait(1)
    queue.put_nowait(2)
    try:
        queue.put_nowait(3)
    except QueueFull:
        print("full", queue.full(), queue.qsize())
    print(queue.get_nowait(), await queue.get())
    late = asyncio.create_task(queue.get())
    await asyncio.sleep_ms(0)
    late.cancel()
    await asyncio.sleep_ms(0)
    await queue.put(4)
    print(queue.qsize(), await queue.get())

asyncio.run(main())
