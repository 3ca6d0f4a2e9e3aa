import asyncio
from machine import Pin
from time import ticks_ms, ticks_diff
from primitives import Switch, ESwitch, Pushbutton, EButton

start = ticks_ms()

def say(*words):
    print((ticks_diff(ticks_ms(), start) + 25) // 50 * 50, *words)

async def watch(name, event):
    while True:
        await event.wait()
        event.clear()
        say(name)

async def coroutine(text):
    await asyncio.sleep_ms(100)
    say(text)

async def main():
    pin = Pin("X1", Pin.IN, Pin.PULL_UP)
    switch = Switch(pin)
    switch.close_func(say, ("switch closed",))
    switch.open_func(coroutine, ("switch opened",))
    # Each looks at the pin at a time of its own, so that their order does not hang on what a look costs.
    await asyncio.sleep_ms(3)
    eswitch = ESwitch(pin)
    asyncio.create_task(watch("eswitch close", eswitch.close))
    asyncio.create_task(watch("eswitch open", eswitch.open))
    for suppress in (False, True):
        await asyncio.sleep_ms(3)
        button = Pushbutton(pin, suppress)
        button.press_func(say, ("pushbutton press", int(suppress)))
        button.release_func(say, ("pushbutton release", int(suppress)))
        button.double_func(say, ("pushbutton double", int(suppress)))
        button.long_func(say, ("pushbutton long", int(suppress)))
        await asyncio.sleep_ms(3)
        ebutton = EButton(pin, suppress)
        for name in ("press", "release", "double", "long"):
            asyncio.create_task(watch("ebutton %s %d" % (name, suppress), getattr(ebutton, name)))
    await asyncio.sleep(8)
    print(switch(), eswitch(), button(), button.rawstate(), ebutton())

asyncio.run(main())
