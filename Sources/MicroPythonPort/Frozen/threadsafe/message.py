# An event with a value, that interrupt handlers and threads may set.

import asyncio
from .threadsafe_event import ThreadSafeEvent


class Message(ThreadSafeEvent):
    def __init__(self):
        super().__init__()
        self._value = None

    def set(self, data=None):
        self._value = data
        asyncio.Event.set(self)
        self._flag.set()

    def value(self):
        return self._value

    async def wait(self):
        await super().wait()
        return self._value

    def __iter__(self):
        return (yield from self.wait())

    __await__ = __iter__

    def __aiter__(self):
        return self

    async def __anext__(self):
        return await self.wait()
