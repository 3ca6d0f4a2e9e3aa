import asyncio, bench
from pyb import UART
from nmea import GPS


async def start(text="gps@X2"):
    bench.device(text)
    gps = GPS(UART(4, 9600, timeout=0, read_buf_len=256))
    asyncio.create_task(gps.run())
    return gps


async def test_a_position():
    gps = await start("gps@X2,latitude=47.5,longitude=-8.25")
    await asyncio.sleep_ms(2500)
    assert gps.fix and gps.errors == 0 and gps.sentences > 10
    assert abs(gps.latitude - 47.5) < 0.001 and abs(gps.longitude + 8.25) < 0.001


async def test_without_a_fix_the_position_stays():
    gps = await start("gps@X2,latitude=-33")
    await asyncio.sleep_ms(1900)
    bench.set("gps.fix", False)
    bench.set("gps.latitude", 10)
    await asyncio.sleep_ms(2000)
    assert not gps.fix
    assert abs(gps.latitude + 33) < 0.001


async def test_disturbed_sentences_change_nothing():
    gps = await start("gps@X2,latitude=12")
    await asyncio.sleep_ms(1900)
    before = gps.sentences
    bench.set("gps.latitude", 70)
    await bench.time("100ms")
    # Somebody pulls the line down for a few characters of each second's sentences.
    for _ in range(3):
        for _ in range(8):
            await asyncio.sleep_ms(60)
            bench.set("X2.level", 0)
            await bench.time("3ms")
            bench.set("X2.level", None)
        await asyncio.sleep_ms(496)
    assert gps.errors >= 3
    assert gps.latitude is not None and (abs(gps.latitude - 12) < 0.001 or abs(gps.latitude - 70) < 0.001)
    bench.set("gps.latitude", 20)
    await asyncio.sleep_ms(2100)
    assert abs(gps.latitude - 20) < 0.001
    assert gps.sentences > before


def test_lines_that_are_none():
    gps = GPS(UART(4, 9600))
    for line in (b"", b"\n", b"$*\n", b"$GPRMC\n", b"*00\n", b"$GPRMC,*zz\n", b"\xff\xfe$\x80*80\n", b"$" + b"x" * 300 + b"\n"):
        gps.take(line)
    assert gps.sentences == 0
    assert gps.latitude is None
