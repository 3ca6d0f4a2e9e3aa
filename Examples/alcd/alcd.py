# Shows a countdown and the microseconds since the start on a display of letters (HD44780) on four data lines: RS at Y1, E at Y2, D4 to
# D7 at Y6, Y5, Y4, Y3. A task of the display's own writes what has changed.
#
#     vpyboard run alcd.py --device hd44780:lcd@Y1,Y2,Y6,Y5,Y4,Y3 --trace -

import asyncio
import time
from machine import Pin

PINS = ("Y1", "Y2", "Y6", "Y5", "Y4", "Y3")
INSTRUCTIONS = (0x28, 0x0C, 0x06, 0x01)  # four bits and two lines, on, to the right, cleared
LINES = (0x00, 0x40, 0x14, 0x54)


class Display:
    """Rows of text: a row that was set is written soon, letter by letter, while other tasks run."""

    def __init__(self, pins, columns, rows=2):
        self.select, self.enable, *self.data = (Pin(name, Pin.OUT, value=0) for name in pins)
        self.columns = columns
        self.lines = [""] * rows
        self.changed = [False] * rows
        for delay in (5000, 100, 50):  # whatever state it was in
            self.send_half(3, delay)
        self.send_half(2)
        for instruction in INSTRUCTIONS:
            self.send(instruction)
        time.sleep_ms(2)  # clearing takes 1.52 ms
        self.task = asyncio.create_task(self.show())

    def __setitem__(self, row, text):
        text = "{0:{1}.{1}}".format(text, self.columns)
        if text != self.lines[row]:
            self.lines[row], self.changed[row] = text, True

    async def show(self):
        while True:
            for row, is_changed in enumerate(self.changed):
                if is_changed:
                    self.changed[row] = False
                    self.send(0x80 | LINES[row])
                    for letter in self.lines[row]:
                        self.send(ord(letter), 1)
                        await asyncio.sleep_ms(0)
            await asyncio.sleep_ms(20)

    def send(self, byte, is_data=0):
        self.select(is_data)
        self.send_half(byte >> 4)
        self.send_half(byte & 15)

    def send_half(self, half, delay=50):
        for place, pin in enumerate(self.data):
            pin(half >> place & 1)
        self.enable(1)
        time.sleep_us(1)
        self.enable(0)
        time.sleep_us(delay)


async def main(seconds):
    display = Display(PINS, 16)
    for second in range(seconds, -1, -1):
        display[0] = "MicroPython {}".format(second)
        display[1] = "{:11d}uS".format(time.ticks_us())
        await asyncio.sleep(1)
    display.task.cancel()
    try:
        await display.task
    except asyncio.CancelledError:
        pass


asyncio.run(main(20))
