# A task polls the accelerometer for twenty seconds. It reports movement beyond the sensor's noise, and says so when
# there was none for two seconds.
#
#     vpyboard run apoll.py --at 5s:tilt=10,0,20 --at 9s:tilt=0,0,22
#
# Tilts are in the accelerometer's own counts: about 21 for the earth's pull.

import asyncio
from time import ticks_ms, ticks_diff
import pyb

NOISE = 4  # how far, in counts, a reading may be from the last one reported
QUIET_MS = 2000  # how long without movement until that is worth a message


class Motion:
    """Tells movements of an accelerometer from its noise."""

    def __init__(self, sensor):
        self.sensor = sensor
        self.position = self.read()

    def read(self):
        return self.sensor.x(), self.sensor.y(), self.sensor.z()

    def moved(self):
        position = self.read()
        distance = sum((a - b) ** 2 for a, b in zip(position, self.position))
        if distance <= NOISE**2:
            return False
        self.position = position
        return True


async def watch():
    sensor = pyb.Accel()
    await asyncio.sleep_ms(30)  # the sensor's first conversions are not to be trusted
    motion = Motion(sensor)
    since = ticks_ms()
    while True:
        if motion.moved():
            since = ticks_ms()
            print("Value x:{:3d} y:{:3d} z:{:3d}".format(*motion.position))
        elif ticks_diff(ticks_ms(), since) > QUIET_MS:
            since = ticks_ms()
            print("Timeout waiting for accelerometer change")
        await asyncio.sleep_ms(100)


async def main(seconds):
    print("Testing accelerometer for {} secs. Move the Pyboard!".format(seconds))
    print("Test runs for {}s.".format(seconds))
    task = asyncio.create_task(watch())
    await asyncio.sleep(seconds)
    task.cancel()
    print("Test complete!")


try:
    asyncio.run(main(20))
finally:
    asyncio.new_event_loop()
