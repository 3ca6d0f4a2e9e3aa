# What some tasks put in, others take out, in the same order.
# "# line N" gives the next line the number that tracebacks show with the well-known package.

import asyncio


class QueueEmpty(Exception):
    pass


class QueueFull(Exception):
    pass


class Queue:
    def __init__(self, maxsize=0):
        self.maxsize = maxsize
        self._items = []
        self._filled = asyncio.Event()
        self._drained = asyncio.Event()
        self._unfinished = 0
        self._finished = asyncio.Event()
        self._finished.set()

    def _take(self):
        self._drained.set()
        self._drained.clear()
        return self._items.pop(0)

    async def get(self):
        while not self._items:
            # line 42
            await self._filled.wait()
        return self._take()

    def get_nowait(self):
        if not self._items:
            # line 48
            raise QueueEmpty
        return self._take()

    async def put(self, val):
        while self.full():
            # line 60
            await self._drained.wait()
        self._add(val)

    def put_nowait(self, val):
        if self.full():
            # line 66
            raise QueueFull
        self._add(val)

    def _add(self, item):
        self._count(1)
        self._filled.set()
        self._filled.clear()
        self._items.append(item)

    def _count(self, change):
        self._unfinished += change
        if self._unfinished > 0:
            self._finished.clear()
        else:
            self._finished.set()

    def task_done(self):
        self._count(-1)

    async def join(self):
        # line 91
        await self._finished.wait()

    def qsize(self):
        return len(self._items)

    def empty(self):
        return not self._items

    def full(self):
        return self.maxsize > 0 and len(self._items) >= self.maxsize
