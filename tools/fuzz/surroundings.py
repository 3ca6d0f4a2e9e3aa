"""Everything that stands around a board: devices with their keys and controls, wiring files, tables of values, devices in Python,
images of flashes and cards, requests to `vpyboard serve`."""
import json
import os
import random
import subprocess

# What a device can be wired to, and firmware that uses it.
DEVICES = ["button@X1", "button@X1,GND", "slide_switch@X1,X2,X3", "keypad@X1,X2,X3,X4,X5,X6,X7,X8", "encoder@X1,X2,X3", "pot@X19", "led@X1",
           "rgb_led@X1,X2,X3", "ws2812@X1", "ws2812@X1,X2", "buzzer@X1", "servo@X1", "dht22@X1", "dht11@X1", "ds18b20@X1", "hcsr04@X1,X2",
           "htu21d@X9,X10", "bmp180@X9,X10", "bme280@X9,X10", "mpu6050@X9,X10", "ds1307@X9,X10", "ds3231@X9,X10", "at24@X9,X10",
           "sdcard@X6,X8,X7,X5", "ssd1306@X9,X10", "ssd1306_spi@X6,X8,X1", "hd44780@Y1,Y2,Y6,Y5,Y4,Y3", "lcd_i2c@X9,X10", "pcf8574@X9,X10",
           "74hc595@X1,X2,X3", "74hc165@X1,X2,X3", "ir_receiver@X1", "gps@X2,X1", "serial@X2,X1", "dht22@data:X1", "ssd1306@scl:X9,sda:X10"]
KEYS = ["temperature", "humidity", "pressed", "position", "key", "turn", "distance", "pressure", "time", "start", "kbit", "megabytes", "image",
        "columns", "rows", "port", "inputs", "command", "address", "latitude", "longitude", "speed", "course", "fix", "send", "script", "pixels",
        "lights", "count", "width", "height", "noise", "unpowered", "nak", "stuck", "bounce", "pullups", "baudrate", "name", "kind", "acceleration",
        "rotation", "brightness", "diodes", "colour", "altitude", "satellites", "rate", "ohms", "angle", "range", "resolution", "id", "address2"]
VALUES = ["0", "1", "-1", "2", "127", "128", "255", "256", "65535", "65536", "2147483647", "-2147483648", "9223372036854775807", "-9223372036854775808",
          "99999999999999999999", "0.5", "1e9", "-1e9", "1e300", "-1e300", "1e-300", "nan", "inf", "-inf", "", "x", "none", "true", "false", "0x40", "0x77", "1,5ms",
          "1,1e300s", "1,-1s", "3,2ms", "-3,2ms", "9223372036854775807,1ns", "162,300ms", "255,255,255", "1,2,3", "1e9,1e9,1e9", "5", "15", "123456789ABCD*#",
          "2024-06-30 12:00:00", "0000-00-00 00:00:00", "9999-99-99 99:99:99", "2024-02-30 25:61:61", "-1-1-1", "hello\\n", "\\x41\\xff\\", "\\", "é", "x" * 3000,
          "@values.csv", "@nothing", "@.", "@/dev/null", "values.csv", "/dev/null", ".", "script.txt", "z", "0..5/1s", "0..1e300/1s", "0..5/0s", "1..nan/1s",
          "sine(0,5,1s)", "#ff00ff", "[1, 2]", "{}", "~"]
TIMES = ["0s", "1ms", "10ms", "1s", "1us", "-1s", "1e300h", "9223372036854775807ns", "", "nans", "5", "0.0000000001s"]
SIGNALS = ["d.level", "X1.level", "X9.level", "USR.pressed", "uart4.rx", "X5.voltage", "X19.voltage", "accel.acceleration", "led1.brightness", "sd.inserted", "rtc.time",
           "usb.connected", "can1.rx", "d", ".", "d.", ".x"]
# Uses everything that the devices above can be wired to.
FIRMWARE = """
import machine, time, pyb
def use(f):
    try:
        print(f())
    except Exception as error:
        print(type(error).__name__)
i2c = machine.I2C(1, freq=400000)
soft = machine.SoftI2C(scl=machine.Pin('X9'), sda=machine.Pin('X10'))
def bus(i2c):
    for a in i2c.scan():
        use(lambda: i2c.readfrom_mem(a, 0, 8))
        use(lambda: i2c.writeto_mem(a, 0, bytes(9)))
        use(lambda: i2c.readfrom(a, 40))
        use(lambda: i2c.writeto(a, b'\\xff' * 40))
        use(lambda: i2c.writeto(a, b''))
use(lambda: bus(i2c))
use(lambda: bus(soft))
def serial():
    u = machine.UART(4, 9600)
    u.write(b'hello\\r\\n$PMTK220,1*2F\\r\\n' + bytes(range(256)))
    time.sleep_ms(300)
    return u.read()
use(serial)
def spi():
    s = machine.SPI(1)
    cs = machine.Pin('X5', machine.Pin.OUT, value=0)
    for b in (b'\\x40\\0\\0\\0\\0\\x95', b'\\x48\\0\\0\\1\\xaa\\x87', b'\\xff' * 30, b'\\x51\\xff\\xff\\xff\\xff\\xff', b'\\x58\\0\\0\\0\\0\\xff', b'\\xfe' * 600):
        s.write(b)
        s.read(20)
    cs(1)
use(spi)
def pins():
    from machine import Pin
    for name in ('X1', 'X2', 'X3', 'Y1', 'Y2'):
        p = Pin(name, Pin.OUT)
        for i in range(40):
            p(i & 1)
            time.sleep_us(i * 7)
        p.init(Pin.IN, Pin.PULL_UP)
        time.sleep_ms(30)
        p()
use(pins)
def modules():
    import dht, neopixel, onewire, ds18x20
    from machine import Pin
    use(lambda: dht.DHT22(Pin('X1')).measure())
    n = neopixel.NeoPixel(Pin('X1'), 70)
    n.write()
    o = onewire.OneWire(Pin('X1'))
    use(lambda: ds18x20.DS18X20(o).scan())
    use(lambda: machine.time_pulse_us(Pin('X2'), 1, 3000))
    use(lambda: pyb.ADC('X19').read())
    use(lambda: pyb.Servo(1).angle(90, 500))
use(modules)
time.sleep_ms(600)
"""
CSV_ROWS = ["0,1", "1,2", "0.5,3", "1s,5", "1ms,6", "-1,7", "1e300,8", "nan,9", "1,nan", "1,1e300", ",", "1", "", "# x", "time,value", "2,\xff", "1;2", "1,2,3", "9223372036854775807ns,1",
            "0,1\r", '"1","2"', "1,'a'", "1\t2"]
SCRIPT_ROWS = ["hello => world\\n", " => x", "x => ", "=>", "1s: ready\\r\\n", "1e300s: x", "-1s: x", "1ms: " + "y" * 500, "a => a", "\\n => \\n", "\\x41\\ => \\", "# c", ":", "0s: a"]


def learn(vpyboard):
    """Asks the emulator what each kind of device can be given; before, any key may be one of any kind."""
    for text in DEVICES:
        kind = text.partition("@")[0]
        if kind in Around.known:
            continue
        done = subprocess.run([vpyboard, "devices", kind], stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        keys, part = {}, ""
        for line in done.stdout.decode().splitlines():
            if line and line[0] != " ":
                part = line.split(",")[0]
            elif part in ("Keys", "Controls") and line.startswith("  ") and line.split():
                words = line.split()
                keys[words[0]] = [word for word in words[1:] if word[0] in "-0123456789"] + ([words[-1]] if "as in" in line else [])
                if part == "Controls":
                    Around.controls.setdefault(kind, {})[words[0]] = keys[words[0]]
        Around.known[kind] = keys


def value_for(chance, samples):
    """Mostly one that the key takes, or the edge of its range."""
    if samples and chance.random() < 0.93:
        return chance.choice(samples)
    return chance.choice(VALUES)


def odd_device(chance, name="d"):
    text = chance.choice(DEVICES)
    kind, _, pins = text.partition("@")
    known = Around.known.get(kind)
    if known and chance.random() < 0.9:
        keys = chance.sample(sorted(known), min(len(known), chance.choice([0, 1, 1, 2, 3])))
        return f"{kind}:{name}@{pins}" + "".join(f",{key}={value_for(chance, known[key])}" for key in keys)
    if chance.random() < 0.15:
        pins = ",".join(chance.choice(["X1", "X1", "GND", "3V3", "5V", "QQ", "", "scl:X9", "d.scl", "X9"]) for _ in range(chance.randint(0, 9)))
    keys = "".join(f",{chance.choice(KEYS)}={chance.choice(VALUES)}" for _ in range(chance.choice([0, 0, 1, 1, 2, 3])))
    return f"{kind}:{name}@{pins}{keys}"


def odd_stimulus(chance, controls):
    control = chance.choice(controls) if chance.random() < 0.8 else chance.choice(SIGNALS)
    return f"{chance.choice(TIMES[:5]) if chance.random() < 0.8 else chance.choice(TIMES)}:{control}={chance.choice(VALUES)}"


class Around:
    """One input: options in `parts`, and files that `prepare` writes."""

    power_off = "3s"
    # Keys and controls of each kind of device, with values that it takes.
    known = {}
    controls = {}

    def prepare(self, folder, parts):
        self.write(folder, "main.py", FIRMWARE)
        rows = random.Random(len(parts))
        self.write(folder, "values.csv", "\n".join(rows.choice(CSV_ROWS) for _ in range(6)))
        self.write(folder, "script.txt", "\n".join(rows.choice(SCRIPT_ROWS) for _ in range(6)))

    @staticmethod
    def write(folder, name, text):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))

    def command(self, vpyboard, parts=None):
        options = [word for part in (self.parts if parts is None else parts) for word in part]
        return [vpyboard, "run", "--speed", "max", "--for", self.power_off, *options, "main.py"]


class Devices(Around):
    """Devices with keys, controls and faults at odd values."""

    def __init__(self, seed):
        chance = random.Random(seed)
        names = ["d", "e", "f"][:chance.choice([1, 1, 1, 2, 3])]
        self.parts = [["--device", odd_device(chance, name)] for name in names]
        controls = [f"{name}.{key}" for name in names for key in KEYS]
        known = [(f"{name}.{key}", samples) for name, part in zip(names, self.parts)
                 for key, samples in Around.controls.get(part[1].split(":")[0], {}).items()]
        for _ in range(chance.choice([0, 1, 3, 6])):
            if known and chance.random() < 0.9:
                control, samples = chance.choice(known)
                self.parts.append(["--at", f"{chance.choice(TIMES[:5])}:{control}={value_for(chance, samples)}"])
            else:
                self.parts.append(["--at", odd_stimulus(chance, controls)])
        if chance.random() < 0.3:
            self.parts.append(["--trace", chance.choice(["/dev/null", "t.txt", "t.vcd"])])
        if chance.random() < 0.2:
            self.parts.append(["--wire", chance.choice(["X1-X2", "X9-X10", "d.scl-d.sda", "X1-GND", "X1-3V3", "3V3-GND", "d.data-X3"])])


WIRING = """board: pyboard-v1.1
firmware: main.py
wires: [X1-X2, d.vcc-3V3]
pulls: {X4: up 4.7k}
devices:
  d: {kind: dht22, data: X1, temperature: 21.5}
  oled: {kind: ssd1306, scl: X9, sda: X10}
  k: {kind: keypad, r1: Y1, r2: Y2, r3: Y3, r4: Y4, c1: Y5, c2: Y6, c3: Y7}
at:
  - 1s: d.temperature=25
  - 2s: USR.pressed=1
"""
DIAGRAM = {
    "version": 1, "author": "", "editor": "wokwi",
    "parts": [{"type": "board-pyboard-v11", "id": "pyb"}, {"type": "wokwi-led", "id": "led1", "attrs": {"color": "red"}},
              {"type": "wokwi-resistor", "id": "r1", "attrs": {"value": "220"}}, {"type": "wokwi-dht22", "id": "dht", "attrs": {"temperature": "20"}},
              {"type": "wokwi-pushbutton", "id": "btn"}],
    "connections": [["pyb:X1", "r1:1", "green", ["v0"]], ["r1:2", "led1:A", "", []], ["led1:C", "pyb:GND.1", "black", []],
                    ["dht:SDA", "pyb:X2", "", []], ["btn:1.l", "pyb:X3", "", []], ["btn:2.r", "pyb:GND", "", []]],
}
WORDS = ["X1", "X1-X2", "[X1, X2]", "[[X1, X2], []]", "{}", "[]", "~", "0", "-1", "1e300", "nan", "up", "down 0", "up -1k", "up 1e300", "&a [*a]", "!!binary x", "dht22", "{kind: x}",
         "{kind: led}", "{kind: led, anode: X1, cathode: X1}", "{kind: ./main.py}", "{3s: d.x=1}", "- 1s: d.temperature=nan", "[" * 2000, "'", "\"", "|", "\t", ": :", "é", "\0", "x: " * 50]


class Wirings(Around):
    """Wiring files in YAML and Wokwi's diagrams, spoiled."""

    def __init__(self, seed):
        chance = random.Random(seed)
        self.is_diagram = chance.random() < 0.4
        text = json.dumps(DIAGRAM, indent=1) if self.is_diagram else WIRING
        self.parts = text.splitlines(keepends=True)
        for _ in range(chance.choice([1, 1, 1, 2, 4])):
            self.spoil(chance)

    def spoil(self, chance):
        lines = self.parts
        place = chance.randrange(len(lines)) if lines else 0
        kind = chance.choice([0, 1, 1, 2, 3, 4, 5, 6, 6])
        if not lines or kind == 0:
            lines.insert(place, chance.choice(WORDS) + "\n")
        elif kind == 1:
            del lines[place]
        elif kind == 2:
            lines.insert(chance.randrange(len(lines)), lines[place])
        elif kind in (3, 4):
            head, colon, tail = lines[place].partition(":")
            lines[place] = head + colon + " " + chance.choice(WORDS + VALUES[:40]) + ("," if self.is_diagram else "") + "\n"
        elif kind == 5:
            data = bytearray(lines[place].encode("utf-8", "surrogateescape"))
            if data:
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            lines[place] = data.decode("utf-8", "surrogateescape")
        else:
            other = chance.randrange(len(lines))
            lines[place], lines[other] = lines[other], lines[place]

    def prepare(self, folder, parts):
        super().prepare(folder, parts)
        self.write(folder, "diagram.json" if self.is_diagram else "wiring.yaml", "".join(parts))

    def command(self, vpyboard, parts=None):
        return [vpyboard, "run", "--speed", "max", "--for", self.power_off, "--wiring", "diagram.json" if self.is_diagram else "wiring.yaml", "main.py"]


SCENARIO = """version: 1
name: all of it
at: [300ms: X3.level=1, 450us after X3=1: X4.level=1]
steps:
  - delay: 10ms
  - wait-serial: ready
  - write-serial: "on"
  - write-serial: [1, 2, 255]
  - set-control: {part-id: USR, control: pressed, value: 1}
  - expect-pin: {part-id: pyboard, pin: X5, value: 0}
  - wait-pin: {part-id: pyboard, pin: X3, value: 1, timeout: 1s}
  - wait-pin-change: {part-id: pyboard, pin: X1}
  - repeat: {times: 3, steps: [{delay: 5ms}, {repeat: {times: 2, steps: [{write-serial: x}]}}]}
  - expect-waveform: {part-id: pyboard, pin: X1, for: 200ms, blinking: 500, tolerance: 10}
  - expect-i2c: {bus: i2c1, address: 60, write: [7, 1]}
  - fault: {part-id: d, control: nak, for: 10ms}
  - take-screenshot: {part-id: d, save-to: d.png}
"""


class Scenarios(Wirings):
    """Scenarios, spoiled, with firmware that does what most of them wait for."""

    CODE = """
import machine, time
p = machine.Pin('X1', machine.Pin.OUT)
i2c = machine.I2C(1)
for n in range(200):
    p(n & 1)
    if n % 20 == 0:
        print('ready')
        try: i2c.writeto(60, bytes((7, 1)))
        except OSError: pass
    time.sleep_ms(n % 3)
"""

    def __init__(self, seed):
        chance = random.Random(seed)
        self.is_diagram = False
        lines = SCENARIO.splitlines(keepends=True)
        # Few steps, so that those that wait for what does not come do not hide the others.
        self.parts = lines[:4] + chance.sample(lines[4:], chance.randint(1, 5))
        for _ in range(chance.choice([0, 1, 1, 2, 4])):
            self.spoil(chance)

    def prepare(self, folder, parts):
        self.write(folder, "main.py", self.CODE)
        self.write(folder, "scenario.yaml", "".join(parts))

    def command(self, vpyboard, parts=None):
        return [vpyboard, "run", "--speed", "max", "--for", self.power_off, "--device", "ssd1306:d@X9,X10", "--scenario", "scenario.yaml", "main.py"]


class Tests:
    """Tests that call `bench` with odd arguments."""

    SIGNALS = ["'X1'", "'X2'", "'led1.brightness'", "'uart4.tx'", "'USR.pressed'", "'X5.voltage'", "'d.temperature'", "'accel.acceleration'", "'i2c1'", "'dut.X1'", "'X99'", "''", "'.'", "None", "5", "b'X1'"]
    TIMES = ["'5ms'", "'1us'", "0", "-1", "0.001", "1e300", "float('nan')", "1 << 62", "1 << 80", "'x'", "'1e300s'", "'-1s'", "None", "'0s'"]
    VALUES = ["0", "1", "-1", "True", "None", "1.5", "1e300", "float('nan')", "1 << 62", "1 << 80", "b'ab'", "'ab'", "b''", "(1, 2, 3)", "[]", "'1,5ms'", "'x' * 3000", "(1,) * 3000", "object()", "'z'"]
    DEVICES = ["'dht22:d@X1'", "'ssd1306@X9,X10'", "'serial:s@X2,X1'", "'button@X3'", "'nothing@X1'", "'dht22'", "''", "'../x.py@X1'", "None", "'led:d@X1,brightness=nan'"]
    TRIGGERS = ["bench.edge({s}, {k})", "bench.edge({s}, within={t})", "bench.level({s}, {v}, within={t})", "bench.pulse({s}, {v}, within={t})", "bench.bytes({s}, {v}, within={t})", "bench.until({s}, {v}, within={t})",
                "bench.line({v}, within={t})", "bench.time({t})", "bench.quiescence({t}, {s}, within={t})"]
    CALLS = ["bench.set({s}, {v})", "bench.device({d})", "bench.at({t}, {s}, {v})", "bench.get({s})", "bench.wire({s}, {s})", "bench.now()", "bench.advance({t})", "r = bench.record({s})", "r.edges(), r.frequency(), r.duty()", "r.longest({v})",
             "r.changes(), r.bytes()", "r.clear(), r.stop()", "bench.output(), bench.findings()", "bench.golden({v}, {v})", "bench.golden('../x', 'y')", "bench.load({v})", "b = bench.load('main.py', name={v}, board='pico')", "b.set({s}, {v}), b.get({s})",
             "t = {q}", "t.wait(within={t})", "t.wait()", "t.cancel(), t.done()", "bench.first_of({q}, {q}, within={t}).wait()", "bench.all_of({q}, t, within={t}).wait()", "bench.first_of(t, t)", "asyncio.run(bench.first_of({q}, {q}))", "gc.collect()",
             "machine.Pin('X1', machine.Pin.OUT)(1)", "time.sleep_ms(3)", "print({v})", "machine.soft_reset()", "bench.skip({v})"]

    def __init__(self, seed):
        chance = random.Random(seed)

        def fill(text):
            for mark, choices in (("{q}", self.TRIGGERS), ("{s}", self.SIGNALS), ("{t}", self.TIMES), ("{v}", self.VALUES), ("{d}", self.DEVICES), ("{k}", ["'rising'", "'any'", "'x'", "None"])):
                while mark in text:
                    text = text.replace(mark, chance.choice(choices), 1)
            return text

        self.parts = ["import asyncio, bench, gc, machine, time\n"]
        for number in range(chance.choice([1, 1, 3])):
            steps = [f"    try: {fill(chance.choice(self.CALLS))}\n    except Exception as error: print(type(error))\n" for _ in range(chance.choice([3, 10, 30]))]
            self.parts += [f"def test_{number}():\n    r = b = t = None\n", *steps]

    def prepare(self, folder, parts):
        Around.write(folder, "test_odd.py", "".join(parts))
        Around.write(folder, "main.py", "import time\nwhile True:\n    print('x')\n    time.sleep_ms(10)\n")

    def command(self, vpyboard, parts=None):
        return [vpyboard, "test", "--jobs", "1", "--limit", "5s"]


MODEL_CALLS = ["self.pin('{pin}').drive({v})", "self.pin('{pin}').drive_volts({v})", "self.pin('{pin}').pulses({v}, {v})", "self.pin('{pin}').pull({v})", "self.pin('{pin}').release()",
               "self.pin('{pin}').send({b}, {v})", "self.pin('{pin}').receive({v}, {f})", "self.pin('{pin}').level", "self.pin('{pin}').volts", "self.after_us({v}, {f})",
               "self.after_ns({v}, {f})", "self.after_ms({v}, {f})", "self.cancel({v})", "self.hold_us({v})", "self.trace({b})", "self.report({b}, {b})", "self.value", "setattr(self, 'value', {v})",
               "setattr(self, 'shown', {v})", "self.start()", "self.edge(None, 1, 2)", "[0] * {v}", "self.again()", "list(range({v}))", "self.now()", "self.random()", "raise ValueError({v})",
               "import os", "__import__('machine')", "open('main.py')", "self.__init__()", "type(self)()"]
MODEL_VALUES = ["0", "1", "-1", "0.5", "1 << 31", "1 << 62", "1 << 63", "-(1 << 63)", "1 << 200", "float('nan')", "float('inf')", "-1e300", "1e300", "1e-300", "None", "'x'", "b'x'", "[]", "9600", "115200",
                "(1, 2, 3)", "self", "10", "1000", "100000", "True"]
MODEL_TEXTS = ["b''", "b'abc'", "bytes(70000)", "'text'", "None", "5", "'\\n\\x00\\x1b'", "'x' * 100000", "[1, 2]"]
MODEL_FUNCTIONS = ["self.again", "(lambda *a: None)", "(lambda *a: self.pin('a').drive(1))", "None", "5", "self.start", "(lambda *a: 1 // 0)", "(lambda *a: self.after_us(0, self.again))", "print"]


class Models(Around):
    """Devices in Python that do odd things, and firmware that uses them."""

    METHODS = ["start(self)", "edge(self, pin, level, time)", "changed(self, name)", "i2c_start(self, read)", "i2c_write(self, byte)", "i2c_read(self)", "i2c_acknowledge(self, more)", "i2c_stop(self)",
               "spi_select(self)", "spi_byte(self, byte)", "spi_deselect(self)", "again(self, *a)", "__init__(self)"]

    def __init__(self, seed):
        chance = random.Random(seed)
        kind = chance.choice(["pins", "i2c", "spi"])
        self.pins = {"pins": "a,b", "i2c": "scl,sda", "spi": "sck,mosi,miso,cs"}[kind]
        self.wired = {"pins": "X1,X2", "i2c": "X9,X10", "spi": "X6,X8,X7,X5"}[kind]
        head = f"from device import Control, Device, Signal\nclass D(Device):\n    pins = {self.pins.split(',')!r}\n"
        head += f"    address = {chance.choice(['0x42'] * 9 + ['(1, 2)', '-1', '300', 'None', 'range(200)'])}\n" if kind == "i2c" else ""
        first = chance.choice(["1.0", "5", "5", "True", "'x'", "b''", "(1, 2)"] * 3 + ["None", "[]"])
        bounds = chance.choice([("0", "100")] * 8 + [("None", "None"), ("-1e300", "1e300"), ("5", "-5"), ("1 << 70", "None"), ("0", "float('nan')")])
        head += f"    value = Control({first}, {bounds[0]}, {bounds[1]})\n"
        head += f"    shown = Signal({chance.choice(['0', '0.5', repr('')])})\n    spi_mode = {chance.choice(['0', '3'] * 5 + ['7', '-1', 'None'])}\n"
        self.parts = [head]
        if kind == "i2c" and "0x42" not in head and chance.random() < 0.7:
            self.parts[0] = head.replace("address = ", "address = 0x42  # ")
        for method in chance.sample(self.METHODS, chance.randint(2, 8)):
            body = []
            for _ in range(chance.randint(1, 3)):
                call = chance.choice(MODEL_CALLS)
                while "{" in call:
                    for mark, choices in (("{v}", MODEL_VALUES), ("{b}", MODEL_TEXTS), ("{f}", MODEL_FUNCTIONS), ("{pin}", self.pins.split(",") + ["a"])):
                        call = call.replace(mark, chance.choice(choices), 1)
                guard = chance.random() < 0.6
                body.append(f"        try:\n            {call}\n        except Exception:\n            pass\n" if guard else f"        {call}\n")
            if chance.random() < 0.15:
                body.append(f"        while {chance.choice(['True', 'self.random() < 2', 'self.after_us(1, self.again)'])}:\n            {chance.choice(['pass', 'self.pin(self.name)', 'self.after_us(5, self.again)', 'x = [0] * 1000'])}\n")
            body.append(f"        return {chance.choice(['None', 'True', 'False', '0', '255', '1 << 70', repr('x'), '-1', '1.5'])}\n")
            self.parts.append(f"    def {method}:\n" + "".join(body))

    def prepare(self, folder, parts):
        super().prepare(folder, parts)
        self.write(folder, "model.py", "".join(parts))

    def command(self, vpyboard, parts=None):
        return [vpyboard, "run", "--speed", "max", "--for", "1s", "--device", f"model.py:d@{self.wired}", "--at", "100ms:d.unpowered=1" if "unpowered" in "".join(parts or []) else "100ms:USR.pressed=1", "main.py"]


class Images:
    """Flashes and cards whose FAT volumes are damaged, or are no volumes."""

    CODE = """
import os, vfs, pyb
def walk(path, depth=0):
    if depth > 12:
        return
    for entry in os.ilistdir(path):
        name = path + '/' + entry[0]
        try:
            print(name, os.stat(name))
            if entry[1] & 0x4000:
                walk(name, depth + 1)
            else:
                with open(name, 'rb') as f:
                    n = 0
                    while True:
                        b = f.read(512)
                        n += len(b)
                        if not b or n > 300000:
                            break
                with open(name, 'ab') as f:
                    f.write(b'x' * 700)
        except OSError as error:
            print(error)
for place in ('', '/flash', '/sd'):
    try:
        walk(place)
        print(os.statvfs(place))
    except OSError as error:
        print(error)
    for f in (lambda: os.mkdir(place + '/new'), lambda: open(place + '/new/a long name with spaces.text', 'w').write('y' * 9000), lambda: os.rename(place + '/new', place + '/n2'),
              lambda: os.remove(place + '/main.py'), lambda: os.rmdir(place + '/n2'), lambda: os.rename(place + '/n2', place + '/n2/n3'), lambda: open(place + '/' + 'z' * 300, 'w')):
        try:
            f()
        except (OSError, ValueError) as error:
            print(error)
os.sync()
"""
    MAKE = "import os\nos.mkdir('/flash/lib')\nfor i in range(12):\n    open('/flash/lib/file number %d.py' % i, 'w').write('print(1)\\n' * (i * 30))\nopen('/flash/a.py', 'w').write('x')\nos.sync()\n"
    base = {}

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.seed = seed
        self.option = self.random.choice(["--flash", "--flash", "--sd"])
        chance = self.random
        # (place, byte): most damage is in the boot sector, the tables and the first folder.
        self.parts = [f"{chance.choice([chance.randrange(64), chance.randrange(64), 510, 511, chance.randrange(512), 512 + chance.randrange(1024), 512 + chance.randrange(6000), chance.randrange(114688)])}:{chance.choice([0, 1, 2, 0x7f, 0x80, 0xff, chance.randrange(256)])}\n"
                      for _ in range(chance.choice([1, 2, 4, 8, 30]))]
        if chance.random() < 0.4:
            # Only the folders and files.
            self.parts = [part for part in self.parts if int(part.split(":")[0]) >= 512]
        if chance.random() < 0.1:
            self.parts.append(f"size:{chance.choice([0, 512, 1024, 8192, 114176])}\n")

    def image(self, vpyboard, folder):
        if vpyboard not in Images.base:
            path = os.path.join(folder, "base.img")
            subprocess.run([vpyboard, "run", "--speed", "max", "--flash", path, "-c", self.MAKE], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=600)
            with open(path, "rb") as file:
                Images.base[vpyboard] = file.read()
        return bytearray(Images.base[vpyboard])

    def prepare(self, folder, parts):
        self.folder, self.lines = folder, parts

    def command(self, vpyboard, parts=None):
        data = self.image(vpyboard, self.folder)
        for line in self.lines:
            place, byte = line.strip().split(":")
            if place == "size":
                del data[int(byte):]
            elif int(place) < len(data):
                data[int(place)] = int(byte)
        with open(os.path.join(self.folder, "odd.img"), "wb") as file:
            file.write(data)
        return [vpyboard, "run", "--speed", "max", "--for", "60s", self.option, "odd.img", "-c", self.CODE]


class Volumes:
    """Volumes of littlefs and FAT in the firmware's own memory, damaged between and while they are used, on block devices that answer
    as they should not."""

    CODE = """
import os, random, vfs
random.seed(SEED)
class Blocks:
    def __init__(self, size, count):
        self.size, self.data, self.odd = size, bytearray(size * count), 0
    def readblocks(self, n, buf, off=0):
        if random.random() < self.odd:
            return random.choice((5, -5, None, 1 << 40, 'x', buf.__setitem__(0, 255)))
        place = n * self.size + off
        buf[:] = self.data[place:place + len(buf)]
    def writeblocks(self, n, buf, off=None):
        if random.random() < self.odd:
            return random.choice((5, -5, None, 1 << 40, 'x'))
        if off is None:
            off = 0
        place = n * self.size + off
        self.data[place:place + len(buf)] = buf
    def ioctl(self, op, arg):
        if random.random() < self.odd / 4:
            return random.choice((0, -1, 1, 3, 511, 1 << 20, 1 << 31, None, 'x'))
        return {4: len(self.data) // self.size, 5: self.size}.get(op, 0)
    def damage(self):
        for i in range(random.choice((1, 2, 5, 40))):
            self.data[random.choice((random.randrange(64), random.randrange(1024), random.randrange(len(self.data))))] = random.choice((0, 1, 0x7f, 0x80, 0xff, random.getrandbits(8)))
def attempt(f):
    try:
        return f()
    except (OSError, ValueError, TypeError, IndexError, OverflowError, KeyError, AttributeError, RuntimeError, MemoryError) as error:
        pass
def walk(path, depth=0):
    for entry in os.ilistdir(path):
        name = path + '/' + str(entry[0])
        os.stat(name)
        if entry[1] & 0x4000 and depth < 6:
            walk(name, depth + 1)
        else:
            with open(name, 'rb') as f:
                for i in range(20):
                    if not f.read(300): break
def use():
    attempt(lambda: walk('/v'))
    attempt(lambda: os.statvfs('/v'))
    attempt(lambda: os.mkdir('/v/d'))
    for i in range(6):
        name = random.choice(('/v/a', '/v/b', '/v/d/c', '/v/d', '/v/' + 'n' * 40, '/v/\u20ac', '/v/d/../a', '/v/.'))
        attempt(lambda: open(name, random.choice(('w', 'a', 'r+'))).write('x' * random.choice((0, 1, 60, 600, 5000))))
        f = attempt(lambda: open(name, random.choice(('rb', 'r+b', 'ab'))))
        if f:
            attempt(lambda: f.seek(random.choice((0, 5, -5, 1 << 20, (1 << 31) - 1)), random.choice((0, 1, 2))))
            attempt(lambda: f.read(9)), attempt(lambda: f.write(b'yy')), attempt(lambda: f.truncate(3))
            if random.random() < 0.7: attempt(f.close)
        attempt(lambda: os.rename(name, random.choice(('/v/z', '/v/d', '/v/d/e', name + '/x'))))
        attempt(lambda: os.remove(name)), attempt(lambda: os.rmdir('/v/d'))
for volume in range(8):
    device = None
    device = Blocks(*random.choice(((512, 8), (512, 30), (512, 60), (512, 2), (128, 100), (4096, 9))))
    kind = random.choice((vfs.VfsLfs2, vfs.VfsLfs2, vfs.VfsFat))
    if random.random() < 0.95: attempt(lambda: kind.mkfs(device))
    for turn in range(4):
        attempt(lambda: vfs.mount(kind(device), '/v'))
        use()
        if random.random() < 0.5: device.damage()
        device.odd = random.choice((0, 0, 0.02, 0.3))
        use()
        attempt(lambda: vfs.umount('/v'))
        device.odd = 0
        device.damage()
    print(volume)
"""

    def __init__(self, seed):
        self.parts = [str(seed)]

    def prepare(self, folder, parts):
        Around.write(folder, "main.py", self.CODE.replace("SEED", parts[0]))

    def command(self, vpyboard, parts=None):
        return [vpyboard, "run", "--speed", "max", "--for", "60s", "--board", "raspberry-pi-pico", "main.py"]


class Requests:
    """Lines to `vpyboard serve --stdio`: requests in an odd order with odd parameters, and rubbish."""

    METHODS = ["open", "close", "start", "wire", "device", "set", "get", "write", "advance", "now", "trigger", "wait", "record", "recording", "output", "findings",
               "tasks", "state", "waveforms", "x", "", None, 5, []]
    NAMES = ["board", "seed", "file", "source", "name", "from", "to", "device", "control", "value", "signal", "text", "time", "kind", "pin", "edge", "bytes", "within",
             "trigger", "recording", "a", ""]
    # Requests that mean something.
    PLAIN = [("open", {}), ("open", {"board": "pico", "seed": 5}), ("start", {"file": "main.py"}), ("start", {"source": "print(1)\nwhile True: pass", "name": "x.py"}),
             ("start", {"source": "import machine\nmachine.reset()", "name": "x.py"}), ("wire", {"from": "X1", "to": "X2"}), ("device", {"device": "dht22:d@X1"}),
             ("device", {"device": "serial@X1,X2"}), ("set", {"control": "USR.pressed", "value": "1"}), ("set", {"control": "X1.level", "value": 1}), ("get", {"signal": "X1"}),
             ("get", {"signal": "led1.brightness"}), ("write", {"text": "abc\n"}), ("advance", {"time": "10ms"}), ("advance", {"time": 0.5}), ("now", {}),
             ("trigger", {"kind": "edge", "pin": "X1", "edge": "rising", "within": "5ms"}), ("trigger", {"kind": "level", "pin": "X1", "value": 1, "within": "5ms"}),
             ("trigger", {"kind": "pulse", "pin": "X1"}), ("trigger", {"kind": "bytes", "signal": "uart4.tx", "bytes": "ab"}), ("trigger", {"kind": "until", "signal": "X1", "value": 1}),
             ("trigger", {"kind": "line", "text": "1"}), ("trigger", {"kind": "time", "time": "1ms"}), ("trigger", {"kind": "quiescence", "time": "1ms"}), ("wait", {"trigger": 1, "within": "10ms"}),
             ("wait", {"trigger": 2}), ("record", {"signal": "X1"}), ("recording", {"recording": 1}), ("output", {}), ("findings", {}), ("tasks", {}), ("state", {}), ("waveforms", {}), ("close", {})]

    def __init__(self, seed):
        chance = random.Random(seed)
        self.parts = ['{"id": 0, "method": "open", "params": {}}\n']
        for _ in range(chance.choice([1, 5, 20, 60])):
            self.parts.append(self.line(chance))

    def value(self, chance, depth=0):
        kind = chance.random()
        if kind < 0.4:
            return chance.choice(["X1", "X1-X2", "led1.brightness", "USR.pressed", "1s", "5ms", "main.py", "pyboard-v1.1", "print(1)", "", "\x00", "dht22@X1", "model.py", ".", "é", "y" * 5000, "nan", "1e300s", "a"])
        if kind < 0.7:
            return chance.choice([0, 1, -1, 0.5, 1e300, -1e300, 2 ** 63, -2 ** 63, 2 ** 70, 255, 1e-9, True, False, None])
        if depth > 3 or kind < 0.8:
            return chance.choice([[], {}, None])
        if kind < 0.9:
            return [self.value(chance, depth + 1) for _ in range(chance.randint(0, 3))]
        return {chance.choice(self.NAMES): self.value(chance, depth + 1) for _ in range(chance.randint(0, 3))}

    def line(self, chance):
        kind = chance.random()
        if kind < 0.12:
            return chance.choice(["\n", "{\n", "[]\n", "null\n", "\"x\n", "{\"id\":}\n", "[" * 5000 + "\n", "{\"id\":1,\"id\":2}\n", "\xff\xfe\n", "\x00\n", "5\n", "{\"method\": \"get\"}\n", "\\u\n", "{\"id\": 1e999, \"method\": \"x\"}\n",
                                  "{\"id\": \"\\ud800\", \"method\": \"open\"}\n", "-\n", "1" * 4000 + "\n"])
        if kind < 0.75:
            method, params = chance.choice(self.PLAIN)
            params = {name: value if chance.random() < 0.93 else self.value(chance) for name, value in params.items()}
            return json.dumps({"id": chance.randint(0, 9), "method": method, "params": params}) + "\n"
        request = {"id": self.value(chance) if chance.random() < 0.2 else chance.randint(0, 9), "method": chance.choice(self.METHODS)}
        if chance.random() < 0.9:
            request["params"] = {chance.choice(self.NAMES): self.value(chance) for _ in range(chance.randint(0, 4))} if chance.random() < 0.95 else self.value(chance)
        return json.dumps(request) + "\n"

    def prepare(self, folder, parts):
        Around.write(folder, "main.py", "import time\nwhile True:\n    time.sleep_ms(10)\n")
        Around.write(folder, "requests", "".join(parts))

    def command(self, vpyboard, parts=None):
        return ["sh", "-c", 'exec "$0" serve --stdio <requests', vpyboard]


ADDRESSES = ["0", "1", "2", "3", "-1", "-4", "0x20000000", "0x20000001", "0x2001ffff", "0x20020000", "0x1fffffff", "0x40020000", "0x40020010", "0x40020014", "0x40020018", "0x4002001b", "0x40000000", "0x4000002c",
             "0x40010000", "0x40004400", "0x40005400", "0x40013000", "0xe000e010", "0xe000e018", "0xe000ed00", "0xe000ed0c", "0x1fff7a10", "0x08000000", "0x08000001", "0xffffffff", "0xfffffffc", "0xfffffffe", "0x7fffffff", "0x80000000", "1 << 40", "-(1 << 63)",
             "1 << 63", "uctypes.addressof(b)", "uctypes.addressof(b) + 1", "uctypes.addressof(b) + 13", "uctypes.addressof(b) + 15", "uctypes.addressof(b) + 16", "uctypes.addressof(b) - 1", "stm.GPIOA", "stm.GPIOA + stm.GPIO_BSRR", "stm.TIM2 + stm.TIM_CR1",
             "stm.TIM2 + stm.TIM_ARR", "stm.TIM4 + stm.TIM_CCR1", "stm.USART2 + stm.USART_DR", "stm.I2C1", "stm.SPI1", "stm.RTC", "stm.DAC", "stm.ADC1", "None", "1.5", "'x'", "b"]
WORDS32 = ["0", "1", "-1", "0xffffffff", "0x80000000", "0x7fffffff", "0x55555555", "0xaaaaaaaa", "1 << 40", "-(1 << 63)", "1 << 70", "None", "1.0", "0xffff", "0x10001"]


class Processor:
    """Memory at odd addresses, through `machine.mem…`, viper's pointers and inline assembler; registers at odd values."""

    HEAD = ("import machine, micropython, uctypes, array, stm, gc, pyb, time\nfrom machine import mem8, mem16, mem32\nb = bytearray(16)\nw = array.array('i', (1, 2, 3, 4))\nt = pyb.Timer(2, freq=1000)\nt4 = pyb.Timer(4, freq=50)\nc4 = t4.channel(1, pyb.Timer.PWM, pin=pyb.Pin('X9'), pulse_width_percent=50)\n"
            "@micropython.viper\ndef get8(p: int) -> int:\n    return ptr8(p)[0]\n@micropython.viper\ndef get16(p: int, i: int) -> int:\n    return ptr16(p)[i]\n@micropython.viper\ndef get32(p: int, i: int) -> int:\n    return ptr32(p)[i]\n"
            "@micropython.viper\ndef put8(p: int, i: int, v: int):\n    ptr8(p)[i] = v\n@micropython.viper\ndef put16(p: int, i: int, v: int):\n    ptr16(p)[i] = v\n@micropython.viper\ndef put32(p: int, i: int, v: int):\n    ptr32(p)[i] = v\n"
            "@micropython.viper\ndef buffer8(p: ptr8, i: int) -> int:\n    return p[i]\n@micropython.viper\ndef buffer32(p: ptr32, i: int, v: int):\n    p[i] = v\n"
            "@micropython.viper\ndef math(a: int, b: int) -> int:\n    return (a << b) + (a >> b) + a * b - (a // b) + (a % b)\n@micropython.viper\ndef unsigned(a: uint, b: uint) -> uint:\n    return (a << b) + (a >> b) + a * b\n")
    CALLS = ["mem8[{a}]", "mem16[{a}]", "mem32[{a}]", "mem8[{a}:{a}]", "get8({a})", "get16({a}, {i})", "get32({a}, {i})", "put8({a}, {i}, {v})", "put16({a}, {i}, {v})", "put32({a}, {i}, {v})", "buffer8(b, {i})", "buffer32(b, {i}, {v})", "buffer8({a}, {i})",
             "buffer32(w, {i}, {v})", "math({v}, {v})", "unsigned({v}, {i})", "uctypes.bytes_at({a}, {i})", "uctypes.bytearray_at({a}, {i})", "uctypes.struct({a}, dict(x=uctypes.UINT32 | 0)).x", "b.extend(bytes(3))", "gc.collect()", "time.sleep_ms(2)", "t.counter()",
             "t4.freq({v})", "c4.pulse_width({v})", "t.init(freq=7)", "t.deinit()"]
    STORES = ["mem8[{a}] = {v}", "mem16[{a}] = {v}", "mem32[{a}] = {v}"]
    OPCODES = ["mov(r{r}, r{r})", "movw(r{r}, {w})", "movt(r{r}, {w})", "movwt(r{r}, {v})", "add(r{r}, r{r}, r{r})", "sub(r{r}, r{r}, {k})", "lsl(r{r}, r{r}, {k})", "lsr(r{r}, r{r}, {k})", "asr(r{r}, r{r}, {k})", "mul(r{r}, r{r})", "ldr(r{r}, [r{r}, {o}])", "ldrb(r{r}, [r{r}, {o}])",
               "ldrh(r{r}, [r{r}, {o}])", "str(r{r}, [r{r}, {o}])", "strb(r{r}, [r{r}, {o}])", "strh(r{r}, [r{r}, {o}])", "push({{r{r}}})", "pop({{r{r}}})", "push({{r4, lr}})", "pop({{r4, pc}})", "bx(lr)", "blx(r{r})", "bl(L)", "b(L)", "beq(L)", "bne(L)", "cmp(r{r}, {k})", "and_(r{r}, r{r})", "udiv(r{r}, r{r}, r{r})", "sdiv(r{r}, r{r}, r{r})",
               "clz(r{r}, r{r})", "rbit(r{r}, r{r})", "wfi()", "cpsid(0)", "cpsie(0)", "nop()", "vadd(s0, s1, s2)", "vcvt_s32_f32(s0, s1)", "vmov(s0, r{r})", "vldr(s0, [r{r}, {o}])", "vstr(s0, [r{r}, {o}])", "ldrex(r{r}, [r{r}])", "strex(r{r}, r{r}, [r{r}])", "data({k}, {w})", "align({k})", "label(L)", "ite(eq)", "mrs(r{r}, PRIMASK)"]

    def __init__(self, seed):
        chance = random.Random(seed)
        def fill(text):
            marks = {"{a}": ADDRESSES, "{v}": WORDS32, "{i}": ["0", "1", "3", "4", "-1", "15", "16", "1 << 29", "1 << 30", "-(1 << 31)", "1 << 40"], "{r}": list("0123456789") + ["13", "14", "15"], "{w}": ["0", "65535", "65536", "-1", "stm.GPIOA"], "{k}": ["0", "1", "3", "7", "31", "32", "255", "-1"],
                     "{o}": ["0", "4", "1", "124", "-4", "2"]}
            for mark, choices in marks.items():
                while mark in text:
                    text = text.replace(mark, chance.choice(choices), 1)
            return text.replace("{{", "{").replace("}}", "}")
        self.parts = []
        for number in range(chance.choice([10, 40])):
            kind = chance.random()
            if kind < 0.2:
                body = "".join("    " + fill(chance.choice(self.OPCODES)) + "\n" for _ in range(chance.randint(1, 6)))
                if "L)" in body and "label(L)" not in body:
                    body += "    label(L)\n"
                source = f"@micropython.asm_thumb\ndef f(r0, r1, r2):\n{body}"
                self.parts.append(f"try:\n    exec({source!r})\n    f({fill('{a}, {v}, {v}')})\nexcept Exception as e:\n    pass\n")
            else:
                self.parts.append(f"try:\n    {fill(chance.choice(self.CALLS + self.STORES * 3))}\nexcept Exception as e:\n    pass\n")

    def prepare(self, folder, parts):
        Around.write(folder, "main.py", self.HEAD + "".join(parts))

    def command(self, vpyboard, parts=None):
        return [vpyboard, "run", "--speed", "max", "--for", "1s", "main.py"]
