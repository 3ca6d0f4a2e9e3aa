"""Makes programs that draw with `framebuf`, and draws the same here: a reference of our own, pixel by pixel from what
MicroPython's documentation and `extmod/modframebuf.c` say each call does. The two pictures must be the same.

Coordinates go to the edges of what a board takes as 32 bits (-2^31 it refuses); only what lies inside of the picture is compared, and what a board computes with
overflowing words (lines and polygons far outside, large ellipses) is drawn but not compared.
"""
import random

EDGES = [0, 1, -1, 2, 7, 8, 9, 15, 16, 31, 32, 100, -100, 255, 256, 32767, -32768, 65535, 1 << 20, -(1 << 20), (1 << 31) - 1, 1 - (1 << 31)]
FORMATS = ["MONO_VLSB", "RGB565", "GS4_HMSB", "MONO_HLSB", "MONO_HMSB", "GS2_HMSB", "GS8"]
BITS = {"MONO_VLSB": 1, "RGB565": 16, "GS4_HMSB": 4, "MONO_HLSB": 1, "MONO_HMSB": 1, "GS2_HMSB": 2, "GS8": 8}


class Picture:
    """What a frame buffer shows. Pixels are integers of the format's width."""

    def __init__(self, width, height, bits):
        self.width, self.height, self.bits = width, height, bits
        self.rows = [[0] * width for _ in range(height)]

    def color(self, value):
        return int(bool(value)) if self.bits == 1 else value & ((1 << self.bits) - 1)

    def set(self, x, y, value):
        if 0 <= x < self.width and 0 <= y < self.height:
            self.rows[y][x] = self.color(value)

    def fill_rect(self, x, y, width, height, value):
        for row in range(max(0, y), min(self.height, y + height)):
            for column in range(max(0, x), min(self.width, x + width)):
                self.set(column, row, value)

    def rect(self, x, y, width, height, value, filled):
        if filled:
            return self.fill_rect(x, y, width, height, value)
        self.fill_rect(x, y, width, 1, value)
        self.fill_rect(x, y + height - 1, width, 1, value)
        self.fill_rect(x, y, 1, height, value)
        self.fill_rect(x + width - 1, y, 1, height, value)

    def line(self, x1, y1, x2, y2, value):
        """Both ends, and between them one pixel for each step along the longer side: the nearest, halves towards the end."""
        dx, dy = abs(x2 - x1), abs(y2 - y1)
        sx, sy = (1 if x2 > x1 else -1), (1 if y2 > y1 else -1)
        long, short = max(dx, dy), min(dx, dy)
        for step in range(long):
            aside = (2 * short * step + long) // (2 * long)
            if dy > dx:
                self.set(x1 + sx * aside, y1 + sy * step, value)
            else:
                self.set(x1 + sx * step, y1 + sy * aside, value)
        self.set(x2, y2, value)

    def scroll(self, dx, dy):
        if abs(dx) >= self.width or abs(dy) >= self.height:
            return
        old = [row[:] for row in self.rows]
        for y in range(self.height):
            for x in range(self.width):
                if 0 <= x - dx < self.width and 0 <= y - dy < self.height:
                    self.rows[y][x] = old[y - dy][x - dx]

    def poly(self, x, y, points, value):
        for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1]):
            # Backwards, as the board goes.
            self.line(x + x2, y + y2, x + x1, y + y1, value)

    def lines(self):
        return [" ".join(map(str, row)) for row in self.rows]


class PictureProgram:
    """One program, and what it must print. `text` is its source, `expected` its output."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        name = self.random.choice(FORMATS)
        width, height = self.random.randint(1, 40), self.random.randint(1, 30)
        stride = width + self.random.choice([0, 0, 1, 8, 24])
        self.picture = Picture(width, height, BITS[name])
        self.header = (
            "from array import array\nimport framebuf\n"
            f"f = framebuf.FrameBuffer(bytearray({(stride + 16) * (height + 8) * 2}), {width}, {height}, framebuf.{name}, {stride})\n")
        self.statements = [self.call() for _ in range(self.random.randint(1, 25))]
        self.text = self.with_statements(self.statements)

    def with_statements(self, statements):
        """`statements` are pairs of source and what does the same to a picture."""
        size = f"{self.picture.width}, {self.picture.height}"
        return self.header + "".join(source for source, _ in statements) + (
            f"w, h = {size}\nfor y in range(h):\n    print(*[f.pixel(x, y) for x in range(w)])\n")

    def expected(self, statements):
        picture = Picture(self.picture.width, self.picture.height, self.picture.bits)
        for _, draw in statements:
            draw(picture)
        return "\n".join(picture.lines()) + "\n"

    def near(self):
        return self.random.randint(-12, 45)

    def any(self):
        return self.random.choice(EDGES) if self.random.random() < 0.4 else self.near()

    def value(self):
        return self.random.choice([0, 1, 2, 3, 15, 255, 0xF800, 0xFFFF, -1, 1 << 20])

    def call(self):
        kind = self.random.choice(["fill", "pixel", "hline", "vline", "fill_rect", "rect", "line", "far", "scroll", "poly", "blit", "square"])
        value = self.value()
        if kind == "fill":
            return f"f.fill({value})\n", lambda p: p.fill_rect(0, 0, p.width, p.height, value)
        if kind == "pixel":
            x, y = self.any(), self.any()
            return f"f.pixel({x}, {y}, {value})\n", lambda p: p.set(x, y, value)
        if kind in ("hline", "vline"):
            x, y, n = self.any(), self.any(), self.any()
            size = (n, 1) if kind == "hline" else (1, n)
            return f"f.{kind}({x}, {y}, {n}, {value})\n", lambda p: p.fill_rect(x, y, *size, value)
        if kind == "fill_rect":
            x, y, w, h = self.any(), self.any(), self.any(), self.any()
            return f"f.fill_rect({x}, {y}, {w}, {h}, {value})\n", lambda p: p.fill_rect(x, y, w, h, value)
        if kind == "rect":
            x, y, w, h, filled = self.any(), self.any(), self.any(), self.any(), self.random.random() < 0.5
            return f"f.rect({x}, {y}, {w}, {h}, {value}, {filled})\n", lambda p: p.rect(x, y, w, h, value, filled)
        if kind == "line":
            a = [self.near() for _ in range(4)]
            return f"f.line({a[0]}, {a[1]}, {a[2]}, {a[3]}, {value})\n", lambda p: p.line(*a, value)
        if kind == "far":
            # Level, so that no word overflows on the way.
            x1, x2, y = self.any(), self.any(), self.near()
            x1, x2 = max(x1, -70000), min(x2, 70000)
            x1, x2 = min(x1, 70000), max(x2, -70000)
            return f"f.line({x1}, {y}, {x2}, {y}, {value})\n", lambda p: p.line(x1, y, x2, y, value)
        if kind == "scroll":
            dx, dy = (self.random.choice([self.any(), self.random.randint(-3, 3)]) for _ in range(2))
            return f"f.scroll({dx}, {dy})\n", lambda p: p.scroll(dx, dy)
        if kind == "poly":
            points = [(self.near(), self.near()) for _ in range(self.random.randint(1, 6))]
            x, y = self.random.randint(-5, 5), self.random.randint(-5, 5)
            flat = ", ".join(f"{a}, {b}" for a, b in points)
            return f"f.poly({x}, {y}, array('h', [{flat}]), {value})\n", lambda p: p.poly(x, y, points, value)
        if kind == "square":
            x, y, n = self.near(), self.near(), self.random.randint(1, 12)
            corners = f"{0}, {0}, {n}, {0}, {n}, {n}, {0}, {n}"
            return (f"f.poly({x}, {y}, array('b', [{corners}]), {value}, True)\n",
                    lambda p: p.fill_rect(x, y, n + 1, n + 1, value))
        # From a picture of its own of the same depth, whole or with a color left out.
        w, h, x, y = self.random.randint(1, 9), self.random.randint(1, 9), self.any(), self.any()
        key = self.random.choice([-1, 0, 1])
        source = (f"g = framebuf.FrameBuffer(bytearray(400), {w}, {h}, framebuf.GS8)\n"
                  f"for i in range({w}):\n    for j in range({h}):\n        g.pixel(i, j, (i * 3 + j) % 4)\nf.blit(g, {x}, {y}, {key})\n")

        def blit(p):
            for i in range(w):
                for j in range(h):
                    color = (i * 3 + j) % 4
                    if color != key:
                        p.set(x + i, y + j, color)

        return source, blit
