# A pushbutton: presses, releases, long presses, double clicks.

import asyncio
from . import launch
from .contact import Contact
from .delay_ms import Delay_ms


class Pushbutton(Contact):
    long_press_ms = 1000
    double_click_ms = 400

    def __init__(self, pin, suppress=False, sense=None):
        super().__init__(pin.value, sense)
        self._suppresses = suppress
        self._press_func = self._release_func = self._double_func = False
        self._press_args = self._release_args = self._double_args = ()
        # The two timers exist while there is something to call.
        self._long_timer = None
        self._double_timer = None
        # Whether a release waits for the end of the double click's time.
        self._is_release_open = False
        self._was_double = False
        self._task = asyncio.create_task(self._watch())

    def press_func(self, func=False, args=()):
        if func is None:
            self.press = asyncio.Event()
            func = self.press.set
        self._press_func = func
        self._press_args = args

    def release_func(self, func=False, args=()):
        if func is None:
            self.release = asyncio.Event()
            func = self.release.set
        self._release_func = func
        self._release_args = args

    def double_func(self, func=False, args=()):
        if func is None:
            self.double = asyncio.Event()
            func = self.double.set
        self._double_func = func
        self._double_args = args
        if func and self._double_timer is None:
            self._double_timer = Delay_ms(self._double_time_over)

    def long_func(self, func=False, args=()):
        if func is None:
            self.long = asyncio.Event()
            func = self.long.set
        if not func:
            self._long_timer = None
        elif self._long_timer is None:
            self._long_timer = Delay_ms(func, args)
        else:
            self._long_timer.callback(func, args)

    def _pressed(self):
        if self._press_func:
            launch(self._press_func, self._press_args)
        if self._double_func and self._double_timer():
            # The second press of a double click never becomes a long one.
            self._double_timer.stop()
            self._is_release_open = False
            self._was_double = True
            launch(self._double_func, self._double_args)
        else:
            if self._double_func:
                self._double_timer.trigger(self.double_click_ms)
                self._is_release_open = True
            if self._long_timer is not None:
                self._long_timer.trigger(self.long_press_ms)

    def _released(self):
        if self._release_func:
            if not self._suppresses:
                launch(self._release_func, self._release_args)
            elif not self._was_double and not self._is_release_open and not self._was_long():
                launch(self._release_func, self._release_args)
        if self._long_timer is not None:
            self._long_timer.stop()
        self._was_double = False

    def _was_long(self):
        return self._long_timer is not None and not self._long_timer()

    def _double_time_over(self):
        self._is_release_open = False
        if self._suppresses and self._release_func and not self._is_pressed:
            launch(self._release_func, self._release_args)

    def deinit(self):
        self._task.cancel()
