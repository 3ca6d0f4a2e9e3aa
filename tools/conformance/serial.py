#!/usr/bin/env python3
"""Runs MicroPython's tests and mpremote's through the serial port of a virtual board.

    tools/conformance/serial.py UPSTREAM [options]

UPSTREAM is a checkout of micropython/micropython; nothing in it is written to. `run-tests.py -t` is used as for a real board, at a
pseudo-terminal and with `execpty:`, and then mpremote's own test suite. The exit status is 0 when every test passed that is neither in
not-applicable.txt nor in known-failures.txt.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from reasons import Reasons  # noqa: E402

PYTHON = os.path.join(HERE, "../../.build/serial-tools/bin/python")

# `disconnect` in mpremote's tests connects again by itself, which looks for a USB port: lists the board's as one.
LISTING = """
import os
from serial.tools import list_ports, list_ports_common

def comports(include_links=False):
    port = list_ports_common.ListPortInfo(os.environ["MPREMOTE_DEVICE"])
    port.vid, port.pid, port.hwid = 0xf055, 0x9800, "USB VID:PID=F055:9800"
    return [port]

list_ports.comports = comports
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("upstream", help="a checkout of micropython/micropython")
    parser.add_argument("--vpyboard", default=os.path.join(HERE, "../../.build/release/vpyboard"))
    parser.add_argument("--folders", nargs="+", default="basics extmod float micropython misc stress unicode".split())
    return parser.parse_args()


def environment(**more):
    path = os.path.dirname(PYTHON) + os.pathsep + os.environ["PATH"]
    result = dict(os.environ, PATH=path, **more)
    # The suites expect what Python prints to a pipe to arrive in blocks.
    result.pop("PYTHONUNBUFFERED", None)
    return result


class Board:
    def __init__(self, vpyboard, flash):
        self.flash = flash
        shutil.copytree(os.path.join(HERE, "lib"), os.path.join(self.flash, "lib"), dirs_exist_ok=True)
        self.command = [os.path.abspath(vpyboard), "repl", self.flash, "--serial", "pty", "--wire", "X1-X2"]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        self.port = self.process.stdout.readline().strip()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def run_tests(upstream, device, options, scratch):
    """The names of the tests that failed."""
    results = os.path.join(scratch, "results")
    process = subprocess.run(
        [PYTHON, "run-tests.py", "-t", device, "--result-dir", results, "-d", *options.folders],
        cwd=os.path.join(upstream, "tests"), env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    summary = [line for line in process.stdout.splitlines() if re.match(r"\d+ tests", line)]
    if not summary:
        sys.exit(process.stdout[-2000:])
    for line in summary:
        print("  " + line.split(":")[0])
    failed = [line.partition(": ")[2].split() for line in summary if "tests failed" in line]
    return failed[0] if failed else []


def run_mpremote_tests(upstream, port, scratch):
    """The names of mpremote's tests that failed."""
    copy = os.path.join(scratch, "mpremote")
    shutil.copytree(os.path.join(upstream, "tools/mpremote"), copy)
    with open(os.path.join(scratch, "sitecustomize.py"), "w") as file:
        file.write(LISTING)
    process = subprocess.run(
        ["./run-mpremote-tests.sh", "-t", port], cwd=os.path.join(copy, "tests"), stdin=subprocess.DEVNULL,
        env=environment(PYTHONPATH=scratch, MPREMOTE_DEVICE=port), stdout=subprocess.PIPE, text=True)
    outcomes = re.findall(r"^\./(\w+\.sh): (\w+)$", process.stdout, re.M)
    print(f"  {sum(outcome == 'OK' for _, outcome in outcomes)} of {len(outcomes)} passed")
    failed = [name for name, outcome in outcomes if outcome not in ("OK", "skip")]
    if failed:
        print(process.stdout)
    return failed


def main():
    options = arguments()
    subprocess.run([os.path.join(HERE, "../serial-tools/prepare")], check=True)
    reasons = Reasons(HERE)
    unexpected = []
    with tempfile.TemporaryDirectory(prefix="serial.") as scratch:
        with Board(options.vpyboard, os.path.join(scratch, "flash")) as board:
            print("run-tests.py at a pseudo-terminal")
            failed = run_tests(options.upstream, board.port, options, scratch)
            print("mpremote's own tests")
            unexpected += run_mpremote_tests(options.upstream, board.port, scratch)
        print("run-tests.py with execpty")
        # Another flash: mpremote's tests leave nothing on theirs.
        board = Board(options.vpyboard, os.path.join(scratch, "execpty-flash"))
        failed += run_tests(options.upstream, "execpty:" + " ".join(board.command), options, scratch)
        unexpected += [test for test in failed if not reasons.not_applicable(test) and not reasons.known_failure(test)]
    for test in sorted(set(unexpected)):
        print("FAILED", test)
    sys.exit(1 if unexpected else 0)


if __name__ == "__main__":
    main()
