# A thermometer with registers on I2C: the first byte written is the register, what follows goes there. 0 has the temperature in
# 1/256 of a degree, 1 the configuration, 2 and 3 limits (Texas Instruments, LM75B data sheet, SNIS153, 7.6).
#   vpyboard run Examples/devices/thermometer_demo.py --device Examples/devices/thermometer.py@X9,X10,temperature=31.5
from device import Control, Device


class Thermometer(Device):
    title = "thermometer with registers"
    pins = "scl", "sda"
    address = 0x48
    temperature = Control(22.0, -55, 125, "°C")

    def __init__(self):
        self.registers = [bytearray(2), bytearray(1), bytearray(b"\x4b\x00"), bytearray(b"\x50\x00")]
        self.pointer = 0

    def i2c_start(self, is_read):
        self.place = 0 if is_read else -1
        self.registers[0][:] = (int(self.temperature * 256) & 0xFF80).to_bytes(2, "big")

    def i2c_write(self, byte):
        if self.place < 0:
            self.pointer = byte & 3
        elif self.pointer and self.place < len(self.registers[self.pointer]):
            self.registers[self.pointer][self.place] = byte
        self.place += 1

    def i2c_read(self):
        register = self.registers[self.pointer]
        self.place += 1
        return register[(self.place - 1) % len(register)]
