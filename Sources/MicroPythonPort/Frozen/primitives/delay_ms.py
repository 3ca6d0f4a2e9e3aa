# A delay that can be started over before it ends.
# "# line N" gives the next line the number that tracebacks show with the well-known package.

import asyncio
from time import ticks_add, ticks_diff, ticks_ms
from . import launch


class Delay_ms:
    # can_alloc has no meaning any more.
    def __init__(self, func=None, args=(), duration=1000, *, can_alloc=True):
        self._func = func
        self._args = args
        self._duration = duration
        self._end = None
        self._result = None
        self._is_running = False
        self._event = asyncio.Event()
        self.clear = self._event.clear
        self.set = self._event.set
        self.wait = self._event.wait
        # trigger() may be called in an interrupt handler: a task of its own does the rest.
        self._triggered = asyncio.ThreadSafeFlag()
        self._timer = None
        self._starter = asyncio.create_task(self._start())

    async def _start(self):
        while True:
            await self._triggered.wait()
            # A trigger and a stop in close succession: the trigger counts.
            await asyncio.sleep_ms(0)
            self._drop_timer()
            self._timer = asyncio.create_task(self._count())

    async def _count(self):
        await asyncio.sleep_ms(max(0, ticks_diff(self._end, ticks_ms())))
        # Nothing can be cancelled any more, least of all by the callback.
        self._timer = None
        self._is_running = False
        self._event.set()
        if self._func is not None:
            self._result = launch(self._func, self._args)

    def _drop_timer(self):
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def trigger(self, duration=0):
        if self._starter is None:
            # line 54
            raise RuntimeError("Delay_ms.deinit() has run.")
        self._end = ticks_add(ticks_ms(), duration if duration > 0 else self._duration)
        self._result = None
        self._is_running = True
        self._triggered.set()

    def stop(self):
        self._drop_timer()
        self._is_running = False
        self._event.clear()

    def running(self):
        return self._is_running

    __call__ = running

    def rvalue(self):
        return self._result

    def callback(self, func=None, args=()):
        self._func = func
        self._args = args

    def deinit(self):
        if self._starter is not None:
            self.stop()
            self._starter.cancel()
            self._starter = None
