# Three tasks take turns for five seconds: each prints its number, then lets the next one run.
#
#     vpyboard run roundrobin.py
#
# Take the print out to see how fast the scheduler itself goes: a Pyboard V1.1 makes 5575.6 turns a second.

import asyncio

SECONDS = 5
turns = 0


async def player(n):
    global turns
    while True:
        await asyncio.sleep_ms(0)
        turns += 1
        print("Foo", n)


async def main():
    tasks = [asyncio.create_task(player(n)) for n in (1, 2, 3)]
    print("Testing for {:d} seconds".format(SECONDS))
    await asyncio.sleep(SECONDS)
    for task in tasks:
        task.cancel()


try:
    asyncio.run(main())
    print("Coro executions per sec =", turns / SECONDS)
finally:
    asyncio.new_event_loop()
