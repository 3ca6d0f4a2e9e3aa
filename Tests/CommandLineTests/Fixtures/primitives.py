# As much of the tutorial's primitives as its scripts use.
import asyncio


class Semaphore:
    def __init__(self, value=1):
        self.free = value
        self.freed = asyncio.Event()

    async def __aenter__(self):
        while not self.free:
            self.freed.clear()
            await self.freed.wait()
        self.free -= 1

    async def __aexit__(self, *_):
        self.free += 1
        self.freed.set()


class Queue:
    def __init__(self):
        self.items = []
        self.filled = asyncio.Event()

    async def put(self, item):
        self.items.append(item)
        self.filled.set()

    async def get(self):
        while not self.items:
            self.filled.clear()
            await self.filled.wait()
        return self.items.pop(0)


class Barrier:
    def __init__(self, participants):
        self.participants = participants
        self.missing = participants
        self.gate = asyncio.Event()

    def __iter__(self):
        self.missing -= 1
        gate = self.gate
        if self.missing:
            yield from gate.wait()
        else:
            self.missing = self.participants
            self.gate = asyncio.Event()
            gate.set()
