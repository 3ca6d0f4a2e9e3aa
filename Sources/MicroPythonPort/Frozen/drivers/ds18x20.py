# Thermometers DS18S20 and DS18B20 on a 1-Wire bus.

CONVERT = 0x44
READ_SCRATCH = 0xBE
WRITE_SCRATCH = 0x4E


class DS18X20:
    def __init__(self, onewire):
        self.ow = onewire
        self.buf = bytearray(9)

    def scan(self):
        return [rom for rom in self.ow.scan() if rom[0] in (0x10, 0x22, 0x28)]

    def convert_temp(self):
        self.ow.reset(True)
        self.ow.writebyte(self.ow.SKIP_ROM)
        self.ow.writebyte(CONVERT)

    def read_scratch(self, rom):
        self.ow.reset(True)
        self.ow.select_rom(rom)
        self.ow.writebyte(READ_SCRATCH)
        self.ow.readinto(self.buf)
        if self.ow.crc8(self.buf):
            raise Exception("CRC error")
        return self.buf

    def write_scratch(self, rom, buf):
        self.ow.reset(True)
        self.ow.select_rom(rom)
        self.ow.writebyte(WRITE_SCRATCH)
        self.ow.write(buf)

    # In degrees Celsius.
    def read_temp(self, rom):
        data = self.read_scratch(rom)
        raw = data[1] << 8 | data[0]
        if raw & 0x8000:
            raw -= 0x10000
        if rom[0] != 0x10:
            return raw / 16
        # A DS18S20 counts halves, and what is left of the next one.
        if not data[7]:
            return None
        return (raw >> 1) - 0.25 + (data[7] - data[6]) / data[7]
