# One task feeds another through a queue of four places, made of what asyncio has.
import asyncio


class Queue:
    def __init__(self, size):
        self.items = []
        self.size = size
        self.filled = asyncio.Event()
        self.emptied = asyncio.Event()

    async def put(self, item):
        while len(self.items) == self.size:
            self.emptied.clear()
            await self.emptied.wait()
        self.items.append(item)
        self.filled.set()

    async def get(self):
        while not self.items:
            self.filled.clear()
            await self.filled.wait()
        item = self.items.pop(0)
        self.emptied.set()
        return item


async def feed(queue, n):
    for i in range(n):
        await queue.put(i)


async def main(n):
    queue = Queue(4)
    task = asyncio.create_task(feed(queue, n))
    total = 0
    for _ in range(n):
        total += await queue.get()
    await task
    print(total)


asyncio.run(main(100000))
