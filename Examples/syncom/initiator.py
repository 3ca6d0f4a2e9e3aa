# Sends words to the other board and prints its answers. See passive.py.

import asyncio
from link import Link


async def main():
    link = Link(True, "Y5", "Y6", "Y7", "Y8")
    await asyncio.sleep_ms(50)  # the other board has to be there
    task = asyncio.create_task(link.run())
    for word in ("one", "two", "three"):
        link.send(word)
        print("received", await link.receive())
    task.cancel()


asyncio.run(main())
