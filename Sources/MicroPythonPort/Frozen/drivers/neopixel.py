# A chain of LEDs WS2812 (RGB) or SK6812 (RGBW) on one pin.

from machine import bitstream


class NeoPixel:
    # Where red, green, blue and white go among the bytes of a pixel.
    ORDER = (1, 0, 2, 3)

    def __init__(self, pin, n, bpp=3, timing=1):
        self.pin = pin
        self.n = n
        self.bpp = bpp
        self.buf = bytearray(n * bpp)
        self.pin.init(pin.OUT)
        # Nanoseconds: high and low of a 0, high and low of a 1, at 800 or 400 kHz.
        if isinstance(timing, int):
            timing = (400, 850, 800, 450) if timing else (800, 1700, 1600, 900)
        self.timing = timing

    def __len__(self):
        return self.n

    def __setitem__(self, i, v):
        start = i * self.bpp
        for channel in range(self.bpp):
            self.buf[start + self.ORDER[channel]] = v[channel]

    def __getitem__(self, i):
        start = i * self.bpp
        return tuple(self.buf[start + self.ORDER[channel]] for channel in range(self.bpp))

    def fill(self, v):
        for pixel in range(self.n):
            self[pixel] = v

    def write(self):
        bitstream(self.pin, 0, self.timing, self.buf)
