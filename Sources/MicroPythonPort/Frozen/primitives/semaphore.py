# A limit to how many tasks use something at a time. Every release wakes all that wait; the first to run has it, one that
# asks only now before those that wake.
# "# line N" gives the next line the number that tracebacks show with the well-known package.

import asyncio


class Semaphore:
    def __init__(self, value=1):
        self._free = value
        self._released = asyncio.Event()

    async def __aenter__(self):
        # line 16
        await self.acquire()
        return self

    async def __aexit__(self, *args):
        self.release()
        await asyncio.sleep(0)

    async def acquire(self):
        self._released.clear()
        while self._free == 0:
            # line 26
            await self._released.wait()
            self._released.clear()
            await asyncio.sleep(0)
        self._free -= 1

    def release(self):
        self._released.set()
        self._free += 1


class BoundedSemaphore(Semaphore):
    def __init__(self, value=1):
        super().__init__(value)
        self._initial = value

    def release(self):
        if self._free >= self._initial:
            # line 46
            raise ValueError("Semaphore released more than acquired")
        super().release()
