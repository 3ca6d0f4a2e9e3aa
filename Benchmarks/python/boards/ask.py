# Sends lines on UART 4 and reads them back, without a pause.

import asyncio
from machine import UART


async def main():
    uart = UART(4, 115200, rxbuf=256)
    reader, writer = asyncio.StreamReader(uart), asyncio.StreamWriter(uart, {})
    while True:
        writer.write("a line of some thirty letters\n")
        await writer.drain()
        await reader.readline()


asyncio.run(main())
