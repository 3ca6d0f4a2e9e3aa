# A half-duplex line as modems with AT commands use it: the master on UART 2 sends a command, the device on UART 4
# answers with some lines, and a pause of four seconds tells the master that no more will come.
#
#     vpyboard run auart_hd.py --wire X1-X4 --wire X2-X3

import asyncio
from time import ticks_ms, ticks_add, ticks_diff
from pyb import UART

ANSWER = ("Line 1", "Line 2", "Line 3", "Goodbye")
PAUSE_MS = 4000


class Line:
    """One end of a serial line that carries lines of text."""

    def __init__(self, uart_number):
        uart = UART(uart_number, 9600)
        self.reader = asyncio.StreamReader(uart)
        self.writer = asyncio.StreamWriter(uart, {})

    async def send(self, text):
        self.writer.write(text + "\r\n")
        await self.writer.drain()

    async def receive(self):
        return await self.reader.readline()


async def device(line):
    """Answers whatever it is sent."""
    while True:
        await line.receive()
        for text in ANSWER:
            await line.send(text)
            await asyncio.sleep_ms(300)  # it takes its time


class Master:
    def __init__(self, line):
        self.line = line
        self.answer = []
        self.deadline = ticks_ms()
        self.task = asyncio.create_task(self.listen())

    def extend_deadline(self):
        self.deadline = ticks_add(ticks_ms(), PAUSE_MS)

    async def listen(self):
        while True:
            self.answer.append(await self.line.receive())
            self.extend_deadline()

    async def command(self, text):
        """Sends a command, or nothing for None, and returns the lines of the answer."""
        self.answer = []
        if text is None:
            print("Timeout test.")
        else:
            await self.line.send(text)
            print("Command sent:", text)
        self.extend_deadline()
        while ticks_diff(self.deadline, ticks_ms()) > 0:
            await asyncio.sleep_ms(100)
        return self.answer


async def main():
    print("This test takes 10s to complete.")
    answering = asyncio.create_task(device(Line(4)))
    master = Master(Line(2))
    for command in ("Run", None):
        print()
        answer = await master.command(command)
        if answer:
            print("Result is:")
            for line in answer:
                print(line.decode().rstrip())
        else:
            print("Timed out waiting for result.")
    answering.cancel()


def demo():
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        print("Interrupted")
    finally:
        asyncio.new_event_loop()
        print("auart_hd.demo() to run again.")


demo()
