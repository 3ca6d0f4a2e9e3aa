"""Runs one process with limits on its time, and says what of it no input may bring about."""
import math
import os
import re
import resource
import signal
import subprocess
import tempfile
import threading

MIB = 1 << 20
# What the emulator needs of the host's memory whatever it runs, and how much more for each byte of the board's heap.
MEMORY_BASE = 64 * MIB
MEMORY_FACTOR = 8


class Outcome:
    """How a process ended."""

    def __init__(self, output, errors, status, peak, is_late):
        self.output = output
        self.errors = errors
        # Negative for the signal that ended it, as in `subprocess`.
        self.status = status
        # Bytes of the host's memory that it held at most.
        self.peak = peak
        # Whether it had to be killed because its time of the processor was over, or twenty times that of the wall.
        self.is_late = is_late

    def complaint(self, timeout, memory=None, expected_signals=()):
        """What is wrong, or None. `memory` is the most that it may have held, in bytes."""
        everything = self.output + self.errors
        if self.is_late:
            return f"no end after {timeout:g} s"
        if self.status < 0 and -self.status not in expected_signals:
            return f"ended by signal {-self.status}"
        if b"AddressSanitizer" in self.errors or b"ThreadSanitizer" in self.errors:
            return "a sanitizer complains"
        if re.search(rb"Fatal error|Swift/\w+.swift:\d+|Crash:|Thread \d+.*crashed", self.errors):
            return "crashed"
        if b"uncaught exception" in everything and b"SystemExit" in everything:
            return "the end of the power was printed"
        if memory and self.peak > memory:
            return f"held {self.peak // MIB} MiB, {memory // MIB} are allowed"
        return None


def memory_bound(board_heap):
    return MEMORY_BASE + MEMORY_FACTOR * board_heap


def prepare(seconds):
    """In the process that will run: no core file, so much of the processor's time, and signals that act, also where whoever
    started this ignores them, as a shell does with what it runs in the background."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds) + 1))
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM, signal.SIGTSTP):
        signal.signal(number, signal.SIG_DFL)


def run(command, folder, timeout=20, stdin=None, meddle=None, environment=None):
    """Runs `command` in `folder`, for `timeout` seconds of the processor's time: the machine may be busy with something else.
    `meddle` is called with the process while it runs (to send signals)."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, cwd=folder, stdin=stdin if stdin is not None else subprocess.DEVNULL, stdout=output, stderr=errors,
            env=environment, preexec_fn=lambda: prepare(timeout), start_new_session=True)
        late = threading.Event()

        def end():
            late.set()
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

        clock = threading.Timer(20 * timeout, end)
        clock.start()
        if meddle:
            meddle(process)
        _, status, usage = os.wait4(process.pid, 0)
        clock.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        is_late = late.is_set() or process.returncode == -signal.SIGXCPU
        return Outcome(output.read(4 * MIB), errors.read(4 * MIB), process.returncode, usage.ru_maxrss * 1024, is_late)
