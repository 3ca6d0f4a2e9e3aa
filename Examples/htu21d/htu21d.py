# Reads a humidity and temperature sensor HTU21D on the bus at X9 (SCL) and X10 (SDA) every two seconds, in a task of its own, and
# prints what it has every five. Runs until it is interrupted.
#
#     vpyboard run htu21d.py --device htu21d@X9,X10,temperature=21.5 --at 7s:htu21d.temperature=25

import asyncio
from machine import I2C

MEASURE_TEMPERATURE = b"\xf3"
MEASURE_HUMIDITY = b"\xf5"
MEASURING_MS = 60


class Sensor:
    """The last measurements of a sensor: a task takes them again and again."""

    def __init__(self, bus, delay, address=0x40):
        if address not in bus.scan():
            raise OSError("no HTU21D answers")
        self.bus, self.address = bus, address
        self.temperature = self.humidity = None
        self.measured = asyncio.Event()
        self.task = asyncio.create_task(self.measure(delay))

    async def measure(self, delay):
        while True:
            self.temperature = -46.85 + 175.72 * await self.reading(MEASURE_TEMPERATURE) / 65536
            self.humidity = -6 + 125 * await self.reading(MEASURE_HUMIDITY) / 65536
            self.measured.set()
            await asyncio.sleep(delay)

    async def reading(self, command):
        self.bus.writeto(self.address, command)
        await asyncio.sleep_ms(MEASURING_MS)
        data = self.bus.readfrom(self.address, 3)
        if remainder(data):
            raise OSError("wrong check sum")
        return (data[0] << 8 | data[1]) & 0xFFFC  # the last two bits say what was measured


def remainder(data):
    """0 for bytes with their check sum behind them: CRC-8 with x^8 + x^5 + x^4 + 1."""
    rest = 0
    for byte in data:
        rest ^= byte
        for _ in range(8):
            rest = rest << 1 ^ 0x131 if rest & 0x80 else rest << 1
    return rest


async def main():
    sensor = Sensor(I2C(1), 2)
    await sensor.measured.wait()
    while True:
        print("Temp {:5.1f} Humidity {:5.1f}".format(sensor.temperature, sensor.humidity))
        await asyncio.sleep(5)


asyncio.run(main())
