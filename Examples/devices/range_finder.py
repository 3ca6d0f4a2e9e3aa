# An HC-SR04: a high of 10 us on trig starts a measurement, echo is high for 58 us per centimetre (Elecfreaks, user guide).
#   vpyboard run Examples/devices/range_finder_demo.py --device Examples/devices/range_finder.py@X1,X2,distance=73
from device import Control, Device


class RangeFinder(Device):
    title = "ultrasonic range finder"
    pins = "trig", "echo", "vcc", "gnd"
    distance = Control(100.0, 2, 400, "cm")

    def __init__(self):
        self.rose = None
        self.echo.drive(0)

    def edge(self, pin, level, time):
        if pin is self.trig:
            if not level and self.rose is not None and time - self.rose >= 10_000:
                self.after_us(450, self.answer)
            self.rose = time if level else None

    def answer(self):
        self.echo.drive(1)
        self.after_us(self.distance * 58, lambda: self.echo.drive(0))
