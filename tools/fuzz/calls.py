"""Makes programs that call every function and method of every module with arguments that are seldom given: integers at
the edges of 8 to 64 bits, nothing, very much, the object itself, what changes the object while it is used.

What there is to call is asked of the emulator itself (`Surface`), so that a new module or method is called from the day
on which it is there.
"""
import os
import random
import subprocess

# What has methods, by the name that the programs give it. Each is made in a `try`, because a board may not have it.
OBJECTS = {
    "o_list": "[3, 1, 2]", "o_tuple": "(1, 'a', 2.5)", "o_dict": "{1: 2, 'a': 3}", "o_set": "{1, 2, 3}",
    "o_frozen": "frozenset((1, 2))", "o_str": "'ab c\\u20ac'", "o_bytes": "b'a\\x00\\xff'", "o_bytearray": "bytearray(b'hello')",
    "o_view": "memoryview(bytearray(16))", "o_array": "array.array('h', (1, 2, 3))", "o_words": "array.array('Q', (1, 2))",
    "o_floats": "array.array('f', (1.0, 2.0))", "o_range": "range(1, 50, 3)", "o_slice": "slice(1, 9, 2)",
    "o_int": "7", "o_big": "1 << 80", "o_float": "1.5", "o_complex": "(1+2j)", "o_generator": "(i for i in range(5))",
    "o_map": "map(str, [1, 2])", "o_zip": "zip([1], [2])", "o_filter": "filter(None, [1])", "o_enumerate": "enumerate('ab')",
    "o_reversed": "reversed([1, 2])", "o_keys": "{1: 2}.keys()", "o_items": "{1: 2}.items()", "o_iter": "iter([1, 2])",
    "o_property": "property(lambda s: 1)", "o_error": "ValueError('x')", "o_oserror": "OSError(5)", "o_function": "(lambda *a, **k: a)",
    "o_method": "[].append", "o_type": "int", "o_instance": "Plain()", "o_sub": "SubList([1, 2])", "o_subdict": "SubDict(a=1)",
    "o_subint": "SubInt(5)", "o_substr": "SubStr('ab')", "o_coroutine": "coroutine()",
    "o_ordered": "collections.OrderedDict(((1, 2), (3, 4)))", "o_deque": "collections.deque((1, 2), 4, 1)",
    "o_named": "collections.namedtuple('N', 'a b')(1, 2)", "o_bytesio": "io.BytesIO(b'abc\\ndef')",
    "o_stringio": "io.StringIO('abc\\ndef')", "o_sha": "hashlib.sha256(b'a')", "o_re": "re.compile('(a+)(b)?')",
    "o_match": "re.match('(a+)(b)?', 'aab')", "o_deflate": "deflate.DeflateIO(io.BytesIO(zlibdata), deflate.ZLIB)",
    "o_poll": "select.poll()", "o_struct": "uctypes.struct(uctypes.addressof(buffer), LAYOUT)",
    "o_socket": "socket.socket()", "o_lock": "_thread.allocate_lock()", "o_file": "open('t.bin', 'w+b')",
    "o_text": "open('t.txt', 'w+')", "o_frame": "framebuf.FrameBuffer(bytearray(256), 16, 16, framebuf.RGB565)",
    "o_mono": "framebuf.FrameBuffer(bytearray(64), 13, 9, framebuf.MONO_VLSB)",
    "o_gs4": "framebuf.FrameBuffer(bytearray(128), 9, 7, framebuf.GS4_HMSB, 10)",
    "o_pin": "machine.Pin('X1', machine.Pin.OUT)", "o_gpio": "machine.Pin(5, machine.Pin.OUT)", "o_signal": "machine.Signal(o_pin)",
    "o_timer": "pyb.Timer(4, freq=10)", "o_channel": "o_timer.channel(1, pyb.Timer.PWM)", "o_soft": "machine.Timer(-1)",
    "o_uart": "machine.UART(4, 9600)", "o_uart0": "machine.UART(0, 9600)", "o_adc": "pyb.ADC('X19')", "o_madc": "machine.ADC('X19')",
    "o_dac": "pyb.DAC(1)", "o_led": "pyb.LED(1)", "o_switch": "pyb.Switch()", "o_accel": "pyb.Accel()", "o_rtc": "pyb.RTC()",
    "o_extint": "pyb.ExtInt('X2', pyb.ExtInt.IRQ_RISING, pyb.Pin.PULL_UP, None)", "o_mem8": "machine.mem8", "o_mem32": "machine.mem32",
    "o_i2c": "machine.I2C(1)", "o_spi": "machine.SPI(1)", "o_softi2c": "machine.SoftI2C('X9', 'X10')", "o_pwm": "machine.PWM('X1')",
    "o_wdt": "machine.RTC()", "o_ring": "micropython.RingIO(16)", "o_event": "asyncio.Event()",
    "o_alock": "asyncio.Lock()", "o_flag": "asyncio.ThreadSafeFlag()", "o_queue": "asyncio.core.TaskQueue()",
    "o_task": "asyncio.core.Task(coroutine())", "o_loop": "asyncio.get_event_loop()", "o_reader": "asyncio.StreamReader(o_uart)",
    "o_can": "pyb.CAN(1, pyb.CAN.LOOPBACK)", "o_flash": "pyb.Flash(start=0)", "o_sdcard": "machine.SDCard()", "o_hid": "pyb.USB_HID()",
    "o_vcp": "pyb.USB_VCP()", "o_servo": "pyb.Servo(1)", "o_pybi2c": "pyb.I2C(1, pyb.I2C.CONTROLLER)", "o_pybspi": "pyb.SPI(1, pyb.SPI.CONTROLLER)",
    "o_pybuart": "pyb.UART(4, 9600)", "o_i2s": "machine.I2S(2, sck=machine.Pin('Y6'), ws=machine.Pin('Y5'), sd=machine.Pin('Y8'), mode=machine.I2S.TX,"
    " bits=16, format=machine.I2S.MONO, rate=8000, ibuf=2000)",
    "o_i2starget": "machine.I2CTarget(2, 0x42, mem=bytearray(16))", "o_softspi": "machine.SoftSPI(sck='X6', mosi='X8', miso='X7')",
    "o_capture": "pyb.Timer(2, prescaler=83, period=0xffff).channel(1, pyb.Timer.IC, pin=pyb.Pin('X1'))",
    "o_compare": "pyb.Timer(5, freq=20).channel(2, pyb.Timer.OC_TOGGLE, pin=pyb.Pin('X2'))",
    "o_encoder": "pyb.Timer(3, prescaler=0, period=1000)", "o_adcall": "pyb.ADCAll(12, 0x70000)", "o_mem16": "machine.mem16",
    "o_pixels": "neopixel.NeoPixel(machine.Pin('X1'), 4)", "o_onewire": "onewire.OneWire(machine.Pin('X1'))", "o_dht": "dht.DHT22(machine.Pin('X1'))",
    "o_thermometers": "ds18x20.DS18X20(o_onewire)", "o_flashvfs": "os.VfsFat(o_flash)",
    "o_stdin": "sys.stdin", "o_stdout": "sys.stdout", "o_vfs": "vfs.VfsFat(Blocks(64))",
}

PROLOGUE = """
import sys
def get(*names):
    for name in names:
        try:
            globals()[name] = __import__(name)
        except ImportError:
            pass
get('array', 'asyncio', 'binascii', 'cmath', 'collections', 'deflate', 'errno', 'framebuf', 'gc', 'hashlib', 'heapq', 'io', 'json',
    'machine', 'math', 'micropython', 'os', 'platform', 'pyb', 'random', 're', 'rp2', 'select', 'socket', 'stm', 'struct', 'sys', 'time',
    'uctypes', 'vfs', '_thread', 'builtins', 'primitives', 'threadsafe', 'onewire', 'dht', 'ds18x20', 'neopixel', 'network')
buffer = bytearray(64)
zlibdata = b'x\\x9cKLJ\\x06\\x00\\x02M\\x01\\'' * 3
LAYOUT = {'a': uctypes.UINT32 | 0, 'b': (uctypes.ARRAY | 4, uctypes.UINT8 | 8), 'c': (uctypes.PTR | 8, uctypes.UINT16)}
class Plain:
    pass
class SubList(list):
    pass
class SubDict(dict):
    pass
class SubInt(int):
    pass
class SubStr(str):
    pass
def coroutine():
    yield
class Blocks:
    def __init__(self, n):
        self.data = bytearray(512 * n)
    def readblocks(self, n, buf, off=0):
        buf[:] = self.data[n * 512 + off:n * 512 + off + len(buf)]
    def writeblocks(self, n, buf, off=0):
        self.data[n * 512 + off:n * 512 + off + len(buf)] = buf
    def ioctl(self, op, arg):
        return {4: len(self.data) // 512, 5: 512}.get(op)
target = [None]
def disturb():
    # Changes what a call is in the middle of.
    t = target[0]
    for name, rest in (('clear', ()), ('append', (1,)), ('pop', ()), ('extend', ((1, 2, 3) * 20,)), ('add', (9,)), ('close', ()), ('deinit', ())):
        try:
            getattr(t, name)(*rest)
        except Exception:
            pass
class Hostile:
    # Answers everything, and changes what it is used with.
    def __init__(self, n=5):
        self.n = n
    def __iter__(self):
        return self
    def __next__(self):
        self.n -= 1
        if self.n < 0:
            raise StopIteration
        disturb()
        return self.n
    def __getitem__(self, i):
        disturb()
        if i == 5: raise IndexError
        return 1
    def __len__(self):
        disturb()
        return 3
    def __index__(self):
        disturb()
        return 1
    __int__ = __index__
    def __hash__(self):
        disturb()
        return 1
    def __eq__(self, other):
        disturb()
        return False
    def __lt__(self, other):
        disturb()
        return True
    def __call__(self, *a, **k):
        disturb()
        return None
    def __str__(self):
        disturb()
        return 'h'
    def readinto(self, b, *a):
        disturb()
        return 0
    def read(self, *a):
        disturb()
        return b''
    def write(self, b, *a):
        disturb()
        return len(b)
    def ioctl(self, *a):
        disturb()
        return 0
class Endless:
    def __iter__(self):
        return self
    def __next__(self):
        return 1
class BadIO(io.IOBase):
    def readinto(self, b):
        return 1 << 40
    def write(self, b):
        return -7
    def ioctl(self, *a):
        return -(1 << 62)
nested = []
for i in range(40):
    nested = [nested, nested]
deep = []
for i in range(300):
    deep = [deep]
loop = []
loop.append(loop)
count = 0
def tell(value):
    global count
    count += 1
    if count % 50 == 0:
        gc.collect()
    try:
        text = repr(value)
    except Exception as error:
        text = type(error).__name__
"""

INTEGERS = sorted(
    {sign * (1 << bits) + off for bits in (0, 4, 7, 8, 15, 16, 24, 30, 31, 32, 61, 62, 63, 64, 100) for sign in (1, -1) for off in (-1, 0, 1)}
    | {0, 2, 3, 5, 9, 10, 12, 13, 17, 100, 1000, 10000, 100000, 115200, 1000000})
SMALL = [0, 1, 2, 3, 4, 5, 7, 8, 9, 16, -1, -2, 100]
FLOATS = ["0.0", "-0.0", "1.5", "-2.5", "1e30", "-1e30", "1e-30", "float('inf')", "float('-inf')", "float('nan')", "3.4e38", "2147483648.0", "1e19"]
TEXTS = ["''", "'a'", "'abc'", "'\\x00'", "'\\u20ac'", "'x' * 1000", "'%s%d%*d'", "'{}{:>9999999}'", "'utf-8'", "'rb'", "'w'", "'t.bin'",
         "'/'", "'..'", "'/flash/t.txt'", "'X1'", "'X2'", "'(a*)*b'", "'1' * 400", "'9e999'", "'B'", "'O'", "'<3Hq9s'", "'1000000000s'",
         "'[[[[' * 50", "'[' * 5000", "'aab' * 100", "'rising'", "'strict'", "'a b'", "','"]
BUFFERS = ["b''", "b'a'", "b'abc' * 50", "bytes(1000)", "bytearray(0)", "bytearray(7)", "buffer", "memoryview(buffer)", "memoryview(buffer)[3:9]",
           "memoryview(b'abc')", "array.array('H', range(9))", "array.array('i')", "array.array('f', [1.5])", "array.array('O', [1])",
           "memoryview(buffer)[60:]"]
ITERABLES = ["[]", "()", "[1, 2, 3]", "(1, 2)", "{}", "{1: 2}", "{1, 2}", "range(5)", "range(1 << 40)", "range(-(1 << 62), 1 << 62, 1 << 61)",
             "'abc'", "iter([1, 2])", "map(int, '123')", "(i for i in range(9))", "zip((1, 2), (3, 4))", "Hostile()", "[(1, 2), (3, 4)]",
             "['a', 'b']", "[b'a', bytearray(3)]", "reversed(range(1 << 40))", "enumerate(range(99), 1 << 62)", "{}.items()", "nested", "loop", "deep"]
OTHERS = ["None", "True", "False", "...", "NotImplemented", "object()", "int", "str", "Plain", "ValueError", "ValueError('x')", "len", "print",
          "Hostile()", "Hostile", "BadIO()", "(lambda *a: None)", "(lambda *a: a)", "(lambda: 1)", "disturb", "coroutine()", "slice(None)",
          "(lambda t: t.deinit())", "(lambda t: t.init(freq=100))", "(lambda t: t.callback(None))", "(lambda t: t.callback(lambda t: t.deinit()))",
          "(lambda *a: gc.collect())", "(lambda *a: 1 // 0)", "(lambda *a: tell(a))", "(lambda *a: time.sleep_ms(1))", "(lambda *a: machine.Timer(-1).deinit())",
          "slice(1, -(1 << 63), 1 << 63)", "slice(None, None, -1)", "1j", "Blocks(2)"]
KEYWORDS = ["key", "reverse", "default", "start", "end", "sep", "file", "size", "freq", "mode", "pull", "value", "af", "trigger", "handler", "hard",
            "baudrate", "timeout", "timeout_char", "rxbuf", "bits", "parity", "stop", "tx", "rx", "period", "callback", "prescaler", "pulse_width",
            "pulse_width_percent", "polarity", "pin", "alt", "separators", "encoding", "errors", "buffering", "flow", "invert", "maxsplit", "maxlen",
            "return_exceptions", "deadtime", "tick_hz", "priority", "id", "duty", "duty_u16", "readonly", "mkfs", "baudrate_fd", "prescaler", "sjw", "bs1", "bs2", "auto_restart", "extframe", "fdf", "rtr", "fifo", "bank", "params", "mem", "mem_addrsize", "addr", "scl", "sda", "sck", "mosi", "miso",
            "ws", "sd", "rate", "ibuf", "nss", "crc", "gencall", "irq", "start", "len", "hid", "vid", "pid", "msc", "rdy", "timing", "compare", "buf", "shift", "mod", "addrsize", "stop", "firstbit"]
# They end the program, so they are seldom called: what comes after them is never tried.
ENDING = ("reset", "exit", "soft_reset", "hard_reset", "bootloader", "stop", "standby", "deepsleep", "lightsleep", "sleep", "sleep_ms", "sleep_us",
          "delay", "udelay", "main", "wfi", "run_until_complete", "run_forever", "run", "input", "readchar", "readline", "read", "readinto",
          "readlines", "acquire", "ipoll", "poll", "idle", "accept", "recv", "recvfrom", "connect", "kbd_intr", "heap_lock", "write_timed",
          "start_new_thread", "disable_irq", "rename", "recv_into", "fault_debug", "repl_info", "usb_mode", "opt_level", "__repl_print__")

SURVEY = """
def members(name, value):
    try:
        known = dir(value)
    except Exception:
        return
    for member in known:
        if member not in ('__class__', '__dict__', '__name__', '__bases__'):
            try:
                attribute = getattr(value, member)
                print('%s.%s' % (name, member), 'c' if callable(attribute) else 'v')
            except Exception:
                pass
for name in MODULES:
    if name in globals():
        members(name, globals()[name])
for module, names in (('asyncio', ASYNCIO), ('primitives', PRIMITIVES)):
    for name in names.split():
        if hasattr(globals().get(module), name):
            print('%s.%s' % (module, name), 'c')
"""
# What these modules load when it is first used, so that `dir` does not show it.
ASYNCIO = ("open Event Lock ThreadSafeFlag StreamReader StreamWriter gather wait_for wait_for_ms start_server open_connection"
           " new_event_loop sleep create_task")
PRIMITIVES = ("Delay_ms Queue RingbufQueue Semaphore BoundedSemaphore Barrier Condition Switch Pushbutton Encoder AADC Broker ESwitch EButton"
              " WaitAny WaitAll ELO Keyboard SwArray set_global_exception")


class Surface:
    """Every callable that firmware can reach by name, as expressions."""

    def __init__(self, vpyboard, folder, board, timeout):
        modules = PROLOGUE.split("get(")[2].split(")")[0]
        survey = SURVEY.replace("MODULES", f"({modules})").replace("ASYNCIO", repr(ASYNCIO)).replace("PRIMITIVES", repr(PRIMITIVES))
        # One after the other, because together they do not fit a board's memory.
        survey += "".join(
            made_objects([name]) + f"try:\n    members('{name}', {name})\nexcept NameError:\n    pass\n"
            + ("" if any(name in other for other in OBJECTS.values()) else f"{name} = None\n")
            for name in OBJECTS)
        with open(os.path.join(folder, "survey.py"), "w") as file:
            file.write(PROLOGUE + survey)
        done = subprocess.run(
            [vpyboard, "run", "--speed", "max", "--board", board, "--diagnostics", "off", "survey.py"], cwd=folder,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=5 * timeout)
        rows = [line.split() for line in done.stdout.decode().splitlines()]
        rows = [row for row in rows if len(row) == 2]
        if done.returncode or len(rows) < 300:
            raise SystemExit(f"the survey of what can be called failed:\n{done.stdout.decode()[-500:]}{done.stderr.decode()[-1000:]}")
        self.callables = sorted({row[0] for row in rows if row[1] == "c"})
        self.values = sorted({row[0] for row in rows if row[1] == "v"})


def made_objects(names):
    return "".join(f"try:\n    {name} = {OBJECTS[name]}\nexcept Exception:\n    pass\n" for name in names)


def with_statements(statements):
    """A program of these statements, with the objects that they name."""
    used = " ".join(statements)
    needed = [name for name in OBJECTS if name in used]
    # Some are made of others.
    needed = [name for name in OBJECTS if name in needed or any(name in OBJECTS[other] for other in needed)]
    return PROLOGUE + made_objects(needed) + "".join(statements)


class CallProgram:
    """One program: independent statements, so that it can be shrunk by leaving some out."""

    def __init__(self, seed, surface):
        self.random = random.Random(seed)
        self.surface = surface
        self.statements = []
        chosen = self.random.sample(surface.callables, min(len(surface.callables), self.random.randint(1, 30)))
        ends = self.random.random() < 0.1
        for _ in range(self.random.choice([10, 60, 150])):
            name = self.random.choice(chosen)
            if name.rsplit(".", 1)[-1] in ENDING and not ends and self.random.random() < 0.97:
                continue
            self.statements.append(self.statement(name))

    def statement(self, name):
        receiver = name.split(".")[0]
        kind = self.random.random()
        if kind < 0.04:
            what = "time.sleep_ms(2)"
        elif kind < 0.85:
            what = f"tell({name}({self.arguments(receiver)}))"
        elif kind < 0.90:
            what = f"tell({self.value(receiver)} {self.random.choice(OPERATORS)} {self.value(receiver)})"
        elif kind < 0.94:
            what = f"tell({self.value(receiver)}[{self.subscript(receiver)}])"
        elif kind < 0.97:
            what = self.random.choice([f"{receiver}[{self.subscript(receiver)}] = {self.value(receiver)}", f"del {receiver}[{self.subscript(receiver)}]"])
        else:
            attribute = self.random.choice(self.surface.values or ["sys.path"])
            what = f"tell({attribute}); {attribute} = {self.value(receiver)}"
        return f"target[0] = {receiver if receiver.startswith('o_') else 'None'}\ntry:\n    {what}\nexcept Exception:\n    pass\n"

    def arguments(self, receiver):
        parts = [self.value(receiver) for _ in range(self.random.choice([0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 8]))]
        if parts and self.random.random() < 0.05:
            parts[-1] = "*" + self.random.choice(ITERABLES)
        if self.random.random() < 0.2:
            names = self.random.sample(KEYWORDS, self.random.randint(1, 3))
            parts += [f"{name}={self.value(receiver)}" for name in dict.fromkeys(names)]
        return ", ".join(parts)

    def subscript(self, receiver):
        if self.random.random() < 0.5:
            bound = lambda: self.random.choice(["", "", str(self.random.choice(SMALL)), self.integer()])
            return f"{bound()}:{bound()}" + self.random.choice(["", ":" + bound()])
        return self.value(receiver)

    def integer(self):
        return f"({self.random.choice(INTEGERS)})"

    def value(self, receiver):
        kind = self.random.random()
        if kind < 0.25:
            return str(self.random.choice(SMALL))
        if kind < 0.47:
            return self.integer()
        if kind < 0.53:
            return self.random.choice(FLOATS)
        if kind < 0.63:
            return self.random.choice(TEXTS)
        if kind < 0.72:
            return self.random.choice(BUFFERS)
        if kind < 0.81:
            return self.random.choice(ITERABLES)
        if kind < 0.90:
            return self.random.choice(OTHERS)
        if kind < 0.905:
            return "Endless()"
        if kind < 0.94 and receiver.startswith("o_"):
            return receiver
        if kind < 0.96 and self.surface.values:
            return self.random.choice(self.surface.values)
        return self.random.choice(list(OBJECTS))


OPERATORS = ["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@", "<", "==", "in", "is", "not in", "and", "!=", ">="]
