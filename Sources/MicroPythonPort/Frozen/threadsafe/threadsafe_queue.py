# A queue between tasks and one other context: a thread or an interrupt handler.
# "# line N" gives the next line the number that tracebacks show with the well-known package.

import asyncio
from time import sleep_ms


class ThreadSafeQueue:
    def __init__(self, buf):
        self._buffer = [0] * buf if isinstance(buf, int) else buf
        self._capacity = len(self._buffer)
        # Each side moves an index of its own.
        self._write = 0
        self._read = 0
        self._filled = asyncio.ThreadSafeFlag()
        self._drained = asyncio.ThreadSafeFlag()

    def full(self):
        return (self._write + 1) % self._capacity == self._read

    def empty(self):
        return self._read == self._write

    def qsize(self):
        return (self._write - self._read) % self._capacity

    def get_sync(self, block=False):
        if not block and self.empty():
            # line 32
            raise IndexError
        while self.empty():
            # Lets the tasks' thread run.
            sleep_ms(1)
        item = self._buffer[self._read]
        self._read = (self._read + 1) % self._capacity
        self._drained.set()
        return item

    def put_sync(self, v, block=False):
        if not block and self.full():
            # line 44
            raise IndexError
        while self.full():
            sleep_ms(1)
        self._buffer[self._write] = v
        self._write = (self._write + 1) % self._capacity
        self._filled.set()

    async def put(self, val):
        while self.full():
            await self._drained.wait()
        self.put_sync(val)

    async def get(self):
        while self.empty():
            # line 62
            await self._filled.wait()
        return self.get_sync()

    def __aiter__(self):
        return self

    async def __anext__(self):
        return await self.get()
