# A switch to ground whose contacts bounce.

import asyncio
from . import launch


class Switch:
    debounce_ms = 50

    def __init__(self, pin):
        self._pin = pin
        self._state = pin.value()
        self._open_func = False
        self._open_args = ()
        self._close_func = False
        self._close_args = ()
        self._task = asyncio.create_task(self._watch())

    def open_func(self, func, args=()):
        if func is None:
            self.open = asyncio.Event()
            func = self.open.set
        self._open_func = func
        self._open_args = args

    def close_func(self, func, args=()):
        if func is None:
            self.close = asyncio.Event()
            func = self.close.set
        self._close_func = func
        self._close_args = args

    # 0 when closed.
    def __call__(self):
        return self._state

    async def _watch(self):
        while True:
            state = self._pin.value()
            if state != self._state:
                self._state = state
                if state == 0 and self._close_func:
                    launch(self._close_func, self._close_args)
                elif state == 1 and self._open_func:
                    launch(self._open_func, self._open_args)
            # Contacts do not bounce for longer.
            await asyncio.sleep_ms(self.debounce_ms)

    def deinit(self):
        self._task.cancel()
