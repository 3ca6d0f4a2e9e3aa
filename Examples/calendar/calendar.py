# Says each quarter of an hour what time it is, and rings at one o'clock. Ends at half past one.

import asyncio
from time import gmtime, time

DAY = 86400


def following(now, hours, minutes):
    """The first time after now whose hour and minute are among these."""
    today = now - now % DAY
    times = [hour * 3600 + minute * 60 for hour in hours for minute in minutes]
    return min(today + day + each for day in (0, DAY) for each in times if today + day + each > now)


async def at(hours, minutes):
    """Waits for such a time, by steps, because the clock may be set meanwhile."""
    end = following(time(), hours, minutes)
    while time() < end:
        await asyncio.sleep(min(end - time(), 60))
    return gmtime(end)


async def ring():
    while True:
        await at([1], [0])
        print("ring")


async def main():
    task = asyncio.create_task(ring())
    while True:
        year, month, day, hour, minute, second = (await at(range(24), range(0, 60, 15)))[:6]
        print("{}-{:02}-{:02} {:02}:{:02}:{:02}".format(year, month, day, hour, minute, second))
        if (hour, minute) == (1, 30):
            task.cancel()
            break


asyncio.run(main())
