"""Fixtures: board (and bench, the same), make_board. The fixture dut is in dut.py."""

import os
import pathlib
import re

import pytest

from . import dut
from .client import Board


def pytest_addoption(parser):
    group = parser.getgroup("vpyboard")
    group.addoption(
        "--vpyboard", default=os.environ.get("VPYBOARD", "vpyboard"), help="the emulator's program (also $VPYBOARD)"
    )
    group.addoption("--vpyboard-board", help="the board of the fixture board; without it that of --vpyboard-wiring, or a Pyboard")
    group.addoption("--vpyboard-wiring", help="a wiring file for the fixture board")
    group.addoption(
        "--vpyboard-traces", metavar="FOLDER", help="keeps traces of the boards, and leaves those of failed tests in this folder"
    )
    group.addoption("--vpyboard-seed", type=int, default=0, help="what the boards' random numbers start from")


def pytest_configure(config):
    # pytest-embedded has a fixture dut too, which is the one that is meant where its services are named.
    if not config.getoption("embedded_services", None):
        config.pluginmanager.register(dut, "vpyboard-dut")


@pytest.fixture
def make_board(request):
    """Makes boards, each with a process of its own; they end with the test."""
    boards = []

    def make(name=None, seed=None, wiring=None):
        config = request.config
        file = config.getoption("--vpyboard-wiring")
        board = Board(
            config.getoption("--vpyboard"),
            name or config.getoption("--vpyboard-board"),
            config.getoption("--vpyboard-seed") if seed is None else seed,
            wiring or (file and os.path.abspath(file)),
            # Files are named from the test's folder.
            pathlib.Path(str(request.path)).parent,
            bool(config.getoption("--vpyboard-traces")),
        )
        boards.append(board)
        request.node.stash.setdefault(_boards, []).append(board)
        return board

    yield make
    for board in boards:
        board.close()


@pytest.fixture
def board(make_board):
    """A board that has just got power."""
    return make_board()


@pytest.fixture
def bench(board):
    return board


_boards = pytest.StashKey()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.when != "call" or not report.failed:
        return
    folder = item.config.getoption("--vpyboard-traces")
    for number, board in enumerate(item.stash.get(_boards, []), 1):
        if folder:
            report.sections.append(("Board traces", _keep_traces(board, pathlib.Path(folder), item.nodeid, number)))
        for title, what in (("output", "output"), ("findings", "findings"), ("pins", "waveforms")):
            try:
                text = getattr(board, what)
            except Exception as error:
                text = str(error)
            if text:
                report.sections.append(("Board " + title, _shortened("\n".join(text) if isinstance(text, list) else text)))


def _shortened(text, longest=8000):
    """The end of a text: what firmware prints without end would fill screens."""
    if len(text) <= longest:
        return text
    return "… %d characters before\n%s" % (len(text) - longest, text[-longest:])


def _keep_traces(board, folder, test, number):
    """Writes a board's traces down; gives their names."""
    place = folder / re.sub(r"[^\w.]+", "-", test).strip("-")
    try:
        traces = board.traces()
        place.mkdir(parents=True, exist_ok=True)
        files = [place / name.format("" if number == 1 else "-%d" % number) for name in ("trace{}.txt", "board{}.vcd")]
        for file, text in zip(files, traces):
            file.write_text(text, encoding="utf-8")
    except Exception as error:
        return str(error)
    return "\n".join(str(file) for file in files)
