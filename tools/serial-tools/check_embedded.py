#!/usr/bin/env python3
"""pytest-embedded's serial service on a virtual board, also where pytest-vpyboard is installed: check_embedded.py VPYBOARD"""
import os
import subprocess
import sys
import tempfile

from board import Board, expect

TEST = '''
def test_board(dut):
    dut.write("\\r\\n")
    dut.expect_exact(">>> ", timeout=10)
    dut.write("print(6 * 7)\\r\\n")
    dut.expect(r"\\b42\\b", timeout=10)
    dut.write("\\x04")
    dut.expect_exact("soft reboot", timeout=10)
'''


def main(vpyboard):
    with Board(vpyboard) as board, tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "test_board.py"), "w") as file:
            file.write(TEST)
        plugin = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "pytest-vpyboard")
        for options in [], ["-p", "pytest_vpyboard.plugin"]:
            result = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--embedded-services", "serial", "--port", board.port]
                + options,
                cwd=folder, env={**os.environ, "PYTHONPATH": plugin, "PYTHONDONTWRITEBYTECODE": "1"}, text=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
            expect(result.returncode == 0, result.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
