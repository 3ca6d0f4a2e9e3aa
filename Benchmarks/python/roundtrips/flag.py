# Two tasks wake each other through flags as interrupt handlers set them. CPython has none; the unix port asks after
# objects that are no files once a millisecond only.
import asyncio


async def answer(n, ping, pong):
    for _ in range(n):
        await ping.wait()
        pong.set()


async def main(n):
    ping, pong = asyncio.ThreadSafeFlag(), asyncio.ThreadSafeFlag()
    task = asyncio.create_task(answer(n, ping, pong))
    for _ in range(n):
        ping.set()
        await pong.wait()
    await task


asyncio.run(main(1000))
