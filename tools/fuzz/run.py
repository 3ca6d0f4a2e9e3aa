#!/usr/bin/env python3
"""Throws generated programs, arguments, files and signals at vpyboard: none may crash it, keep it busy after the board lost power,
or make it hold more memory of the host than it may (docs/security.md).

    tools/fuzz/run.py [--minutes 30] [--seed N] [--kinds calls,programs,…] [--corpus FOLDER ...]
    tools/fuzz/run.py --kinds tasks [--minutes 30] [--seed N]

A program from the grammar that runs on both must print what MicroPython's unix port prints: MICROPYTHON_SINGLE=path names one that
was built with a board's floats of single precision, MICROPYTHON=path one with those of double precision, for which the board gets
such floats too. What failed is made as small as it can be and kept in --keep, named by its kind and
seed. The exit status is 0 when nothing did.
"""
import argparse
import concurrent.futures
import functools
import glob
import os
import random
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import process  # noqa: E402
from calls import CallProgram, Surface, with_statements  # noqa: E402
from edges import EdgeProgram  # noqa: E402
from inputs import BoardFile, CommandLine, Signals, TraceTarget  # noqa: E402
from loops import LoopProgram  # noqa: E402
from mutations import mutate  # noqa: E402
from pictures import PictureProgram  # noqa: E402
from programs import Program  # noqa: E402
from shrink import shrink  # noqa: E402
import surroundings  # noqa: E402
from tasks import TaskProgram  # noqa: E402

# Printed by either where its memory, stack or time ends, which are not the same on both.
LIMITS = (b"MemoryError", b"RuntimeError", b"RecursionError")

HEAPS = {"pyboard-v1.1": 102400, "raspberry-pi-pico": 233024, "raspberry-pi": 16777216}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--vpyboard", default=os.path.join(HERE, "../../.build/release/vpyboard"))
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, help="the first one; by default from the clock")
    parser.add_argument("--count", type=int, help="so many inputs in place of minutes")
    parser.add_argument("--kinds", default="calls,edges,loops,programs,pictures,boards,commands,traces,signals,devices,wirings,scenarios,tests,models,"
                        "images,volumes,requests,processor",
                        help="which inputs, in turns; tasks are for comparing alone")
    parser.add_argument("--tasks", action="store_true", help="the same as --kinds tasks")
    parser.add_argument("--corpus", nargs="*", default=[os.path.join(HERE, "../../Examples")])
    parser.add_argument("--keep", default=os.path.join(HERE, "../../.build/fuzz"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=20, help="seconds of the processor's time for one run (20)")
    parser.add_argument("--gc-stress", action="store_true", help="collect garbage at every allocation (slow)")
    parser.add_argument("--no-memory-bound", action="store_true", help="for builds with a sanitizer, which hold more")
    return parser.parse_args()


class Kind:
    """One kind of input. `check` tells what is wrong with one, and keeps the smallest that fails in the same way."""

    # How long the board has power, and which board it is.
    power_off = "5s"
    board = "pyboard-v1.1"

    def __init__(self, name, options):
        self.name = name
        self.options = options
        self.vpyboard = os.path.abspath(options.vpyboard)
        # Options that every run gets.
        self.always = ["--gc-stress"] if options.gc_stress else []

    def run(self, command, folder, meddle=None):
        if self.always and command[0] == self.vpyboard:
            command = command[:2] + self.always + command[2:]
        return process.run(command, folder, self.options.timeout, meddle=meddle)

    def complaint(self, outcome, board=None, expected_signals=()):
        bound = None if self.options.no_memory_bound else process.memory_bound(HEAPS[board or self.board])
        return outcome.complaint(self.options.timeout, bound, expected_signals)

    def run_program(self, source, board=None, more=()):
        with tempfile.TemporaryDirectory(prefix="fuzz.") as folder:
            with open(os.path.join(folder, "main.py"), "wb") as file:
                file.write(source)
            command = [self.vpyboard, "run", "--speed", "max", "--for", self.power_off, "--board", board or self.board]
            return self.run(command + ["--diagnostics", "off", *more, "main.py"], folder)

    def keep(self, seed, text, complaint, output=b""):
        os.makedirs(self.options.keep, exist_ok=True)
        path = os.path.join(self.options.keep, f"{self.name}-{seed}")
        with open(path + ".py", "wb") as file:
            file.write(text)
        with open(path + ".txt", "wb") as file:
            file.write(complaint.encode() + b"\n\n" + output[-20_000:])
        return complaint

    @staticmethod
    def class_of(complaint):
        """Complaints that may come of the same fault."""
        return complaint and re.sub(r"\d.*", "", complaint)


class Programs(Kind):
    """Programs from a grammar, and spoiled ones. Those that run alike are compared with MicroPython."""

    def __init__(self, name, options):
        super().__init__(name, options)
        self.references = [(bits, os.path.abspath(os.environ[name]))
                           for bits, name in ((32, "MICROPYTHON_SINGLE"), (64, "MICROPYTHON")) if os.environ.get(name)]
        self.corpus = []
        for folder in options.corpus:
            for path in sorted(glob.glob(os.path.join(folder, "**/*.py"), recursive=True)):
                with open(path, "rb") as file:
                    self.corpus.append(file.read())

    @functools.cached_property
    def double_board(self):
        """A board file: the Pyboard with floats of double precision, for a MICROPYTHON that has them."""
        with open(os.path.join(HERE, "../../Boards", self.board + ".yaml")) as file:
            text = file.read().replace("float-bits: 32", "float-bits: 64")
        self.double_board_file = tempfile.NamedTemporaryFile("w", prefix="fuzz.", suffix=".yaml")
        self.double_board_file.write(text)
        self.double_board_file.flush()
        return self.double_board_file.name

    def source(self, seed):
        """A program, and whether it is one that both run alike."""
        chance = random.Random(seed)
        if chance.random() < 0.5:
            return Program(seed).text.encode(), True
        if self.corpus and chance.random() < 0.5:
            return mutate(chance.choice(self.corpus), seed), False
        return mutate(Program(seed).text.encode(), seed), False

    def check(self, seed):
        source, is_valid = self.source(seed)
        outcome = self.run_program(source)
        complaint = self.complaint(outcome)
        if complaint:
            wanted = self.class_of(complaint)
            lines = shrink(source.split(b"\n"),
                           lambda lines: self.class_of(self.complaint(self.run_program(b"\n".join(lines)))) == wanted)
            return self.keep(seed, b"\n".join(lines), complaint, outcome.output + outcome.errors)
        if is_valid:
            for bits, reference in self.references:
                mine = outcome if bits == 32 else self.run_program(source, self.double_board)
                complaint = self.compare(source, mine, reference)
                if complaint:
                    return self.keep(seed, source, complaint, outcome.output + outcome.errors)
        return None

    def compare(self, source, outcome, reference):
        with tempfile.TemporaryDirectory(prefix="fuzz.") as folder:
            with open(os.path.join(folder, "main.py"), "wb") as file:
                file.write(source)
            theirs = self.run([reference, "main.py"], folder)
        if theirs.is_late or theirs.status < 0:
            return None
        both = outcome.output + outcome.errors + theirs.output + theirs.errors
        if any(limit in both for limit in LIMITS):
            return None
        return difference(outcome.output, self.without_traceback(theirs.output))

    @staticmethod
    def without_traceback(text):
        """The unix port writes tracebacks where it prints."""
        place = text.find(b"Traceback (most recent call last):\n")
        return text if place < 0 else text[:place]


def difference(mine, other):
    lines, others = mine.split(b"\n"), other.split(b"\n")
    for number, pair in enumerate(zip(lines, others), 1):
        # Of a board's 32 bits, where MicroPython on this machine has 64 and goes on.
        if pair[0] != pair[1] and pair[0] != b"OverflowError":
            return f"line {number} of the output is {pair[0][:60]!r}, MicroPython's {pair[1][:60]!r}"
    return None if len(lines) == len(others) else "output differs in length from MicroPython's"


class Tasks(Programs):
    """Asyncio programs. Their order is determined as long as the other side, where time is real, is never kept from
    running for the length of a slot; a program that differs is therefore tried again. Best as `chrt -f 5 tools/fuzz/run.py`.
    """

    power_off = "60s"
    attempts = 3

    def source(self, seed):
        return TaskProgram(seed).text.encode(), True

    def compare(self, source, outcome, reference):
        theirs = None
        with tempfile.TemporaryDirectory(prefix="fuzz.") as folder:
            with open(os.path.join(folder, "main.py"), "wb") as file:
                file.write(source)
            for _ in range(self.attempts):
                # The unix port has a standard error for what a board prints where it prints everything.
                theirs = self.run(["sh", "-c", 'exec "$0" main.py 2>&1', reference], folder)
                if theirs.is_late or theirs.status < 0:
                    return None
                if self.comparable(outcome.output) == self.comparable(theirs.output):
                    return None
        return difference(self.comparable(outcome.output), self.comparable(theirs.output))

    @staticmethod
    def comparable(text):
        """Without addresses, the folder of the unix port's modules, and how late it was."""
        text = re.sub(rb"' at [0-9a-f]+>", b"'>", text)
        text = re.sub(rb'File "[^"]*/(asyncio/)', rb'File "\1', text)
        return re.sub(rb"\nlate \d+\n", b"\n", text)


class Statements(Kind):
    """Programs of statements that do not need each other."""

    def check_statements(self, seed, statements, board, program=with_statements):
        def outcome_of(statements):
            return self.run_program(program(statements).encode(), board)

        outcome = outcome_of(statements)
        complaint = self.complaint(outcome, board)
        if not complaint:
            return None
        wanted = self.class_of(complaint)
        statements = shrink(statements, lambda parts: self.class_of(self.complaint(outcome_of(parts), board)) == wanted)
        return self.keep(seed, f"# on {board}\n{program(statements)}".encode(), complaint, outcome.output + outcome.errors)


class Calls(Statements):
    """Calls of everything that firmware can reach, on each board."""

    def __init__(self, name, options):
        super().__init__(name, options)
        self.surfaces = {}
        # Collecting a heap of 16 MiB at every allocation takes for ever and shows nothing more.
        self.boards = [board for board in HEAPS if not options.gc_stress or HEAPS[board] < 1 << 20]
        for board in self.boards:
            with tempfile.TemporaryDirectory(prefix="fuzz.") as folder:
                self.surfaces[board] = Surface(self.vpyboard, folder, board, options.timeout)

    def check(self, seed):
        board = random.Random(seed).choice(["pyboard-v1.1"] * 2 + self.boards)
        return self.check_statements(seed, CallProgram(seed, self.surfaces[board]).statements, board)


class Loops(Calls):
    """Calls that are repeated without end."""

    power_off = "2s"

    def check(self, seed):
        board = random.Random(seed).choice(["pyboard-v1.1"] * 2 + self.boards)
        program = LoopProgram(seed, self.surfaces[board])
        return self.check_statements(seed, program.statements, board, program.with_statements)


class Edges(Statements):
    """Calls that mean something, but for a few arguments, on each board."""

    def check(self, seed):
        boards = [board for board in HEAPS if not self.options.gc_stress or HEAPS[board] < 1 << 20]
        board = random.Random(seed).choice(["pyboard-v1.1"] * 2 + boards)
        return self.check_statements(seed, EdgeProgram(seed).statements, board)


class Pictures(Kind):
    """What framebuf draws, beside a reference."""

    def check(self, seed):
        program = PictureProgram(seed)

        def complaint_of(statements):
            outcome = self.run_program(program.with_statements(statements).encode())
            complaint = self.complaint(outcome)
            if not complaint and outcome.output.decode(errors="replace") != program.expected(statements):
                complaint = "the picture is not that of the reference"
            return complaint

        complaint = complaint_of(program.statements)
        if not complaint:
            return None
        wanted = self.class_of(complaint)
        statements = shrink(program.statements, lambda parts: self.class_of(complaint_of(parts)) == wanted)
        return self.keep(seed, program.with_statements(statements).encode(), complaint, program.expected(statements).encode())


class Inputs(Kind):
    """What a run takes beside firmware: see `inputs.py`."""

    make = None
    # What a wrong input may end with: as wanted, with an error of the firmware, with a usage message.
    statuses = (0, 1, 2)

    def outcome_of(self, entry, parts):
        with tempfile.TemporaryDirectory(prefix="fuzz.") as folder:
            entry.prepare(folder, parts)
            command = entry.command(self.vpyboard, parts)
            outcome = self.run(command, folder, getattr(entry, "meddle", None))
            complaint = self.complaint(outcome, "raspberry-pi", getattr(entry, "expected_signals", ()))
            if not complaint and hasattr(entry, "complaint"):
                complaint = entry.complaint(folder, outcome)
            if not complaint and self.statuses and outcome.status not in self.statuses:
                complaint = f"status {outcome.status}"
            return outcome, complaint

    def check(self, seed):
        entry = self.make(seed)
        outcome, complaint = self.outcome_of(entry, entry.parts)
        if not complaint:
            return None
        wanted = self.class_of(complaint)
        parts = entry.parts
        if len(parts) > 1:
            parts = shrink(parts, lambda parts: self.class_of(self.outcome_of(entry, parts)[1]) == wanted)
        text = "".join(part if isinstance(part, str) else " ".join(part) + "\n" for part in parts)
        return self.keep(seed, text.encode(errors="replace"), complaint, outcome.output + outcome.errors)


class Boards(Inputs):
    make = BoardFile


class Devices(Inputs):
    make = surroundings.Devices

    def __init__(self, name, options):
        super().__init__(name, options)
        surroundings.learn(self.vpyboard)


class Wirings(Inputs):
    make = surroundings.Wirings


class Scenarios(Inputs):
    make = surroundings.Scenarios
    # 42 is that of --timeout.
    statuses = (0, 1, 2, 42)


class Tests(Inputs):
    make = surroundings.Tests
    # 5 is that of no tests.
    statuses = (0, 1, 2, 5)


class Models(Inputs):
    make = surroundings.Models


class Images(Inputs):
    make = surroundings.Images


class Volumes(Inputs):
    make = surroundings.Volumes


class Requests(Inputs):
    make = surroundings.Requests


class Processor(Inputs):
    make = surroundings.Processor


class Commands(Inputs):
    make = CommandLine


class Traces(Inputs):
    make = TraceTarget
    statuses = None


class SignalTimes(Inputs):
    make = Signals
    statuses = None


KINDS = {"calls": Calls, "edges": Edges, "loops": Loops, "programs": Programs, "pictures": Pictures, "boards": Boards, "commands": Commands,
         "traces": Traces, "signals": SignalTimes, "devices": Devices, "wirings": Wirings, "scenarios": Scenarios,
         "tests": Tests, "models": Models, "images": Images, "volumes": Volumes, "requests": Requests, "processor": Processor, "tasks": Tasks}
# Signals take a second each, most others a tenth; so these come in smaller lots.
LOTS = {"calls": 40, "programs": 40, "signals": 4, "traces": 4}


def main():
    options = arguments()
    names = ["tasks"] if options.tasks else options.kinds.split(",")
    unknown = [name for name in names if name not in KINDS]
    if unknown:
        sys.exit(f"no kind {unknown[0]!r}: there are {', '.join(KINDS)}")
    if names == ["tasks"] and not os.environ.get("MICROPYTHON"):
        sys.exit("tasks are compared with MicroPython: MICROPYTHON=path/to/micropython names it")
    if not os.access(options.vpyboard, os.X_OK):
        sys.exit(f"{options.vpyboard} is not there: `make build` makes it, --vpyboard names another")
    # What lives until the end of the process is not let go of before.
    os.environ.setdefault("ASAN_OPTIONS", "detect_leaks=0")
    first = options.seed if options.seed is not None else int(time.time()) * 1000
    version = subprocess.run([options.vpyboard, "--version"], capture_output=True, text=True).stdout.strip()
    print(f"vpyboard {version}, from seed {first}: {', '.join(names)}", flush=True)
    kinds = [KINDS[name](name, options) for name in names]
    counts = dict.fromkeys(names, 0)
    end = time.monotonic() + options.minutes * 60
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        while sum(counts.values()) < options.count if options.count else time.monotonic() < end:
            for kind in kinds:
                start = first + counts[kind.name]
                seeds = range(start, start + LOTS.get(kind.name, 10))
                for seed, complaint in zip(seeds, pool.map(kind.check, seeds)):
                    if complaint:
                        failures += 1
                        print(f"{kind.name} {seed}: {complaint}", flush=True)
                counts[kind.name] += len(seeds)
    done = ", ".join(f"{count} {name}" for name, count in counts.items())
    print(f"{done}; {failures} failures" + (f", kept in {options.keep}" if failures else ""))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
