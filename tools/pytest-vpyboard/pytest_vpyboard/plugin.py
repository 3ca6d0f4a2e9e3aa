"""Fixtures: board (and dut and bench, the same), make_board."""

import os
import pathlib

import pytest

from .client import Board


def pytest_addoption(parser):
    group = parser.getgroup("vpyboard")
    group.addoption(
        "--vpyboard", default=os.environ.get("VPYBOARD", "vpyboard"), help="the emulator's program (also $VPYBOARD)"
    )
    group.addoption("--vpyboard-board", default="pyboard-v1.1", help="the board of the fixture board")
    group.addoption("--vpyboard-seed", type=int, default=0, help="what the boards' random numbers start from")


@pytest.fixture
def make_board(request):
    """Makes boards, each with a process of its own; they end with the test."""
    boards = []

    def make(name=None, seed=None):
        config = request.config
        board = Board(
            config.getoption("--vpyboard"),
            name or config.getoption("--vpyboard-board"),
            config.getoption("--vpyboard-seed") if seed is None else seed,
        )
        # Files are named from the test's folder.
        board.folder = pathlib.Path(str(request.path)).parent
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
def dut(board):
    return board


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
    for board in item.stash.get(_boards, []):
        for title, what in (("output", "output"), ("findings", "findings"), ("pins", "waveforms")):
            try:
                text = getattr(board, what)
            except Exception as error:
                text = str(error)
            if text:
                report.sections.append(("Board " + title, "\n".join(text) if isinstance(text, list) else text))
