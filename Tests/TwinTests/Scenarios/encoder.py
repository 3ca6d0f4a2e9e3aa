import asyncio
from machine import Pin
from primitives import Encoder

async def values(encoder):
    async for value in encoder:
        print("value", value, encoder.value())

async def main():
    x = Pin("X1", Pin.IN, Pin.PULL_UP)
    y = Pin("X2", Pin.IN, Pin.PULL_UP)
    limited = Encoder(x, y, v=1, div=4, vmin=-1, vmax=3, callback=lambda v, d: print("callback", v, d))
    asyncio.create_task(values(limited))
    await asyncio.sleep(3)
    print(limited.value())
    try:
        Encoder(x, y, v=5, vmax=3)
    except ValueError:
        print("refused")

asyncio.run(main())
