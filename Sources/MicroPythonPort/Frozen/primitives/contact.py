# What Pushbutton and EButton have in common: whether a contact is closed, once it has stopped bouncing.

import asyncio


class Contact:
    debounce_ms = 50

    # read gives the pin's level; sense is the level while the contact is open, by default what it is now.
    def __init__(self, read, sense):
        self._read = read
        self._open_level = read() if sense is None else sense
        self._is_pressed = self.rawstate()

    def rawstate(self):
        return bool(self._read() ^ self._open_level)

    def __call__(self):
        return self._is_pressed

    async def _watch(self):
        while True:
            state = self.rawstate()
            if state != self._is_pressed:
                self._is_pressed = state
                if state:
                    self._pressed()
                else:
                    self._released()
            # Contacts do not bounce for longer.
            await asyncio.sleep_ms(self.debounce_ms)
