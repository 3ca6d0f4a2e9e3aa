"""A virtual board in a process of its own, by lines of JSON (vpyboard docs testing)."""

import json
import os
import re
import shutil
import subprocess


class BoardError(Exception):
    """The emulator cannot do what it was asked for."""


class BoardFailure(AssertionError):
    """What was expected did not happen."""


class Trigger:
    """Watches for something from the moment that it is made."""

    def __init__(self, board, number):
        self._board = board
        self._number = number

    def wait(self, within=None):
        """Lets board time go by until it has happened; gives what it brought, times in microseconds."""
        return self._board.request("wait", trigger=self._number, within=within)


class Recording:
    """What a signal does from now on."""

    def __init__(self, board, number):
        self._board = board
        self._number = number

    def _all(self):
        return self._board.request("recording", recording=self._number)

    @property
    def changes(self):
        """Pairs of time, in microseconds, and value."""
        return [tuple(change) for change in self._all()["changes"]]

    @property
    def frequency(self):
        """Hertz; None with less than a period."""
        return self._all()["frequency"]

    @property
    def duty(self):
        """Percent of the time."""
        return self._all()["duty"]

    @property
    def longest_high(self):
        """Microseconds."""
        return self._all()["longest_high"]

    @property
    def longest_low(self):
        """Microseconds."""
        return self._all()["longest_low"]


class Board:
    """A board that has just got power, and what stands around it. Times are seconds, or text as in "5ms"."""

    def __init__(self, program="vpyboard", board=None, seed=0, wiring=None, folder=None, traces=False):
        """board is a built-in board or a board file, wiring a wiring file with the board and what is wired to it; paths are found
        from folder. traces: whether the board's traces are kept (traces())."""
        path = shutil.which(program)
        if path is None:
            raise BoardError("there is no program %s: give --vpyboard PATH or $VPYBOARD" % program)
        self._process = subprocess.Popen(
            [os.path.abspath(path), "serve", "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=folder,
        )
        self._last = 0
        # The firmware's output as far as it has been fetched, and up to where expectations have used it.
        self._output = ""
        self._fetched = 0
        self._seen = 0
        try:
            self.request("open", board=board, seed=seed, wiring=wiring and str(wiring), traces=traces or None)
        except Exception:
            self.close()
            raise

    def request(self, method, **params):
        """One request of the protocol."""
        self._last += 1
        params = {name: value for name, value in params.items() if value is not None}
        try:
            self._process.stdin.write(json.dumps({"id": self._last, "method": method, "params": params}) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise BoardError("vpyboard has ended with status %s" % self._process.wait())
        answer = json.loads(answer)
        if "error" in answer:
            error = answer["error"]
            raise (BoardFailure if error["kind"] == "failure" else BoardError)(error["message"])
        return answer["result"]

    def close(self):
        """Takes the power away."""
        if self._process.poll() is None:
            self._process.stdin.close()
            self._process.wait(timeout=10)
        self._process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # Firmware

    def run(self, source):
        """Runs a program, given as text, when board time next goes on."""
        self.request("start", source=source)

    def run_file(self, path):
        """Runs a file, or the main.py of a folder."""
        self.request("start", file=str(path))

    @property
    def output(self):
        new = self.request("output", **{"from": self._fetched})
        self._output += new["text"]
        self._fetched = new["next"]
        return self._output

    @property
    def findings(self):
        """The mistakes that the emulator has found in the firmware."""
        return self.request("findings")

    @property
    def tasks(self):
        """The names of the tasks that are left."""
        return self.request("tasks")

    @property
    def state(self):
        return self.request("state")

    @property
    def waveforms(self):
        return self.request("waveforms")

    def traces(self):
        """What every pin, LED and interrupt did, as lines of text and as a value change dump, which ends with this."""
        traces = self.request("traces")
        return traces["trace"], traces["vcd"]

    # What is around it

    def set(self, control, value):
        """Sets a control: set("USR.pressed", True)."""
        if isinstance(value, (tuple, list)):
            value = ",".join(str(part) for part in value)
        self.request("set", control=control, value=value)

    def get(self, signal):
        """The value of a signal; of a pin alone, its level."""
        return self.request("get", signal=signal)

    def wire(self, first, second):
        self.request("wire", **{"from": first, "to": second})

    def device(self, text):
        """Wires a device to the board, as --device does; gives its name."""
        return self.request("device", device=text)

    @property
    def lines(self):
        """Names under which programs open the other ends of serial lines, by device: {"peer": "/dev/pts/3"}."""
        return self.request("lines")

    # Time

    @property
    def now(self):
        """Board time in microseconds."""
        return self.request("now")["now"]

    def advance(self, time):
        self.request("advance", time=time)

    def _trigger(self, kind, **params):
        return Trigger(self, self.request("trigger", kind=kind, **params))

    def edge(self, pin, edge="any", within=None):
        return self._trigger("edge", pin=pin, edge=edge, within=within)

    def level(self, pin, value, within=None):
        return self._trigger("level", pin=pin, value=int(value), within=within)

    def pulse(self, pin, level=1, within=None):
        return self._trigger("pulse", pin=pin, value=int(level), within=within)

    def bytes(self, signal, text, within=None):
        return self._trigger("bytes", signal=signal, bytes=text, within=within)

    def until(self, signal, value, within=None):
        return self._trigger("until", signal=signal, value=value, within=within)

    def line(self, text="", within=None):
        return self._trigger("line", text=text, within=within)

    def quiescence(self, time, *pins, within=None):
        return self._trigger("quiescence", time=time, pins=list(pins), within=within)

    def time(self, time):
        return self._trigger("time", time=time)

    def first_of(self, *triggers, within=None):
        """The first of several; gives its number, counted from 0, and what it brought."""
        return self._trigger("first", triggers=[trigger._number for trigger in triggers], within=within)

    def all_of(self, *triggers, within=None):
        """All of several; gives what each brought."""
        return self._trigger("all", triggers=[trigger._number for trigger in triggers], within=within)

    def record(self, signal):
        return Recording(self, self.request("record", signal=signal))

    # In pytest-embedded's words

    def expect(self, pattern, timeout=30, expect_all=False, not_matching=(), return_what_before_match=False):
        """Lets board time go by until the output has what the regular expression, or one of several, describes; gives the match.

        What comes up to the end of the match is not looked at again. A pattern of bytes gives a match of bytes.

        expect_all: all of several have to come, in any order; gives a list. not_matching: what must not come before it.
        return_what_before_match: gives the output up to the match instead.
        """
        return self._expect(pattern, timeout, expect_all, not_matching, return_what_before_match, lambda text: text)

    def expect_exact(self, text, timeout=30, expect_all=False, not_matching=(), return_what_before_match=False):
        """The same for a text, or one of several."""
        return self._expect(text, timeout, expect_all, not_matching, return_what_before_match, re.escape)

    def write(self, text):
        """Types at the firmware's console."""
        self.request("write", text=text.decode() if isinstance(text, bytes) else text)

    def _expect(self, wanted, timeout, expect_all, not_matching, gives_text_before, source):
        if gives_text_before and expect_all:
            raise ValueError("return_what_before_match and expect_all cannot be True at the same time")
        left = list(wanted) if isinstance(wanted, (list, tuple)) else [wanted]
        refused = not_matching if isinstance(not_matching, (list, tuple)) else [not_matching]
        end = self.now + timeout * 1e6
        found = []
        while left:
            index, match, before = self._first(left, source, end, timeout, wanted)
            for pattern in refused:
                if _compiled(pattern, lambda text: text).search(_as_pattern(pattern, before)):
                    raise BoardFailure("%r was printed, which was not to come before %r" % (pattern, wanted))
            if gives_text_before:
                return _as_pattern(left[index], before)
            found.append(match)
            if not expect_all:
                break
            left.pop(index)
        return found if expect_all and len(found) > 1 else found[0]

    def _first(self, wanted, source, end, timeout, shown):
        """The first of several patterns in the output: its index, the match, and what came before it."""
        looked = None
        while True:
            new = self.output[self._seen :]
            matches = []
            if new != looked:
                looked = new
                matches = [(i, _compiled(p, source).search(_as_pattern(p, new))) for i, p in enumerate(wanted)]
                matches = [(i, match) for i, match in matches if match]
            if matches:
                index, match = min(matches, key=lambda each: each[1].start())
                start, stop = match.span()
                if isinstance(match.string, bytes):
                    start, stop = (len(match.string[:n].decode()) for n in (start, stop))
                self._seen += stop
                return index, match, new[:start]
            left = (end - self.now) / 1e6
            if left <= 0:
                raise BoardFailure("%r was not printed within %s s; the output ends with %r" % (shown, timeout, new[-200:]))
            # In small steps, so that a prompt without a line's end is seen too.
            self.advance("%.9fs" % min(left, 0.01))


def _compiled(pattern, source):
    return pattern if isinstance(pattern, re.Pattern) else re.compile(source(pattern))


def _as_pattern(pattern, text):
    """The text as the pattern is: bytes or text."""
    kind = pattern.pattern if isinstance(pattern, re.Pattern) else pattern
    return text.encode() if isinstance(kind, bytes) else text
