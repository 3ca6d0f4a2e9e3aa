# Reads positions from a GPS receiver's sentences (NMEA 0183). Sentences with a wrong check sum count as errors and change
# nothing.
#
#     gps = GPS(UART(4, 9600, timeout=0))
#     asyncio.create_task(gps.run())

import asyncio


class GPS:
    def __init__(self, uart):
        self.reader = asyncio.StreamReader(uart)
        self.latitude = self.longitude = None
        self.fix = False
        self.sentences = 0
        self.errors = 0

    async def run(self):
        while True:
            self.take(await self.reader.readline())

    def take(self, line):
        line = line.strip()
        if not line:
            return
        start, star = line.rfind(b"$"), line.rfind(b"*")
        try:
            body = line[start + 1 : star]
            total = 0
            for byte in body:
                total ^= byte
            good = start >= 0 and star > start and int(line[star + 1 :], 16) == total
            words = body.decode().split(",") if good else []
        except ValueError:
            good = False
        if not good:
            self.errors += 1
            return
        self.sentences += 1
        if words[0].endswith("RMC"):
            self.fix = words[2] == "A"
            if self.fix:
                self.latitude = self.degrees(words[3], words[4] == "S")
                self.longitude = self.degrees(words[5], words[6] == "W")

    @staticmethod
    def degrees(text, negative):
        point = text.find(".")
        value = int(text[: point - 2]) + float(text[point - 2 :]) / 60
        return -value if negative else value
