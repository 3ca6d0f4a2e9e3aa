"""Everything that a run takes beside firmware: board files, command lines, files for a trace, signals at random instants."""
import os
import random
import signal
import stat
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BOARDS = os.path.join(HERE, "../../Boards")

ODD_NUMBERS = ["0", "-1", "1", "31", "32", "63", "64", "2147483647", "2147483648", "-9223372036854775808", "9223372036854775807",
               "99999999999999999999999", "1e9", "0.5", "nan", "0x10", "", "~", "true", "[]", "{}", "a", "\"\\u0000\"", "&x 1", "*x"]


class BoardFile:
    """A board file that is spoiled, and a run on that board."""

    def __init__(self, seed):
        chance = self.random = random.Random(seed)
        name = chance.choice(["pyboard-v1.1", "raspberry-pi-pico", "raspberry-pi"])
        with open(os.path.join(BOARDS, name + ".yaml")) as file:
            self.parts = file.read().splitlines(keepends=True)
        for _ in range(chance.randint(1, 6)):
            self.spoil()

    def spoil(self):
        chance, lines = self.random, self.parts
        place = chance.randrange(len(lines)) if lines else 0
        kind = chance.randrange(9)
        if not lines or kind == 0:
            lines.insert(place, chance.choice(["- - - -\n", "a: &a [*a, *a]\n", "? x\n", "x: {\n", "\t\n", "!!binary x\n", "--- \n", "%YAML 9.9\n",
                                               "memory: {heap: 4096, stack: 1024}\n", "x: " + "[" * 3000 + "\n", "x: |\n " + "y" * 100000 + "\n"]))
        elif kind == 1:
            del lines[place]
        elif kind == 2:
            lines.insert(chance.randrange(len(lines)), lines[place])
        elif kind in (3, 4, 5):
            head, colon, _ = lines[place].partition(":")
            lines[place] = head + (colon or ":") + " " + chance.choice(ODD_NUMBERS) + "\n"
        elif kind == 6:
            lines[place] = " " * chance.choice([0, 1, 2, 8]) + lines[place].lstrip()
        elif kind == 7:
            data = bytearray(lines[place].encode())
            if data:
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(7)
            lines[place] = data.decode(errors="replace")
        else:
            other = chance.randrange(len(lines))
            lines[place], lines[other] = lines[other], lines[place]

    CODE = "import machine\nprint(1)\n"

    def prepare(self, folder, parts):
        with open(os.path.join(folder, "board.yaml"), "w") as file:
            file.write("".join(parts))
        with open(os.path.join(folder, "main.py"), "w") as file:
            file.write(self.CODE)

    def command(self, vpyboard, parts=None):
        return [vpyboard, "run", "--speed", "max", "--for", "1s", "--board", "board.yaml", "main.py"]


class CommandLine:
    """Options with values that mean nothing, or much."""

    TIMES = ["0", "1s", "-1s", "1e9s", "1e300h", "nans", "9223372036854775807ms", "0.0000001us", "s", "", "1.5.5s", "infs", "1m", "999999999999h"]
    STIMULI = ["{}:press=USR", "{}:release=X1", "{}:tilt=10,0,20", "{}:tilt=9999999999,0,0", "{}:tilt=1", "{}:pin=X1:1", "{}:pin=X1:9", "{}:pin=:",
               "{}:volts=X5,1.65", "{}:volts=X5,nan", "{}:volts=X5,1e300", "{}:turn=X1-X2:8", "{}:turn=X1-X2:-9223372036854775808",
               "{}:turn=X1-X1:3", "{}:press=", "{}:", "{}", ":", "{}:press=USR,1e300s", "{}:rx=4:'a'", "{}:uart4.rx=x", "{}:led1.brightness=1", "{}:USR.pressed=2"]
    WIRES = ["X1-X2", "X1-X1", "X1-", "-", "", "X1-X2-X3", "X1", "A0-A1", "3V3-GND", "X1-GND", "é-X1", "X" * 5000 + "-X1"]

    def __init__(self, seed):
        chance = self.random = random.Random(seed)
        self.parts = []
        for _ in range(chance.randint(1, 6)):
            self.parts.append(self.option())

    def option(self):
        chance = self.random
        return chance.choice([
            lambda: ["--for", chance.choice(self.TIMES)],
            lambda: ["--slow-step", chance.choice(self.TIMES)],
            lambda: ["--at", chance.choice(self.STIMULI).format(chance.choice(self.TIMES))],
            lambda: ["--at", chance.choice(self.STIMULI).format("1ms")],
            lambda: ["--wire", chance.choice(self.WIRES)],
            lambda: ["--seed", chance.choice(["0", "-1", "18446744073709551615", "18446744073709551616", "x", ""])],
            lambda: ["--board", chance.choice(["pyboard-v1.1", "raspberry-pi-pico", "pico", "/dev/zero", "/dev/null", ".", "", "nothing", "main.py"])],
            lambda: ["--diagnostics", chance.choice(["on", "off", "json", "error", "x"])],
            lambda: ["--flash-size", chance.choice(["0", "-1", "64K", "1G", "9223372036854775807G", "K", ""])],
            lambda: [chance.choice(["--debug", "--follow-links", "--", "-", "-c", "--help", "--version", "\u00e9", "-x", "--for"])],
            lambda: ["--trace", chance.choice(["trace.txt", "/dev/null", "/dev/full", ".", "", "no/such/folder/t", "main.py", "./main.py"])],
        ])()

    CODE = "import time, pyb\nfor i in range(20):\n    time.sleep_ms(1)\npyb.LED(1).toggle()\nprint(1)\n"

    def prepare(self, folder, parts):
        with open(os.path.join(folder, "main.py"), "w") as file:
            file.write(self.CODE)

    def command(self, vpyboard, parts=None):
        options = [word for part in (self.parts if parts is None else parts) for word in part]
        return [vpyboard, "run", "--speed", "max", *options, "main.py"]


class TraceTarget:
    """A trace into something that is no plain file. `meddle` sends the signal that must end a run that waits."""

    CODE = ("import pyb\npin = pyb.Pin('X1', pyb.Pin.OUT_PP)\nfor i in range(3000):\n    pin.value(i & 1)\n    pyb.delay(1)\n")
    # Before the signals are blocked each of them simply ends the process.
    expected_signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    KINDS = ["fifo", "fifo-read", "fifo-closed", "directory", "link", "dangling", "firmware", "hard-link", "read-only", "full", "null", "self"]

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.kind = self.random.choice(self.KINDS)
        self.delay = self.random.uniform(0.05, 0.6)
        self.signal = self.random.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
        self.parts = [self.kind]

    def prepare(self, folder, parts):
        self.folder = folder
        target = os.path.join(folder, "trace")
        with open(os.path.join(folder, "main.py"), "w") as file:
            file.write(self.CODE)
        if self.kind.startswith("fifo"):
            os.mkfifo(target)
        elif self.kind == "directory":
            os.mkdir(target)
        elif self.kind in ("link", "firmware"):
            os.symlink("other" if self.kind == "link" else "main.py", target)
            open(os.path.join(folder, "other"), "w").close()
        elif self.kind == "dangling":
            os.symlink("nothing/there", target)
        elif self.kind == "hard-link":
            os.link(os.path.join(folder, "main.py"), target)
        elif self.kind == "read-only":
            open(target, "w").close()
            os.chmod(target, stat.S_IRUSR)

    def command(self, vpyboard, parts=None):
        target = {"full": "/dev/full", "null": "/dev/null", "self": "/proc/self/fd/1"}.get(self.kind, "trace")
        return [vpyboard, "run", "--speed", "max", "--trace", target, "main.py"]

    def meddle(self, process):
        if self.kind == "fifo":
            send(process, self.signal, self.delay)
        elif self.kind != "fifo":
            target = os.path.join(self.folder, "trace")
            if self.kind.startswith("fifo"):
                threading.Thread(target=self.read, args=(target,), daemon=True).start()

    def read(self, target):
        time.sleep(self.delay)
        with open(target, "rb") as file:
            file.read(100 if self.kind == "fifo-closed" else -1)

    def complaint(self, folder, outcome):
        with open(os.path.join(folder, "main.py")) as file:
            if file.read() != self.CODE:
                return "the trace has overwritten the firmware"
        if self.kind == "fifo" and outcome.status not in (128 + self.signal, -self.signal):
            return f"status {outcome.status} after signal {self.signal}"
        return None


class Signals:
    """Signals at random instants, whatever the firmware does; the last one must end the run."""

    CODES = [
        "while True: pass",
        "import time\nwhile True: time.sleep_ms(3)",
        "while True: print('x' * 70)",
        "import asyncio\nasync def f():\n    while True: await asyncio.sleep_ms(1)\nasyncio.run(f())",
        "import pyb\nt = pyb.Timer(4, freq=500)\ndef cb(t):\n    for i in range(300): pass\nt.callback(cb)\nwhile True: pyb.wfi()",
        "import pyb\nt = pyb.Timer(4, freq=100)\ndef cb(t):\n    while True: pass\nt.callback(cb)\nwhile True: pass",
        "class A:\n    def __iter__(s): return s\n    def __next__(s): return 1\n5 in A() or sum(A())",
        "while True:\n    try:\n        while True: pass\n    except BaseException as e: print(type(e))",
        "import sys\nwhile True: sys.stdin.read(1)",
        "x = input()",
        "import _thread, time\ndef f():\n    while True: pass\n_thread.start_new_thread(f, ())\nwhile True: time.sleep_ms(1)",
        "f = open('t.txt', 'w')\nwhile True:\n    try: f.write('x' * 100)\n    except OSError: f.seek(0)",
        "import re\nre.match('(a*)*b', 'a' * 40)",
        "x = 3\nwhile True: x = pow(x, 1 << 2000, (1 << 30000) + 7)",
    ]

    def __init__(self, seed):
        chance = random.Random(seed)
        self.code = chance.choice(self.CODES)
        self.speed = chance.choice(["max", "max", "1", "host"])
        self.script = []
        for _ in range(chance.randint(0, 5)):
            kind = chance.choice(["int", "stop", "tstp"])
            self.script.append((kind, chance.uniform(0, 0.25)))
        self.last = chance.choice([signal.SIGTERM, signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
        self.parts = [self.code]

    def prepare(self, folder, parts):
        with open(os.path.join(folder, "main.py"), "w") as file:
            file.write(self.code)

    def command(self, vpyboard, parts=None):
        return [vpyboard, "run", "--speed", self.speed, "main.py"]

    def meddle(self, process):
        def act():
            for kind, delay in self.script:
                time.sleep(delay)
                if kind == "int":
                    send(process, signal.SIGINT, 0)
                else:
                    send(process, signal.SIGSTOP if kind == "stop" else signal.SIGTSTP, 0)
                    time.sleep(0.05)
                    send(process, signal.SIGCONT, 0)
            time.sleep(0.1)
            send(process, self.last, 0)
            if self.last == signal.SIGINT:
                time.sleep(1)
                send(process, signal.SIGTERM, 0)

        threading.Thread(target=act, daemon=True).start()

    # Before the signals are blocked each of them simply ends the process.
    expected_signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def send(process, number, delay):
    time.sleep(delay)
    try:
        os.kill(process.pid, number)
    except ProcessLookupError:
        pass
