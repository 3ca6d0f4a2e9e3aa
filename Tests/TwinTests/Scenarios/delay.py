import asyncio
from time import ticks_ms, ticks_diff
from primitives import Delay_ms

start = ticks_ms()

def say(*words):
    print((ticks_diff(ticks_ms(), start) + 5) // 10 * 10, *words)

async def waiter(n, delay):
    await delay.wait()
    say("woken", n)

async def slow():
    say("coroutine")
    await asyncio.sleep_ms(40)
    return "from the coroutine"

def quick(text):
    say(text)
    return "from the function"

async def main():
    delay = Delay_ms(quick, ("time out",), duration=100)
    say(delay.running(), delay.rvalue())
    for n in range(2):
        asyncio.create_task(waiter(n, delay))
    delay.trigger()
    for _ in range(3):
        await asyncio.sleep_ms(60)
        say("put off", delay.running())
        delay.trigger()
    await asyncio.sleep_ms(200)
    say(delay.running(), delay.rvalue())
    delay.clear()
    delay.trigger(400)
    await asyncio.sleep_ms(20)
    say("sooner", delay.rvalue())
    delay.trigger(40)
    await delay.wait()
    say("over", delay.running())
    delay.stop()
    delay.trigger()
    await asyncio.sleep_ms(20)
    delay.stop()
    say("stopped", delay.running())
    await asyncio.sleep_ms(200)
    delay.callback(slow)
    delay.trigger(60)
    await asyncio.sleep_ms(80)
    say(await delay.rvalue())
    delay.deinit()
    try:
        delay.trigger()
    except RuntimeError:
        say("no more")

asyncio.run(main())
