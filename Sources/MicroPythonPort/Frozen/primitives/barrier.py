# A point that tasks pass together.

import asyncio
from . import launch


class Barrier:
    def __init__(self, participants, func=None, args=()):
        self._participants = participants
        self._missing = participants
        self._func = func
        self._args = args
        self._result = None
        self._passed = asyncio.Event()

    # Counts one more at the barrier; whether it was the last.
    def _arrive(self):
        self._missing -= 1
        if self._missing:
            return False
        self._missing = self._participants
        if self._func is not None:
            self._result = launch(self._func, self._args)
        self._passed.set()
        self._passed.clear()
        return True

    def __await__(self):
        if not self._arrive():
            yield from self._passed.wait()

    __iter__ = __await__

    def trigger(self):
        return self._arrive()

    def busy(self):
        return self._missing < self._participants

    def result(self):
        return self._result
