# Sends back each line that it reads on UART 4.

import asyncio
from machine import UART


async def main():
    uart = UART(4, 115200, rxbuf=256)
    reader, writer = asyncio.StreamReader(uart), asyncio.StreamWriter(uart, {})
    while True:
        writer.write(await reader.readline())
        await writer.drain()


asyncio.run(main())
