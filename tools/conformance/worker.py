"""A copy of the suite in which tests run one after another."""
import contextlib
import os
import shutil
import signal
import subprocess
import threading

ports = threading.Lock()


class Output:
    """What a program printed, and how it ended: an exit status, or None when its time was over."""

    def __init__(self, text, status):
        self.text = text.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n")
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

    def run(self, test):
        # Tests of sockets share the host's ports.
        with ports if self.suite.uses_ports(test) else contextlib.nullcontext():
            return self._run(test)

    def _run(self, test):
        folder, name = os.path.split(test)
        copy = os.path.join(self.root, folder)
        if not os.path.isdir(copy):
            self._copy(folder, copy)
        before = set(os.listdir(copy))
        output = run(self.command + [name], copy, self.timeout)
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
