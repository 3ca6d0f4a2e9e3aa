# Tasks that wait until another one, in turn with them, tells of a change.

import asyncio


class Condition:
    def __init__(self, lock=None):
        self._lock = asyncio.Lock() if lock is None else lock
        self._waiting = []

    async def acquire(self):
        return await self._lock.acquire()

    def release(self):
        self._lock.release()

    def locked(self):
        return self._lock.locked()

    async def __await__(self):
        await self.acquire()
        return self

    __iter__ = __await__

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.release()

    def notify(self, n=1):
        if not self.locked():
            raise RuntimeError("notify without holding the lock")
        while self._waiting and n > 0:
            n -= 1
            # The latest first.
            self._waiting.pop().set()

    def notify_all(self):
        self.notify(len(self._waiting))

    async def wait(self):
        if not self.locked():
            raise RuntimeError("wait without holding the lock")
        notified = asyncio.Event()
        self._waiting.append(notified)
        self.release()
        await notified.wait()
        # As upstream's class, a task that is cancelled here goes on without the lock.
        return await self.acquire()

    async def wait_for(self, predicate):
        result = predicate()
        while not result:
            await self.wait()
            result = predicate()
        return result
