# An event that interrupt handlers and threads may set.

import asyncio


class ThreadSafeEvent(asyncio.Event):
    def __init__(self):
        super().__init__()
        self._flag = asyncio.ThreadSafeFlag()
        # Only one task may wait for the flag: the first that comes, on behalf of all others.
        self._has_leader = False

    def set(self):
        self._flag.set()

    async def _follow_flag(self):
        await self._flag.wait()
        # Not super().set(), which would be a subclass's own.
        asyncio.Event.set(self)
        self._has_leader = False

    async def wait(self):
        if self._has_leader:
            await super().wait()
            return
        self._has_leader = True
        try:
            await asyncio.sleep_ms(0)
            await self._follow_flag()
        except asyncio.CancelledError:
            asyncio.create_task(self._follow_flag())
            raise
