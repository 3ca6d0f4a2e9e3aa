#!/usr/bin/env python3
"""Thonny's back-end for boards at a serial port, as its front-end uses it: check_thonny.py VPYBOARD"""
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time

from board import Board, expect
from thonny.common import (
    ImmediateCommand, InlineCommand, InlineResponse, ToplevelCommand, ToplevelResponse, parse_message, serialize_message,
)

ARGUMENTS = {
    "clean": True, "interrupt_on_connect": True, "proxy_class": "GenericMicroPythonProxy", "sync_time": True,
    "validate_time": True, "utc_clock": False, "restart_interpreter_before_run": True, "local_rtc": True,
    "submit_mode": None, "write_block_size": None, "write_block_delay": None, "read_block_size": None,
    "cwd": "", "dtr": None, "rts": None,
}


class BackEnd:
    def __init__(self, port, home):
        environment = dict(os.environ, HOME=home, THONNY_USER_DIR=home)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "thonny.plugins.micropython.bare_metal_backend", repr(dict(ARGUMENTS, port=port))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        self.messages = queue.Queue()
        self.printed = ""
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            if line.startswith("\x02"):
                count = int(line[1:].split(" ")[0])
                for _ in range(count - 1):
                    line += self.process.stdout.readline()
                self.messages.put(parse_message(line))

    def send(self, message):
        self.process.stdin.write(serialize_message(message) + "\n")
        self.process.stdin.flush()

    def wait(self, kind, what):
        """The next message of a kind; what is printed before it is kept in `printed`."""
        self.printed = ""
        deadline = time.monotonic() + 30
        while True:
            try:
                message = self.messages.get(timeout=max(0.1, deadline - time.monotonic()))
            except queue.Empty:
                sys.exit(f"FAILED: {what}: no {kind.__name__}; printed {self.printed!r}")
            if isinstance(message, kind):
                return message
            if getattr(message, "event_type", "") == "ProgramOutput":
                self.printed += message.data

    def toplevel(self, name, **values):
        self.send(ToplevelCommand(name, **values))
        self.wait(ToplevelResponse, name)
        return self.printed

    def inline(self, name, **values):
        self.send(InlineCommand(name, **values))
        return self.wait(InlineResponse, name)


def main(vpyboard):
    with Board(vpyboard) as board, tempfile.TemporaryDirectory() as home:
        with open(os.path.join(board.flash, "data.txt"), "w") as file:
            file.write("hello")
        end = BackEnd(board.port, home)
        try:
            end.wait(ToplevelResponse, "connecting")
            printed = end.toplevel("execute_source", source="print(6 * 7)")
            expect("42" in printed, f"execute_source printed {printed!r}")
            printed = end.toplevel("Run", args=["main.py"], source="x = 5\nprint('ran', x)\n", cmd_line="%Run -c $EDITOR_CONTENT", working_directory=None)
            expect("ran 5" in printed, f"Run printed {printed!r}")
            variables = end.inline("get_globals", module_name="__main__").globals
            expect("x" in variables and variables["x"].repr == "5", f"variables {variables!r}")
            files = end.inline("get_dirs_children_info", node_id="", paths=["/flash"], include_hidden=False).data
            expect("data.txt" in files["/flash"], f"files {files!r}")
            end.send(ToplevelCommand("execute_source", source="while True: pass"))
            time.sleep(1)
            end.send(ImmediateCommand("interrupt"))
            end.wait(ToplevelResponse, "stopping")
            expect("KeyboardInterrupt" in end.printed, f"stopping printed {end.printed!r}")
        finally:
            end.process.kill()
            end.process.wait()


if __name__ == "__main__":
    main(sys.argv[1])
