#!/usr/bin/env python3
"""Throws generated and spoiled programs at vpyboard: none may crash it, or keep it busy after the board lost power.

    tools/fuzz/run.py [--minutes 30] [--seed N] [--corpus FOLDER ...]
    tools/fuzz/run.py --tasks [--minutes 30] [--seed N]

With MICROPYTHON=path, a program from the grammar that runs on both must print the same on both. Programs that failed
are kept in --keep, named by their seed. The exit status is 0 when there were none.
"""
import argparse
import concurrent.futures
import glob
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from mutations import mutate  # noqa: E402
from programs import Program  # noqa: E402
from tasks import TaskProgram  # noqa: E402

# Printed by either where its memory, stack or time ends, which are not the same on both.
LIMITS = (b"MemoryError", b"RuntimeError", b"RecursionError")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--vpyboard", default=os.path.join(HERE, "../../.build/release/vpyboard"))
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, help="the first program's; by default from the clock")
    parser.add_argument("--count", type=int, help="so many programs in place of minutes")
    parser.add_argument("--corpus", nargs="*", default=[os.path.join(HERE, "../../Examples")])
    parser.add_argument("--keep", default=os.path.join(HERE, "../../.build/fuzz"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--tasks", action="store_true", help="asyncio programs only, to be compared with MICROPYTHON")
    parser.add_argument("--timeout", type=float, default=20, help="seconds of wall time for one program (20)")
    return parser.parse_args()


class Fuzzer:
    def __init__(self, options):
        self.options = options
        self.micropython = os.environ.get("MICROPYTHON")
        self.micropython = self.micropython and os.path.abspath(self.micropython)
        self.corpus = []
        for folder in options.corpus:
            for path in sorted(glob.glob(os.path.join(folder, "**/*.py"), recursive=True)):
                with open(path, "rb") as file:
                    self.corpus.append(file.read())

    # How long the board has power.
    power_off = "5s"

    def source(self, seed):
        """A program, and whether it is one that both run alike."""
        chance = random.Random(seed)
        if chance.random() < 0.5:
            return Program(seed).text.encode(), True
        if self.corpus and chance.random() < 0.5:
            return mutate(chance.choice(self.corpus), seed), False
        return mutate(Program(seed).text.encode(), seed), False

    def check(self, seed):
        """What is wrong with how one program ran, or None."""
        source, is_valid = self.source(seed)
        with tempfile.TemporaryDirectory(prefix="fuzz.") as folder:
            with open(os.path.join(folder, "main.py"), "wb") as file:
                file.write(source)
            command = [os.path.abspath(self.options.vpyboard), "run", "--speed", "max", "--for", self.power_off]
            output, errors, status = self.run(command + ["--diagnostics", "off", "main.py"], folder)
            if status is None:
                complaint = f"no end after {self.options.timeout:g} s"
            elif status < 0:
                complaint = f"ended by signal {-status}"
            elif b"Fatal error" in errors or b"crash" in errors.lower():
                complaint = "crashed"
            elif is_valid and self.micropython:
                complaint = self.compare(folder, output, errors, status)
            else:
                complaint = None
        if complaint:
            self.keep(seed, source, complaint, output + errors)
        return complaint

    def compare(self, folder, output, errors, status):
        theirs, their_errors, their_status = self.run([self.micropython, "main.py"], folder)
        if their_status is None or their_status < 0:
            return None
        both = output + errors + theirs + their_errors
        if any(limit in both for limit in LIMITS):
            return None
        if output == self.without_traceback(theirs):
            return None
        for number, (mine, other) in enumerate(zip(output.split(b"\n"), theirs.split(b"\n")), 1):
            if mine != other:
                return f"line {number} of the output is {mine[:60]!r}, MicroPython's {other[:60]!r}"
        return "output differs in length from MicroPython's"

    @staticmethod
    def without_traceback(text):
        """The unix port writes tracebacks where it prints."""
        place = text.find(b"Traceback (most recent call last):\n")
        return text if place < 0 else text[:place]

    def run(self, command, folder):
        limit = lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        try:
            done = subprocess.run(
                command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=self.options.timeout,
                preexec_fn=limit)
            return done.stdout, done.stderr, done.returncode
        except subprocess.TimeoutExpired as late:
            return late.stdout or b"", late.stderr or b"", None

    def keep(self, seed, source, complaint, output):
        os.makedirs(self.options.keep, exist_ok=True)
        with open(os.path.join(self.options.keep, f"{seed}.py"), "wb") as file:
            file.write(source)
        with open(os.path.join(self.options.keep, f"{seed}.txt"), "wb") as file:
            file.write(complaint.encode() + b"\n\n" + output[-20_000:])


class TaskFuzzer(Fuzzer):
    """Asyncio programs. Their order is determined as long as the other side, where time is real, is never kept from
    running for the length of a slot; a program that differs is therefore tried again. Best as `chrt -f 5 tools/fuzz/run.py`.
    """

    power_off = "60s"
    attempts = 3

    def source(self, seed):
        return TaskProgram(seed).text.encode(), True

    def compare(self, folder, output, errors, status):
        for _ in range(self.attempts):
            # The unix port has a standard error for what a board prints where it prints everything.
            theirs, _, their_status = self.run(["sh", "-c", 'exec "$0" main.py 2>&1', self.micropython], folder)
            if their_status is None or their_status < 0 or self.comparable(output) == self.comparable(theirs):
                return None
        mine, other = self.comparable(output).split(b"\n"), self.comparable(theirs).split(b"\n")
        for number, pair in enumerate(zip(mine, other), 1):
            if pair[0] != pair[1]:
                return f"line {number} of the output is {pair[0][:60]!r}, MicroPython's {pair[1][:60]!r}"
        return "output differs in length from MicroPython's"

    @staticmethod
    def comparable(text):
        """Without addresses, the folder of the unix port's modules, and how late it was."""
        text = re.sub(rb"' at [0-9a-f]+>", b"'>", text)
        text = re.sub(rb'File "[^"]*/(asyncio/)', rb'File "\1', text)
        return re.sub(rb"\nlate \d+\n", b"\n", text)


def main():
    options = arguments()
    if options.tasks and not os.environ.get("MICROPYTHON"):
        sys.exit("--tasks compares with MicroPython: MICROPYTHON=path/to/micropython names it")
    if not os.access(options.vpyboard, os.X_OK):
        sys.exit(f"{options.vpyboard} is not there: `make build` makes it, --vpyboard names another")
    fuzzer = TaskFuzzer(options) if options.tasks else Fuzzer(options)
    first = options.seed if options.seed is not None else int(time.time()) * 1000
    print(f"from seed {first}", flush=True)
    end = time.monotonic() + options.minutes * 60
    count = failures = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        while count < options.count if options.count else time.monotonic() < end:
            seeds = range(first + count, first + count + 20 * options.jobs)
            for seed, complaint in zip(seeds, pool.map(fuzzer.check, seeds)):
                if complaint:
                    failures += 1
                    print(f"{seed}: {complaint}", flush=True)
            count += len(seeds)
    print(f"{count} programs, {failures} failures" + (f", kept in {options.keep}" if failures else ""))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
