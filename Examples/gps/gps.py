# Prints where a GPS receiver on UART 4 is, has it tell only every two seconds, and prints three places more.
#
#     vpyboard run gps.py --device gps@tx:X2,rx:X1,latitude=47.5,longitude=8.25,altitude=450,speed=20,course=110

import asyncio
from machine import UART

WINDS = "N NNE NE ENE E ESE SE SSE S SSW SW WSW W WNW NW NNW".split()


def check_sum(text):
    total = 0
    for byte in text:
        total ^= byte
    return total


def angle(text, digits):
    """4807.0380 and its like, with a sign of degree and of minutes."""
    return "{}°{}'".format(int(text[:digits]), text[digits:])


class Receiver:
    """What a receiver has said last: a task reads its sentences."""

    def __init__(self, uart):
        self.reader, self.writer = asyncio.StreamReader(uart), asyncio.StreamWriter(uart, {})
        self.place = self.altitude = self.course = self.time = self.version = None
        self.wrong = 0
        self.news = asyncio.Event()
        self.task = asyncio.create_task(self.listen())

    async def listen(self):
        while True:
            line = await self.reader.readline()
            body, star, digits = line[1:].partition(b"*")
            if not line.startswith(b"$") or not star:
                continue  # the first line may begin in its middle
            if int(digits, 16) != check_sum(body):
                self.wrong += 1
                continue
            self.take(body.decode().split(","))
            self.news.set()

    def take(self, fields):
        kind = fields[0][2:]
        if kind == "RMC" and fields[2] == "A":
            self.place = angle(fields[3], 2) + fields[4], angle(fields[5], 3) + fields[6]
            self.course = WINDS[round(float(fields[8]) / 22.5) % 16]
            time, date = fields[1], fields[9]
            self.time = "20{}-{}-{} {}:{}:{}".format(date[4:], date[2:4], date[:2], time[:2], time[2:4], time[4:6])
        elif kind == "GGA" and fields[6] != "0":
            self.altitude = round(float(fields[9]))
        elif fields[0] == "PMTK705":
            self.version = ",".join(fields[1:])

    async def command(self, body):
        self.writer.write("${}*{:02X}\r\n".format(body, check_sum(body.encode())))
        await self.writer.drain()

    async def next(self, *names):
        """Waits until all of these are new."""
        for name in names:
            setattr(self, name, None)
        while None in [getattr(self, name) for name in names]:
            self.news.clear()
            await self.news.wait()


async def show(gps):
    await gps.next("place", "altitude", "course", "time")
    print(gps.time, gps.place[0], gps.place[1], gps.altitude, "m", gps.course)


async def main():
    gps = Receiver(UART(4, 9600, rxbuf=256))
    await show(gps)
    await gps.command("PMTK220,2000")
    await gps.command("PMTK605")
    await gps.next("version")
    print("firmware", gps.version)
    for _ in range(3):
        await show(gps)
    gps.task.cancel()
    print("wrong check sums:", gps.wrong)


asyncio.run(main())
