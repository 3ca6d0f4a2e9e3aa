# The target of an I2C bus: what the controller writes into its memory it sends back in capitals. See controller.py.

import asyncio
from machine import I2CTarget, Pin

TO_TARGET, FROM_TARGET = 0, 32


async def main():
    memory = bytearray(64)
    bus = I2CTarget(1, 0x42, mem=memory)
    ask = Pin("Y11", Pin.OUT, value=1)
    for _ in range(3):
        while not memory[TO_TARGET]:
            await asyncio.sleep_ms(5)
        data = memory[TO_TARGET + 1 : TO_TARGET + 1 + memory[TO_TARGET]]
        print("received", data.decode())
        while memory[FROM_TARGET]:
            await asyncio.sleep_ms(5)
        memory[FROM_TARGET + 1 : FROM_TARGET + 1 + len(data)] = data.upper()
        memory[FROM_TARGET] = len(data)
        memory[TO_TARGET] = 0
        ask.value(0)
        ask.value(1)
    await asyncio.sleep_ms(100)


asyncio.run(main())
