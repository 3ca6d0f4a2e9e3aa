# One end of a link over four wires: a clock and a line of data each way. Whoever sees the other's clock change reads a bit, puts its own next
# one out and changes its own clock. Bytes have eight bits, the lowest first; a message ends with a zero.

import asyncio
from machine import Pin


class Link:
    def __init__(self, first, data_out, clock_out, data_in, clock_in):
        self.data_out = Pin(data_out, Pin.OUT, value=0)
        self.clock_out = Pin(clock_out, Pin.OUT, value=0)
        self.data_in = Pin(data_in, Pin.IN, Pin.PULL_DOWN)
        self.clock_in = Pin(clock_in, Pin.IN, Pin.PULL_DOWN)
        self.first = first  # whether it changes its clock first
        self.level = 0
        self.queue = bytearray()
        self.heard = bytearray()
        self.messages = []
        self.arrived = asyncio.Event()

    def send(self, text):
        self.queue.extend(text.encode() + b"\0")

    async def receive(self):
        while not self.messages:
            self.arrived.clear()
            await self.arrived.wait()
        return self.messages.pop(0)

    async def run(self):
        while True:
            out = 0  # while there is no message
            if self.queue:
                out = self.queue[0]
                self.queue = self.queue[1:]
            byte = await self.exchange(out)
            if byte:
                self.heard.append(byte)
            elif self.heard:
                self.messages.append(self.heard.decode())
                self.heard = bytearray()
                self.arrived.set()

    async def exchange(self, byte):
        result = 0
        for bit in range(8):
            if self.first:
                self.put(byte >> bit & 1)
            while self.clock_in.value() == (self.level ^ self.first):
                await asyncio.sleep_ms(0)
            result |= self.data_in.value() << bit
            if not self.first:
                self.put(byte >> bit & 1)
        return result

    def put(self, bit):
        self.data_out.value(bit)
        self.level ^= 1
        self.clock_out.value(self.level)
