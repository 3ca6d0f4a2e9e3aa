# An analogue input that tasks wait for.

import asyncio
import io
from micropython import const

_POLL = const(3)
_READABLE = const(1)
_ERROR = const(-1)


class AADC(io.IOBase):
    def __init__(self, adc):
        self._adc = adc
        self._lower = 0
        self._upper = 65535
        self._is_outside_wanted = True
        self._last = None
        self._reader = asyncio.StreamReader(self)

    # The stream asks: is the input where the task waits for it?
    def ioctl(self, request, argument):
        if request != _POLL:
            return _ERROR
        ready = 0
        if argument & _READABLE:
            is_inside = self._lower <= self.read_u16() <= self._upper
            if is_inside != self._is_outside_wanted:
                ready = _READABLE
        return ready

    # What the stream reads is the value itself.
    def read(self, n):
        return self._last

    def read_u16(self, last=False):
        if not last:
            self._last = self._adc.read_u16()
        return self._last

    def sense(self, normal):
        self._is_outside_wanted = normal

    def __call__(self, *args):
        if len(args) == 1:
            value = self.read_u16()
            self._lower = value - args[0]
            self._upper = value + args[0]
        elif len(args) == 2:
            self._lower, self._upper = args
        return self

    def __iter__(self):
        return self._reader.read(1)

    __await__ = __iter__
