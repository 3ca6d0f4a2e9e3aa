import asyncio, bench
from machine import Pin
import nec


async def receive():
    bench.device("ir_receiver:ir@X3")
    seen = []
    decoder = nec.NEC(Pin("X3", Pin.IN), lambda command, address: seen.append((command, address)))
    await asyncio.sleep_ms(1)
    return decoder, seen


async def test_every_command():
    decoder, seen = await receive()
    bench.set("ir.address", 0x21)
    for command in range(0, 256, 15):
        bench.set("ir.command", command)
        await asyncio.sleep_ms(110)
        assert seen[-1] == (command, 0x21)


async def test_a_held_key_repeats():
    decoder, seen = await receive()
    bench.set("ir.command", 0xA2, duration="350ms")
    await asyncio.sleep_ms(500)
    assert seen == [(0xA2, 0)] + 3 * [(nec.REPEAT, 0)]


async def test_an_address_of_16_bits():
    decoder, seen = await receive()
    bench.set("ir.address", 0x1234)
    bench.set("ir.command", 7)
    await asyncio.sleep_ms(110)
    assert seen == [(7, 0x1234)]


async def test_a_wrong_bit_is_told():
    decoder, seen = await receive()
    bench.set("ir.noise", True)
    for _ in range(20):
        bench.set("ir.command", 0x55)
        await asyncio.sleep_ms(110)
    bench.set("ir.noise", False)
    bench.set("ir.command", 0x55)
    await asyncio.sleep_ms(110)
    assert seen == 20 * [(nec.BAD_CODE, 0)] + [(0x55, 0)]


async def test_light_flashes_in_between_do_no_harm():
    decoder, seen = await receive()
    for _ in range(3):
        for level in (0, 1) * 5:
            bench.set("X3.level", level)
            await bench.time("700us")
        bench.set("X3.level", None)
        await asyncio.sleep_ms(50)
        bench.set("ir.command", 0x11)
        await asyncio.sleep_ms(110)
        assert seen[-1] == (0x11, 0)
