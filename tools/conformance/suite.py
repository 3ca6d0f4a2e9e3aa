"""The upstream suite, on the host."""
import os


class Suite:
    """The tests folder of a checkout of micropython/micropython."""

    def __init__(self, path):
        candidates = [os.path.join(path, "tests"), path]
        for root in candidates:
            if os.path.isfile(os.path.join(root, "run-tests.py")):
                self.root = os.path.abspath(root)
                return
        raise ValueError(f"{path} holds no tests/run-tests.py: name a checkout of micropython/micropython")

    def tests(self, folders):
        """Paths from the root of all tests in some folders, sorted within each folder."""
        found = []
        for folder in folders:
            try:
                names = sorted(os.listdir(os.path.join(self.root, folder)))
            except FileNotFoundError:
                continue
            found += [f"{folder}/{name}" for name in names if name.endswith(".py")]
        return found

    def path(self, test):
        return os.path.join(self.root, test)

    def expectation(self, test):
        """What the suite itself says that a test prints, or None."""
        try:
            with open(self.path(test) + ".exp", "rb") as file:
                return file.read().replace(b"\r\n", b"\n")
        except FileNotFoundError:
            return None

    # Tests whose expectation is written as one pattern a line; the suite's runner knows them by name too.
    PATTERNS = {
        "basics/builtin_help.py",
        "basics/bytes_compare3.py",
        "basics/weakref_callback_exception.py",
        "micropython/meminfo.py",
        "misc/sys_settrace_cov.py",
        "thread/thread_exc2.py",
    }

    def has_patterns(self, test):
        return test in self.PATTERNS

    def uses_ports(self, test):
        with open(self.path(test), "rb") as file:
            return b"socket" in file.read() or test.startswith("net_")

    def library(self):
        """Files that somebody who runs the suite puts on the board before: name and source."""
        own = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib")
        files = {name: os.path.join(own, name) for name in os.listdir(own) if name.endswith(".py")}
        wiring = os.path.join(self.root, "target_wiring", "PYBx.py")
        if os.path.isfile(wiring):
            files["target_wiring.py"] = wiring
        return files
