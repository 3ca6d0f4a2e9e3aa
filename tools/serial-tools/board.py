"""A board of vpyboard's in a process of its own, with its console at a pseudo-terminal."""
import os
import subprocess
import sys
import tempfile


class Board:
    """`with Board(vpyboard) as board:`; `board.port` is what to open, `board.flash` the folder of its files."""

    def __init__(self, vpyboard, *options):
        self.scratch = tempfile.TemporaryDirectory(prefix="board.")
        self.flash = os.path.join(self.scratch.name, "flash")
        os.mkdir(self.flash)
        command = [vpyboard, "repl", self.flash, "--serial", "pty", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        self.port = self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.scratch.cleanup()


def expect(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")
