# A limit to how many tasks use something at a time.

import asyncio


class Semaphore:
    def __init__(self, value=1):
        self._free = value
        self._released = asyncio.Event()

    # Every release wakes all that wait; the first of them to run has it.
    async def acquire(self):
        self._released.clear()
        while self._free == 0:
            await self._released.wait()
            self._released.clear()
            # Who asks while these wake comes before them.
            await asyncio.sleep(0)
        self._free -= 1

    def release(self):
        self._released.set()
        self._free += 1

    async def __aenter__(self):
        await self.acquire()
        return self

    async def __aexit__(self, *args):
        self.release()
        # Those that wait have their turn first.
        await asyncio.sleep(0)


class BoundedSemaphore(Semaphore):
    def __init__(self, value=1):
        super().__init__(value)
        self._initial = value

    def release(self):
        if self._free >= self._initial:
            raise ValueError("released more often than acquired")
        super().release()
