# Prints what an infrared remote control with NEC's protocol sends, whose receiver is on X3; key 162 switches the red LED. Runs until
# it is interrupted.
#
#     vpyboard run nec_ir.py --device ir_receiver:ir@X3 --at 1s:ir.command=162,300ms --for 3s

import asyncio
from array import array
from machine import Pin
from pyb import LED
from time import ticks_diff, ticks_us

LONGEST = 68  # edges of a code
BLOCK_MS = 80  # a code is over by then, and the next one has not begun


class Remote:
    """Takes the times of edges in an interrupt handler; a code is read when it is over."""

    def __init__(self, pin):
        self.times = array("i", range(LONGEST))
        self.count = 0
        self.began = asyncio.ThreadSafeFlag()
        self.take = self.edge
        pin.irq(self.take, Pin.IRQ_RISING | Pin.IRQ_FALLING, hard=True)

    def edge(self, pin):
        if self.count < LONGEST:
            self.times[self.count] = ticks_us()
            if self.count == 0:
                self.began.set()
            self.count += 1

    async def code(self):
        """The command and the address, or the word for what else came."""
        await self.began.wait()
        await asyncio.sleep_ms(BLOCK_MS)
        count, self.count = self.count, 0
        return self.decode(count)

    def decode(self, count):
        def length(edge):
            return ticks_diff(self.times[edge + 1], self.times[edge])

        if count < 4 or length(0) < 8000:
            return "timing"
        if length(1) < 3000:
            return "held"
        if count < LONGEST:
            return "timing"
        bits = [length(edge) > 1120 for edge in range(3, 66, 2)]
        numbers = [sum(bit << place for place, bit in enumerate(bits[first : first + 8])) for first in range(0, 32, 8)]
        if numbers[2] != numbers[3] ^ 0xFF:
            return "complement"
        is_short = numbers[0] == numbers[1] ^ 0xFF
        return numbers[2], numbers[0] if is_short else numbers[0] | numbers[1] << 8


async def main():
    led = LED(1)
    remote = Remote(Pin("X3", Pin.IN))
    while True:
        code = await remote.code()
        if isinstance(code, tuple):
            print("command", code[0], "address", code[1])
            if code[0] == 162:
                led.toggle()
        elif code == "held":
            print("held")
        else:
            print("not understood:", code)


asyncio.run(main())
