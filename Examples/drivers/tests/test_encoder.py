import asyncio, bench
from machine import Pin
from primitives import Encoder


def make(**options):
    bench.device("encoder:knob@X1,X2,bounce=0ms")
    seen = []
    encoder = Encoder(
        Pin("X1", Pin.IN, Pin.PULL_UP), Pin("X2", Pin.IN, Pin.PULL_UP), callback=lambda value, change: seen.append(change), **options
    )
    return encoder, seen


async def test_turned_fast_both_ways():
    encoder, seen = make(div=4)
    await asyncio.sleep_ms(10)
    start = encoder.value()
    bench.set("knob.turn", "100,300us")
    await asyncio.sleep_ms(600)
    forth = encoder.value() - start
    assert abs(forth) == 100
    bench.set("knob.turn", "-250,300us")
    await asyncio.sleep_ms(800)
    assert encoder.value() - start == forth * -3 // 2
    assert sum(seen) == forth * -3 // 2


async def test_back_and_forth_in_the_middle_of_a_turn():
    encoder, _ = make()
    await asyncio.sleep_ms(10)
    start = encoder.value()
    for detents in (3, -5, 7, -5):
        bench.set("knob.turn", "%d,400us" % detents)
    await asyncio.sleep_ms(200)
    assert encoder.value() == start


async def test_limits():
    encoder, _ = make(div=4, vmin=-10, vmax=10)
    await asyncio.sleep_ms(10)
    bench.set("knob.turn", "50,1ms")
    await asyncio.sleep_ms(400)
    assert abs(encoder.value()) == 10
