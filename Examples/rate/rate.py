# How long a task switch takes with 100, 200, 500 and 1000 tasks that do next to nothing.
#
#     vpyboard run rate.py --speed max
#
# A Pyboard V1.1 takes 195 us a switch with 100 tasks.

import asyncio

SECONDS = 2  # how long each number of tasks is measured
switches = 0


async def count():
    global switches
    while True:
        await asyncio.sleep_ms(0)
        switches += 1


async def main():
    global switches
    tasks = 0
    results = []
    for number in (100, 200, 500, 1000):
        print("Testing {} coros for {}secs".format(number, SECONDS))
        switches = 0
        while tasks < number:  # the scheduler keeps them; a list would not fit beside them
            asyncio.create_task(count())
            tasks += 1
        await asyncio.sleep(SECONDS)
        results.append((number, switches))
    for number, n in results:
        text = "Coros {:4d}  Iterations/sec {:5d}  Duration {:3d}us"
        print(text.format(number, n // SECONDS, SECONDS * 1000000 // n))


try:
    asyncio.run(main())
finally:
    asyncio.new_event_loop()
