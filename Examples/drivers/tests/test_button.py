import asyncio, bench
from machine import Pin
from primitives import Pushbutton, Switch


async def test_a_press_that_bounces_is_one():
    bench.device("button:key@X1")
    calls = []
    button = Pushbutton(Pin("X1", Pin.IN, Pin.PULL_UP))
    button.press_func(calls.append, ("press",))
    button.release_func(calls.append, ("release",))
    await asyncio.sleep_ms(10)
    edges = bench.record("X1")
    for round in range(1, 21):
        bench.set("key.pressed", "1,8ms")
        await asyncio.sleep_ms(100)
        bench.set("key.pressed", "0,8ms")
        await asyncio.sleep_ms(100)
        assert calls == ["press", "release"] * round
    assert len(edges.edges()) > 80  # it did bounce


async def test_short_long_and_double():
    bench.device("button:key@X1,bounce=3ms")
    calls = []
    button = Pushbutton(Pin("X1", Pin.IN, Pin.PULL_UP), suppress=True)
    button.release_func(calls.append, ("short",))
    button.double_func(calls.append, ("double",))
    button.long_func(calls.append, ("long",))
    await asyncio.sleep_ms(10)

    async def press(ms):
        bench.set("key.pressed", True)
        await asyncio.sleep_ms(ms)
        bench.set("key.pressed", False)

    await press(100)
    await asyncio.sleep_ms(800)
    assert calls == ["short"]
    await press(100)
    await asyncio.sleep_ms(100)
    await press(100)
    await asyncio.sleep_ms(800)
    assert calls == ["short", "double"]
    await press(1500)
    await asyncio.sleep_ms(800)
    assert calls == ["short", "double", "long"]


async def test_a_spike_between_two_looks_is_no_press():
    bench.device("button:key@X1")
    calls = []
    switch = Switch(Pin("X1", Pin.IN, Pin.PULL_UP))
    switch.close_func(calls.append, ("close",))
    await asyncio.sleep_ms(Switch.debounce_ms * 5 // 2)
    bench.set("X1.level", 0)
    await bench.time("200us")
    bench.set("X1.level", None)
    await asyncio.sleep_ms(200)
    assert calls == []
