# A point that tasks pass together.
# "# line N" gives the next line the number that tracebacks show with the well-known package.

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

    def __await__(self):
        # line 27
        if not self.trigger():
            # line 29
            yield from self._passed.wait()

    __iter__ = __await__

    # Counts one more at the barrier; whether it was the last.
    def trigger(self):
        self._missing -= 1
        if self._missing:
            return False
        self._missing = self._participants
        if self._func is not None:
            # line 44
            self._result = launch(self._func, self._args)
        self._passed.set()
        self._passed.clear()
        return True

    def busy(self):
        return self._missing < self._participants

    def result(self):
        return self._result
