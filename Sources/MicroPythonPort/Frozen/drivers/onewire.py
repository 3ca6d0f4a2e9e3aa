# A bus of 1-Wire devices on one pin.

import _onewire


class OneWireError(Exception):
    pass


class OneWire:
    SEARCH_ROM = 0xF0
    MATCH_ROM = 0x55
    SKIP_ROM = 0xCC

    def __init__(self, pin):
        self.pin = pin
        self.pin.init(pin.OPEN_DRAIN, pin.PULL_UP)

    def reset(self, required=False):
        present = _onewire.reset(self.pin)
        if required and not present:
            raise OneWireError
        return present

    def readbit(self):
        return _onewire.readbit(self.pin)

    def readbyte(self):
        return _onewire.readbyte(self.pin)

    def readinto(self, buf):
        for index in range(len(buf)):
            buf[index] = _onewire.readbyte(self.pin)

    def writebit(self, value):
        return _onewire.writebit(self.pin, value)

    def writebyte(self, value):
        return _onewire.writebyte(self.pin, value)

    def write(self, buf):
        for byte in buf:
            _onewire.writebyte(self.pin, byte)

    def select_rom(self, rom):
        self.reset()
        self.writebyte(self.MATCH_ROM)
        self.write(rom)

    def crc8(self, data):
        return _onewire.crc8(data)

    # The devices' numbers, each found by a walk through the tree of their bits.
    def scan(self):
        found = []
        rom = None
        branch = 65
        while branch:
            rom, branch = self._search(rom, branch)
            if rom is None:
                break
            found.append(rom)
        return found

    # One walk: as the last one up to bit `branch`, where it now takes the other way.
    # Returns what it found, and the last bit at which there was a way of 1 not taken.
    def _search(self, last, branch):
        if not self.reset():
            return None, 0
        self.writebyte(self.SEARCH_ROM)
        rom = bytearray(8)
        next_branch = 0
        left = 64
        for byte in range(8):
            for bit in range(8):
                is_one = self.readbit()
                if self.readbit():
                    if is_one:
                        return None, 0
                elif not is_one:
                    if branch > left or (last and last[byte] & (1 << bit) and branch != left):
                        is_one = 1
                        next_branch = left
                self.writebit(is_one)
                if is_one:
                    rom[byte] |= 1 << bit
                left -= 1
        return rom, next_branch
