"""A copy of the suite in which tests run one after another."""
import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading

ports = threading.Lock()


class Output:
    """What a program printed, and how it ended: an exit status, or None when its time was over."""

    # A board whose test is over goes on with its interrupts, which vpyboard says last.
    LAST_LINE = re.compile(rb"^vpyboard: [^\n]* has ended[^\n]*\n\Z", re.MULTILINE)

    def __init__(self, text, status):
        text = text.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n")
        self.text = self.LAST_LINE.sub(b"", text)
        self.status = status


def run(command, folder, timeout, environment=None):
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        return Output(str(error).encode(), 127)
    try:
        text, _ = process.communicate(timeout=timeout)
        return Output(text, process.returncode)
    except subprocess.TimeoutExpired:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        text, _ = process.communicate()
        return Output(text, None)


class Worker:
    """Runs tests on vpyboard, each in its own folder of a copy, as a test may write files."""

    def __init__(self, suite, root, command, timeout):
        self.suite = suite
        self.root = root
        self.command = command
        self.timeout = timeout

    def run(self, test, options=()):
        # Tests of sockets share the host's ports.
        with ports if self.suite.uses_ports(test) else contextlib.nullcontext():
            return self._run(test, options)

    def _run(self, test, options):
        folder, name = os.path.split(test)
        copy = os.path.join(self.root, folder)
        if not os.path.isdir(copy):
            self._copy(folder, copy)
        before = set(os.listdir(copy))
        output = run(self.command + list(options) + [name], copy, self.timeout)
        for left in set(os.listdir(copy)) - before:
            path = os.path.join(copy, left)
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path)
            else:
                os.unlink(path)
        return output

    def _copy(self, folder, copy):
        shutil.copytree(self.suite.path(folder), copy, ignore=shutil.ignore_patterns("__pycache__"))
        library = os.path.join(copy, "lib")
        os.makedirs(library, exist_ok=True)
        for name, source in self.suite.library().items():
            shutil.copyfile(source, os.path.join(library, name))
