# A queue in a buffer of fixed size.

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

    def peek(self):
        if self.empty():
            raise IndexError
        return self._buffer[self._read]

    def get_nowait(self):
        if self.empty():
            raise IndexError
        item = self._buffer[self._read]
        self._read = self._after(self._read)
        self._drained.set()
        self._drained.clear()
        return item

    # A full queue takes it too, in place of the oldest, and says so afterwards.
    def put_nowait(self, v):
        self._buffer[self._write] = v
        self._filled.set()
        self._filled.clear()
        self._write = self._after(self._write)
        if self._write == self._read:
            self._read = self._after(self._read)
            raise IndexError

    async def put(self, val):
        while self.full():
            await self._drained.wait()
        self.put_nowait(val)

    async def get(self):
        while self.empty():
            await self._filled.wait()
        return self.get_nowait()

    def __aiter__(self):
        return self

    async def __anext__(self):
        return await self.get()
