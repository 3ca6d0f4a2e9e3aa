"""The lists of tests that do not apply, of those that are known to fail, and of those that need wires."""
import fnmatch
import os
import shlex


class Reasons:
    """Each line of a list is `PATTERN: REASON`, or `PATTERN: OPTIONS` of `vpyboard run`; the pattern is a test's path, `*` allowed. The last match
    counts."""

    def __init__(self, folder):
        self._not_applicable = self._read(os.path.join(folder, "not-applicable.txt"))
        self._known_failures = self._read(os.path.join(folder, "known-failures.txt"))
        self._options = self._read(os.path.join(folder, "wires.txt"))

    def _read(self, path):
        entries = []
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                line = line.strip()
                if not line or line.startswith("#"):
                    continue
                pattern, colon, reason = line.partition(": ")
                if not colon or not reason:
                    raise ValueError(f"{path}:{number}: a line is `PATTERN: REASON`")
                entries.append((pattern, reason))
        return entries

    def _find(self, entries, test):
        for pattern, reason in reversed(entries):
            if fnmatch.fnmatchcase(test, pattern):
                return reason
        return None

    def not_applicable(self, test):
        return self._find(self._not_applicable, test)

    def known_failure(self, test):
        return self._find(self._known_failures, test)

    def options(self, test):
        """What `vpyboard run` is told beside the usual."""
        return shlex.split(self._find(self._options, test) or "")

    def unused(self, tests):
        """Patterns that match none of the tests."""
        for pattern, _ in self._not_applicable + self._known_failures:
            if not any(fnmatch.fnmatchcase(test, pattern) for test in tests):
                yield pattern
