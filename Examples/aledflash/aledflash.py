# Three LEDs of a Pyboard flash side by side for ten seconds, each at its own rate.
#
#     vpyboard run aledflash.py
#
# On a real board: copy this file to it and `import aledflash`.

import asyncio
from pyb import LED


async def flash(led, half_period):
    while True:
        await asyncio.sleep_ms(half_period)
        led.toggle()


async def main(seconds):
    print("Flash LED's for {} seconds".format(seconds))
    # Red changes every 200 ms, green every 700 ms, yellow every 1200 ms.
    tasks = [asyncio.create_task(flash(LED(n + 1), 200 + 500 * n)) for n in range(3)]
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()


def demo(seconds=10):
    try:
        asyncio.run(main(seconds))
    except KeyboardInterrupt:
        print("Interrupted")
    finally:
        asyncio.new_event_loop()  # so that it can be run again without a reset
        print("aledflash.demo() to run again.")


demo()
