# Asks the board at the other end of UART 4 how often its switch was pressed, every half second, and ends when it has been twice.

import asyncio
from machine import UART


async def main():
    uart = UART(4, 115200)
    reader, writer = asyncio.StreamReader(uart), asyncio.StreamWriter(uart, {})
    count = 0
    while count < 2:
        await asyncio.sleep_ms(500)
        writer.write("count?\n")
        await writer.drain()
        count = int(await asyncio.wait_for_ms(reader.readline(), 100))
        print("pressed", count, "times")
    writer.write("bye\n")
    await writer.drain()
    await asyncio.sleep_ms(1)  # the last bits are still on their way


asyncio.run(main())
