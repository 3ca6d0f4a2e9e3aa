"""Decides whether what a test printed is what it should print."""
import difflib
import os
import re
import sys

from worker import run


class Outcome:
    """How a test came out: `passed`, `failed` or `not applicable`, why, and the difference in the output."""

    def __init__(self, test, kind, why="", difference=""):
        self.test = test
        self.kind = kind
        self.why = why
        self.difference = difference


class Judge:
    def __init__(self, suite, micropython, timeout):
        self.suite = suite
        self.micropython = micropython and os.path.abspath(micropython)
        self.timeout = timeout

    def not_applicable(self, test):
        return Outcome(test, "not applicable")

    def judge(self, test, worker, options=()):
        output = worker.run(test, options)
        if output.status is None:
            return Outcome(test, "failed", f"no end after {worker.timeout:g} s", tail(output.text))
        if output.text == b"SKIP\n":
            return Outcome(test, "failed", "skips itself, and is not listed as not applicable")
        summary = unittest_summary(output.text)
        if summary is not None:
            if summary and output.status == 0:
                return Outcome(test, "passed")
            return Outcome(test, "failed", "unittest reports failures", tail(output.text))
        expected = self.suite.expectation(test)
        if expected is None:
            expected = self._reference(test)
            if expected is None:
                return Outcome(test, "failed", "the reference prints nothing usable", tail(output.text))
        if self.suite.has_patterns(test):
            ok = matches_patterns(expected, output.text)
        else:
            ok = expected == output.text
        if ok and output.status == 0:
            return Outcome(test, "passed")
        why = f"exit status {output.status}" if output.status else "other output"
        if output.status < 0:
            why = f"ended by signal {-output.status}"
        return Outcome(test, "failed", why, difference(expected, output.text))

    def _reference(self, test):
        """The output of the reference: MicroPython where it runs the test, otherwise CPython, as the suite does."""
        folder, name = os.path.split(self.suite.path(test))
        if self.micropython:
            output = run([self.micropython, name], folder, self.timeout)
            if output.status == 0 and output.text != b"SKIP\n" and unittest_summary(output.text) is None:
                return output.text
        environment = dict(os.environ, PYTHONIOENCODING="utf-8")
        output = run([sys.executable, "-BS", name], folder, self.timeout, environment)
        return output.text if output.status == 0 else None


def unittest_summary(text):
    """True or false by the last lines of a test that ends with unittest's summary, else None."""
    lines = text.splitlines()
    if len(lines) < 5 or lines[-4] != b"-" * 70 or not re.match(rb"Ran \d+ tests?$", lines[-3]):
        return None
    return bool(re.match(rb"OK( \(skipped=\d+\))?$", lines[-1]))


def matches_patterns(expected, text):
    """Each line of the expectation is a pattern whose special characters count with a backslash before them; a line
    of eight # stands for any number of lines."""
    parts = []
    for line in expected.decode().splitlines():
        if line == "########":
            parts.append(r"(?:[^\n]*\n)*?")
        else:
            # The backslash means the opposite of what it means in a regular expression.
            literal = re.sub(r"\\(.)|([()\[\]{}.*+^$])", lambda m: m[1] or "\\" + m[2], line)
            parts.append(literal + r"\n")
    return re.fullmatch("".join(parts), text.decode("utf-8", "replace"), re.MULTILINE) is not None


def difference(expected, text):
    lines = difflib.unified_diff(
        expected.decode("utf-8", "replace").splitlines(),
        text.decode("utf-8", "replace").splitlines(),
        "expected",
        "printed",
        lineterm="",
        n=2,
    )
    return "\n".join(line[:200] for _, line in zip(range(40), lines))


def tail(text):
    return "\n".join(text.decode("utf-8", "replace").splitlines()[-15:])
