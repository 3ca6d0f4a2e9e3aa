# Counts how often the USR switch is pressed, and tells whoever asks on UART 4.

import asyncio
import pyb
from machine import UART

count = 0


async def watch(switch):
    global count
    was_pressed = False
    while True:
        await asyncio.sleep_ms(20)
        is_pressed = switch.value()
        if is_pressed and not was_pressed:
            count += 1
            print("count", count)
        was_pressed = is_pressed


async def main():
    asyncio.create_task(watch(pyb.Switch()))
    uart = UART(4, 115200)
    reader, writer = asyncio.StreamReader(uart), asyncio.StreamWriter(uart, {})
    while True:
        request = await reader.readline()
        if request == b"bye\n":
            break
        if request == b"count?\n":
            writer.write("%d\n" % count)
            await writer.drain()


asyncio.run(main())
