# Reads a thermometer at address 0x48 of the bus at X9 (SCL) and X10 (SDA), and sets its limit.
from machine import I2C
import struct

bus = I2C("X")
print("found", [hex(address) for address in bus.scan()])
print(struct.unpack(">h", bus.readfrom_mem(0x48, 0, 2))[0] / 256, "°C")
bus.writeto_mem(0x48, 3, b"\x1e\x00")
print("limit", struct.unpack(">h", bus.readfrom_mem(0x48, 3, 2))[0] / 256, "°C")
