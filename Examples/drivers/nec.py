# Decodes NEC's infrared protocol from the edges of a receiver's output. Edges are timed by an interrupt; the callback is
# called with address and command, or with a negative command for what is wrong, when the last bit of a code has come.
#
#     nec = NEC(Pin("X3", Pin.IN), lambda command, address: print(command, address))

import micropython
from array import array
from time import ticks_us, ticks_diff

BIT_EDGES = const(2 + 32 * 2 + 1)  # leader, bits, and the fall after the last one
LONGEST_US = const(20000)

REPEAT = -1
BAD_START = -2
BAD_CODE = -3


class NEC:
    def __init__(self, pin, callback):
        self.callback = callback
        self.times = array("i", 0 for _ in range(BIT_EDGES + 1))
        self.count = 0
        self.address = 0
        self._decode_later = self.decode  # a bound method takes memory, which a handler may not
        pin.irq(self.edge, pin.IRQ_FALLING | pin.IRQ_RISING, hard=True)

    def edge(self, pin):
        now = ticks_us()
        count = self.count
        if count and ticks_diff(now, self.times[count - 1]) > LONGEST_US:
            count = 0  # the rest of something else
        if not count and pin():
            return  # a code begins with a fall
        self.times[count] = now
        count += 1
        if count == BIT_EDGES or (count == 4 and self.gap(1) < 3400):
            micropython.schedule(self._decode_later, count)
            count = 0
        self.count = count

    def gap(self, edge):
        return ticks_diff(self.times[edge + 1], self.times[edge])

    def decode(self, edges):
        if not 8000 < self.gap(0) < 10000:
            self.callback(BAD_START, 0)
        elif edges == 4:
            if 1800 < self.gap(1) < 2700:
                self.callback(REPEAT, self.address)
            else:
                self.callback(BAD_START, 0)
        else:
            word = 0
            for bit in range(32):
                if self.gap(3 + 2 * bit) > 1120:
                    word |= 1 << bit
            command = word >> 16 & 0xFF
            if command ^ 0xFF != word >> 24 & 0xFF:
                self.callback(BAD_CODE, 0)
                return
            low, high = word & 0xFF, word >> 8 & 0xFF
            self.address = low if low ^ 0xFF == high else low | high << 8
            self.callback(command, self.address)
