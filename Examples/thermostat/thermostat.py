# A task reads an HTU21D on I2C once a second, and switches LED 1 on while it is warmer than 25 °C. Runs until it is interrupted.
#
#     vpyboard run thermostat.py --device htu21d:room@X9,X10,temperature=21.5 --at 2.5s:room.temperature=27.5 --for 5s

import asyncio
from machine import I2C
from pyb import LED

ADDRESS = 0x40
MEASURE_TEMPERATURE = b"\xf3"  # without holding the clock
LIMIT = 250  # tenths of a degree


async def read_temperature(i2c):
    """Tenths of a degree."""
    i2c.writeto(ADDRESS, MEASURE_TEMPERATURE)
    await asyncio.sleep_ms(60)
    high, low = i2c.readfrom(ADDRESS, 2)
    raw = high << 8 | low & 0xFC
    return (17572 * raw // 65536 - 4685 + 5) // 10


async def main():
    i2c = I2C("X")
    heater = LED(1)
    try:
        while True:
            temperature = await read_temperature(i2c)
            print("{}.{} °C".format(temperature // 10, temperature % 10))
            if temperature > LIMIT:
                heater.on()
            else:
                heater.off()
            await asyncio.sleep(1)
    finally:
        heater.off()


try:
    asyncio.run(main())
finally:
    asyncio.new_event_loop()
