# Answers what the other board sends with the length of it. See initiator.py.

import asyncio
from link import Link


async def main():
    link = Link(False, "Y5", "Y6", "Y7", "Y8")
    task = asyncio.create_task(link.run())
    for _ in range(3):
        message = await link.receive()
        print("received", message)
        link.send("%s has %d letters" % (message, len(message)))
    await asyncio.sleep_ms(200)  # so that the last answer reaches the other end
    task.cancel()


asyncio.run(main())
