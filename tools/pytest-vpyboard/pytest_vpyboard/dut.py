"""The fixture dut, as pytest-embedded calls the board that is tested."""

import pytest


@pytest.fixture
def dut(board):
    return board
