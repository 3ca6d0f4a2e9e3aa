# A knob whose two contacts tell which way it turns.

import asyncio
from machine import Pin


class Encoder:
    def __init__(
        self, pin_x, pin_y, v=0, div=1, vmin=None, vmax=None, mod=None, callback=lambda a, b: None, args=(), delay=100
    ):
        if (vmin is not None and v < vmin) or (vmax is not None and v > vmax):
            raise ValueError("Incompatible args: must have vmin <= v <= vmax")
        self._pin_x = pin_x
        self._pin_y = pin_y
        self._x = pin_x()
        self._y = pin_y()
        # Edges, counted in interrupt handlers.
        self._start = self._count = v * div
        self._value = v
        self._div = div
        self._vmin = vmin
        self._vmax = vmax
        self._mod = mod
        self._callback = callback
        self._args = args
        self._delay = delay
        self._moved = asyncio.ThreadSafeFlag()
        self._changed = asyncio.Event()
        edges = Pin.IRQ_RISING | Pin.IRQ_FALLING
        try:
            pin_x.irq(trigger=edges, handler=self._x_edge, hard=True)
            pin_y.irq(trigger=edges, handler=self._y_edge, hard=True)
        except TypeError:
            # Not every board has hard handlers.
            pin_x.irq(trigger=edges, handler=self._x_edge)
            pin_y.irq(trigger=edges, handler=self._y_edge)
        self._task = asyncio.create_task(self._follow())

    def _x_edge(self, pin):
        x = pin()
        if x != self._x:
            self._x = x
            self._count += 1 if x ^ self._pin_y() else -1
            self._moved.set()

    def _y_edge(self, pin):
        y = pin()
        if y != self._y:
            self._y = y
            self._count -= 1 if y ^ self._pin_x() else -1
            self._moved.set()

    async def _follow(self):
        counted = round(self._start / self._div)
        edges = self._count
        while True:
            # What moved so far is in the count.
            self._moved.clear()
            await self._moved.wait()
            await asyncio.sleep_ms(self._delay)
            if self._count == edges:
                continue
            edges = self._count
            before, counted = counted, round(edges / self._div)
            if counted == before:
                continue
            value = self._value + counted - before
            if self._vmin is not None:
                value = max(value, self._vmin)
            if self._vmax is not None:
                value = min(value, self._vmax)
            if self._mod is not None:
                value %= self._mod
            change = value - self._value
            if change:
                self._value = value
                self._callback(value, change, *self._args)
                self._changed.set()

    def value(self):
        return self._value

    def __aiter__(self):
        return self

    async def __anext__(self):
        await self._changed.wait()
        self._changed.clear()
        return self._value
