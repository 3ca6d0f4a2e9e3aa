#!/usr/bin/env python3
"""mpremote's commands on a virtual board: check_mpremote.py VPYBOARD"""
import os
import re
import subprocess
import sys
import tempfile
import time

from board import Board, expect

MPREMOTE = [sys.executable, "-m", "mpremote"]


def main(vpyboard):
    with Board(vpyboard) as board, tempfile.TemporaryDirectory() as folder:

        def mpremote(*arguments, status=0, stdin=""):
            result = subprocess.run(
                [*MPREMOTE, "connect", board.port, *arguments], cwd=folder, input=stdin, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
            output = result.stdout.replace("\r\n", "\n")
            expect(result.returncode == status, f"mpremote {arguments}: status {result.returncode}, {output}")
            return output

        def write(name, text):
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(text)

        def equal(found, wanted, what):
            expect(found == wanted, f"{what}: {found!r} instead of {wanted!r}")

        write("demo.py", "import time\nprint('begin')\ntime.sleep(2)\nprint('end')\n")
        write("lib/a.py", "x = 1\n")
        write("lib/deep/b.py", "y = 2\n")
        write("broken.py", "1/0\n")
        equal(mpremote("exec", "print(6 * 7)"), "42\n", "exec")
        equal(mpremote("eval", "[1, 2]"), "[1, 2]\n", "eval")
        equal(mpremote("run", "demo.py"), "begin\nend\n", "run")
        expect("ZeroDivisionError" in mpremote("run", "broken.py", status=1), "run of an error")
        equal(mpremote("exec", "a = 5", "eval", "a + 1"), "6\n", "exec and eval")
        equal(mpremote("exec", "b = 1"), "", "exec")
        equal(mpremote("resume", "eval", "b"), "1\n", "resume")
        expect("NameError" in mpremote("eval", "b", status=1), "soft reset before eval")
        equal(mpremote("exec", "c = 7", "soft-reset", "eval", "'c' in globals()"), "False\n", "soft-reset")

        mpremote("fs", "cp", "-r", "lib", ":")
        with open(os.path.join(board.flash, "lib/deep/b.py")) as file:
            equal(file.read(), "y = 2\n", "fs cp -r")
        expect("lib/" in mpremote("fs", "ls"), "fs ls")
        equal(mpremote("fs", "cat", "lib/a.py"), "x = 1\n", "fs cat")
        mpremote("fs", "cp", ":lib/a.py", "fetched.py")
        with open(os.path.join(folder, "fetched.py")) as file:
            equal(file.read(), "x = 1\n", "fs cp from the board")
        mpremote("fs", "mkdir", "more")
        mpremote("fs", "touch", "more/new.txt")
        expect("new.txt" in mpremote("fs", "tree"), "fs tree")
        expect(re.search("[0-9a-f]{64}", mpremote("fs", "sha256sum", "lib/a.py")), "fs sha256sum")
        mpremote("fs", "rm", "more/new.txt")
        mpremote("fs", "rmdir", "more")
        expect(not os.path.exists(os.path.join(board.flash, "more")), "fs rm and rmdir")
        mpremote("fs", "rm", "-r", ":lib")
        expect(not os.path.exists(os.path.join(board.flash, "lib")), "fs rm -r")
        expect("/flash" in mpremote("df"), "df")
        os.environ["EDITOR"] = "sed -i s/new/old/"
        mpremote("exec", "f = open('text', 'w'); f.write('new'); f.close()")
        mpremote("edit", ":text")
        equal(mpremote("fs", "cat", "text"), "old", "edit")

        write("mounted/module.py", "print('imported from', __file__)\n")
        output = mpremote("mount", "mounted", "exec", "import module, os; open('out.txt', 'w').write('x' * 1000); print(os.listdir())")
        expect("imported from" in output and "module.py" in output, "mount: " + output)
        equal(os.path.getsize(os.path.join(folder, "mounted/out.txt")), 1000, "a file written through mount")

        mpremote("rtc", "--set")
        year = re.match(r"\((\d+),", mpremote("resume", "rtc"))
        equal(year and int(year[1]), time.localtime().tm_year, "rtc")
        mpremote("sleep", "0.1", "exec", "pass")
        mpremote("reset")
        equal(mpremote("resume", "eval", "__import__('machine').reset_cause()"), "2\n", "reset")

        write("package.json", '{"urls": [["demo.py", "lib/a.py"]], "version": "1"}')
        mpremote("mip", "install", "--target", "/flash/lib", os.path.join(folder, "package.json"))
        expect(os.path.exists(os.path.join(board.flash, "lib/demo.py")), "mip install")
        check_speed(mpremote, write, folder, board)


def check_speed(mpremote, write, folder, board):
    """Not a measurement: what a hanging or waiting board would miss by far."""
    with open(os.path.join(folder, "large.bin"), "wb") as file:
        file.write(os.urandom(65536))
    began = time.monotonic()
    mpremote("fs", "cp", "large.bin", ":")
    took = time.monotonic() - began
    with open(os.path.join(folder, "large.bin"), "rb") as here, open(os.path.join(board.flash, "large.bin"), "rb") as there:
        expect(here.read() == there.read(), "64 KiB by fs cp")
    print(f"mpremote: 64 KiB in {took:.2f} s")


if __name__ == "__main__":
    main(sys.argv[1])
