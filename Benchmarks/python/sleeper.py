# Sleeps through a day of board time, waking once a second.
import asyncio


async def main():
    for _ in range(24 * 60 * 60):
        await asyncio.sleep(1)


asyncio.run(main())
