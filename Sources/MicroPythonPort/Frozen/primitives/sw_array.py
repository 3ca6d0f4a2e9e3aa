# Buttons and switches in rows and columns.

import asyncio
from .ringbuf_queue import RingbufQueue

CLOSE = 1
OPEN = 2
LONG = 4
DOUBLE = 8
SUPPRESS = 16


# Which contacts are closed, one bit each.
class _Matrix:
    def __init__(self, rowpins, colpins):
        self._rows = rowpins
        self._columns = colpins
        self.closed = 0
        self.has_changed = False
        for row in rowpins:
            row(1)

    def _read(self):
        closed = 0
        for row in self._rows:
            # Only the row that is read is low.
            row(0)
            for column in self._columns:
                # Thus the last contact of the last row has scan code 0.
                closed = closed << 1 | (column() ^ 1)
            row(1)
        return closed

    # The scan codes that have changed since, and whether each is closed now.
    def changes(self):
        closed = self._read()
        changed = closed ^ self.closed
        self.closed = closed
        self.has_changed = bool(changed)
        code = 0
        while changed >> code:
            if changed >> code & 1:
                yield code, closed >> code & 1
            code += 1


# Puts something into a queue, in place of the oldest if it is full.
def _put(queue, item):
    try:
        queue.put_nowait(item)
    except IndexError:
        pass


class Keyboard(RingbufQueue):
    def __init__(self, rowpins, colpins, *, bufsize=10, db_delay=50):
        super().__init__(bytearray(bufsize) if isinstance(bufsize, int) else bufsize)
        self._matrix = _Matrix(rowpins, colpins)
        self._task = asyncio.create_task(self._scan(db_delay))

    def __getitem__(self, scan_code):
        return bool(self._matrix.closed >> scan_code & 1)

    async def _scan(self, pause):
        while True:
            for code, is_closed in self._matrix.changes():
                if is_closed:
                    _put(self, code)
            await asyncio.sleep_ms(pause if self._matrix.has_changed else 0)

    def deinit(self):
        self._task.cancel()


class SwArray(RingbufQueue):
    debounce_ms = 50
    long_press_ms = 1000
    double_click_ms = 400

    def __init__(self, rowpins, colpins, cfg, *, bufsize=10):
        super().__init__(bufsize)
        self._matrix = _Matrix(rowpins, colpins)
        self._wanted = cfg
        # By scan code: the closing that may become a double click or a long one.
        self._closings = {}
        self._task = asyncio.create_task(self._scan())

    def __getitem__(self, scan_code):
        return bool(self._matrix.closed >> scan_code & 1)

    def keymap(self):
        return self._matrix.closed

    def deinit(self):
        self._task.cancel()

    def _tell(self, code, event):
        if self._wanted & event:
            _put(self, (code, event))

    async def _scan(self):
        needs_time = self._wanted & (LONG | DOUBLE | SUPPRESS)
        while True:
            for code, is_closed in self._matrix.changes():
                if not needs_time:
                    self._tell(code, CLOSE if is_closed else OPEN)
                elif is_closed:
                    self._close(code)
                else:
                    self._open(code)
            await asyncio.sleep_ms(self.debounce_ms if self._matrix.has_changed else 0)

    def _close(self, code):
        closing = self._closings.get(code)
        if closing is not None and closing.is_single():
            closing.kind = DOUBLE
            self._tell(code, DOUBLE)
            return
        self._closings[code] = closing = _Closing()
        asyncio.create_task(self._follow(code, closing))
        if not self._wanted & SUPPRESS:
            self._tell(code, CLOSE)

    def _open(self, code):
        closing = self._closings[code]
        closing.is_open = True
        if not self._wanted & SUPPRESS or closing.kind != CLOSE:
            self._tell(code, OPEN)
        elif closing.is_late:
            self._tell(code, CLOSE)
            self._tell(code, OPEN)

    async def _follow(self, code, closing):
        await asyncio.sleep_ms(self.double_click_ms)
        closing.is_late = True
        if closing.kind != CLOSE:
            return
        if closing.is_open:
            if self._wanted & SUPPRESS:
                self._tell(code, CLOSE)
                self._tell(code, OPEN)
            return
        await asyncio.sleep_ms(self.long_press_ms - self.double_click_ms)
        if not closing.is_open:
            closing.kind = LONG
            self._tell(code, LONG)


# What a switch of an array did from its first closing on.
class _Closing:
    def __init__(self):
        # CLOSE as long as it is neither double nor long.
        self.kind = CLOSE
        self.is_open = False
        # Too late for a double click.
        self.is_late = False

    def is_single(self):
        return self.is_open and not self.is_late and self.kind == CLOSE
