# A 74HC595: eight outputs behind three pins (Texas Instruments, SN74HC595 data sheet, SCLS041, function table).
#   vpyboard run Examples/devices/shift_register_demo.py --device Examples/devices/shift_register.py@X1,X2,X3,qa:X4,qh:X5
from device import Device, Signal


class ShiftRegister(Device):
    title = "eight outputs behind a shift register (74HC595)"
    pins = ["ser", "srclk", "rclk", "oe=GND", "srclr=3V3"] + ["[q%s]" % q for q in "abcdefgh"] + ["[qh_]"]
    outputs = Signal(0, 0, 255)

    def __init__(self):
        self.bits = 0

    def edge(self, pin, level, time):
        if not self.srclr.level:
            self.bits = 0
        elif pin is self.srclk and level:
            self.bits = (self.bits << 1 | self.ser.level) & 0xFF
        elif pin is self.rclk and level:
            self.outputs = self.bits
        self.qh_.drive(self.bits >> 7)
        for number, name in enumerate("abcdefgh"):
            q = self.pin("q" + name)
            q.release() if self.oe.level else q.drive(self.outputs >> number & 1)
