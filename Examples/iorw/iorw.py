# A device that firmware brings itself: it takes one character at a time and gives one at a time, and two timers play the
# hardware that makes it ready. asyncio asks it through `ioctl`. Runs until it is interrupted.
#
#     vpyboard run iorw.py --for 10s

import asyncio
import io
import micropython
import pyb

micropython.alloc_emergency_exception_buf(100)

# What asyncio asks a stream, and what it may answer.
POLL = const(3)
READABLE = const(1)
WRITABLE = const(4)
ERROR = const(-1)

INPUT = b"ready\n"


class SlowDevice(io.IOBase):
    def __init__(self):
        self.input_ready = False
        self.position = 0
        self.pending = None  # the character that is being written
        self.line = bytearray(100)
        self.length = 0
        self.finished = 0  # how long the line is that waits to be printed
        self.show = self.print_line  # a bound method takes heap, which a handler may not
        self.input_timer = pyb.Timer(4, freq=5, callback=self.make_readable)
        self.output_timer = pyb.Timer(5, freq=10, callback=self.make_writable)

    # Both run as interrupt handlers.
    def make_readable(self, _):
        self.input_ready = True

    def make_writable(self, _):
        character = self.pending
        if character is None:
            return
        self.pending = None
        self.line[self.length] = character
        self.length += 1
        if character == 10:
            self.finished = self.length
            self.length = 0
            micropython.schedule(self.show, 0)

    def print_line(self, _):
        print(bytes(self.line[: self.finished]).decode(), end="")

    def ioctl(self, request, mask):
        if request != POLL:
            return ERROR
        ready = 0
        if mask & READABLE and self.input_ready:
            ready |= READABLE
        if mask & WRITABLE and self.pending is None:
            ready |= WRITABLE
        return ready

    def readline(self):
        self.input_ready = False
        character = INPUT[self.position : self.position + 1]
        self.position = (self.position + 1) % len(INPUT)
        return character

    def write(self, data, offset=0, size=0):
        self.pending = data[offset]
        return 1  # asyncio comes back with the rest when the device is ready again


async def receive(device):
    reader = asyncio.StreamReader(device)
    while True:
        print("Received", await reader.readline())


async def send(device):
    writer = asyncio.StreamWriter(device, {})
    await asyncio.sleep(5)
    count = 0
    while True:
        count += 1
        writer.write("Wrote Hello MyIO {}\n".format(count).encode())
        await writer.drain()
        await asyncio.sleep(2)


async def main():
    device = SlowDevice()
    await asyncio.gather(receive(device), send(device))


try:
    asyncio.run(main())
finally:
    asyncio.new_event_loop()
