# Objects with wait() that are made of other such objects, of tasks, of switches.

import asyncio
from .contact import Contact
from .delay_ms import Delay_ms


# What WaitAny and WaitAll have in common: a task for each object.
class _Group:
    def __init__(self, events):
        self.events = events

    def clear(self):
        for each in self.events:
            if hasattr(each, "clear"):
                each.clear()


class WaitAny(_Group):
    def __init__(self, events):
        super().__init__(events)
        self._any = asyncio.Event()
        self._first = None

    async def _watch(self, each):
        await each.wait()
        self._any.set()
        self._first = each

    async def wait(self):
        tasks = [asyncio.create_task(self._watch(each)) for each in self.events]
        try:
            await self._any.wait()
        finally:
            self._any.clear()
            for task in tasks:
                task.cancel()
        return self._first

    def event(self):
        return self._first


class WaitAll(_Group):
    async def wait(self):
        tasks = [asyncio.create_task(each.wait()) for each in self.events]
        try:
            await asyncio.gather(*tasks)
        except asyncio.CancelledError:
            for task in tasks:
                task.cancel()
            raise


# A task as an event: its end.
class ELO:
    def __init__(self, coro, *args, **kwargs):
        self._task = coro if isinstance(coro, asyncio.Task) else asyncio.create_task(coro(*args, **kwargs))

    def __call__(self):
        return self._task

    async def wait(self):
        try:
            await self._task
        except asyncio.CancelledError as cancellation:
            self._task = cancellation


# A switch with events for its closing and opening.
class ESwitch:
    debounce_ms = 50

    # lopen: the level while it is open.
    def __init__(self, pin, lopen=1):
        self._pin = pin
        self._open_level = lopen
        self._state = pin() ^ lopen
        self.close = asyncio.Event()
        self.open = asyncio.Event()
        self._task = asyncio.create_task(self._watch())

    def __call__(self):
        return self._state

    async def _watch(self):
        while True:
            state = self._pin() ^ self._open_level
            if state != self._state:
                self._state = state
                (self.close if state else self.open).set()
            await asyncio.sleep_ms(self.debounce_ms)

    def deinit(self):
        self._task.cancel()
        self.close.clear()
        self.open.clear()


# A pushbutton with events.
class EButton(Contact):
    long_press_ms = 1000
    double_click_ms = 400

    def __init__(self, pin, suppress=False, sense=None):
        super().__init__(pin, sense)
        self._suppresses = suppress
        self.press = asyncio.Event()
        self.release = asyncio.Event()
        self.double = asyncio.Event()
        self.long = asyncio.Event()
        self._long_timer = Delay_ms(duration=self.long_press_ms)
        self._double_timer = Delay_ms(duration=self.double_click_ms)
        self._tasks = [
            asyncio.create_task(coro) for coro in (self._watch(), self._watch_long(), self._watch_short())
        ]

    def _pressed(self):
        if not self._suppresses:
            self.press.set()
        if self._double_timer():
            self._double_timer.stop()
            self.double.set()
        else:
            self._double_timer.trigger()
            self._long_timer.trigger()

    def _released(self):
        self._long_timer.stop()
        # Whether it was a short press shows when the time for a double click is over.
        if not (self._suppresses and self._double_timer()):
            self.release.set()

    async def _watch_long(self):
        while True:
            await self._long_timer.wait()
            self._long_timer.clear()
            self.long.set()

    async def _watch_short(self):
        while True:
            await self._double_timer.wait()
            self._double_timer.clear()
            if self._suppresses and not self._is_pressed:
                self.press.set()
                self.release.set()

    def deinit(self):
        for task in self._tasks:
            task.cancel()
        self._long_timer.deinit()
        self._double_timer.deinit()
        for event in (self.press, self.release, self.double, self.long):
            event.clear()
