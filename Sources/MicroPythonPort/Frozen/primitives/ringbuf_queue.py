# A queue in a buffer of fixed size. put_nowait overwrites the oldest item of a full one, and says so afterwards.
# "# line N" gives the next line the number that tracebacks show with the well-known package.

import asyncio


class RingbufQueue:
    def __init__(self, buf):
        self._buffer = [0] * buf if isinstance(buf, int) else buf
        self._capacity = len(self._buffer)
        self._write = 0
        self._read = 0
        self._filled = asyncio.Event()
        self._drained = asyncio.Event()

    def _after(self, index):
        return (index + 1) % self._capacity

    def full(self):
        return self._after(self._write) == self._read

    def empty(self):
        return self._read == self._write

    def qsize(self):
        return (self._write - self._read) % self._capacity

    def get_nowait(self):
        if self.empty():
            # line 37
            raise IndexError
        item = self._buffer[self._read]
        self._read = self._after(self._read)
        self._drained.set()
        self._drained.clear()
        return item

    def peek(self):
        if self.empty():
            # line 47
            raise IndexError
        return self._buffer[self._read]

    def put_nowait(self, v):
        self._buffer[self._write] = v
        self._write = self._after(self._write)
        self._filled.set()
        self._filled.clear()
        if self.empty():
            self._read = self._after(self._read)
            # line 57
            raise IndexError

    async def put(self, val):
        while self.full():
            # line 61
            await self._drained.wait()
        self.put_nowait(val)

    def __aiter__(self):
        return self

    async def __anext__(self):
        # line 69
        return await self.get()

    async def get(self):
        while self.empty():
            # line 73
            await self._filled.wait()
        return self.get_nowait()
