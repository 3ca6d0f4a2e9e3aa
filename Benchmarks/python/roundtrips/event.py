# Two tasks wake each other through events.
import asyncio


async def answer(n, ping, pong):
    for _ in range(n):
        await ping.wait()
        ping.clear()
        pong.set()


async def main(n):
    ping, pong = asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(answer(n, ping, pong))
    for _ in range(n):
        ping.set()
        await pong.wait()
        pong.clear()
    await task


asyncio.run(main(50000))
