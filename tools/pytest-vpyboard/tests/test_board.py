"""The plugin's own tests, on boards of the emulator."""

import pytest

from pytest_vpyboard import Board, BoardError, BoardFailure


def test_firmware_answers(dut):
    dut.run("import sys\nprint('name?')\nprint('hello', sys.stdin.readline().strip())\n")
    dut.expect_exact("name?")
    dut.write("you\n")
    assert dut.expect(r"hello (\w+)").group(1) == "you"


def test_controls_and_signals(board):
    board.run("import pyb, time\nwhile True:\n    (pyb.LED(1).on if pyb.Switch()() else pyb.LED(1).off)()\n    time.sleep_ms(1)\n")
    board.advance("10ms")
    assert board.get("led1.brightness") == 0
    lit = board.until("led1.brightness", 255, within="5ms")
    board.set("USR.pressed", True)
    lit.wait()
    assert board.findings == []
    assert board.state == "running"


def test_blinks_at_2_hz(board):
    board.run("import pyb, time\nwhile True:\n    pyb.LED(2).toggle()\n    time.sleep_ms(250)\n")
    led = board.record("led2.brightness")
    board.advance(3)
    assert led.frequency == pytest.approx(2, rel=0.01)
    assert led.duty == pytest.approx(50, abs=0.5)
    assert led.longest_high < 251_000


def test_pulse_of_10_us(board):
    board.run("import time\nfrom machine import Pin\np = Pin('X1', Pin.OUT, value=0)\ntime.sleep_ms(5)\np(1); time.sleep_us(10); p(0)\n")
    assert 10 <= board.pulse("X1", within=0.1).wait() < 40


def test_failures_say_what(board):
    with pytest.raises(BoardFailure, match="a rising edge on X1 did not happen within 5 ms"):
        board.edge("X1", "rising", within="5ms").wait()
    with pytest.raises(BoardFailure, match="'ready' was not printed within 0.1 s"):
        board.expect_exact("ready", timeout=0.1)
    with pytest.raises(BoardError, match="no part \"X99\""):
        board.set("X99.level", 1)


def test_first_and_all(board):
    number, _ = board.first_of(board.edge("X1"), board.time("2ms"), within="1s").wait()
    assert number == 1
    first, second = board.all_of(board.time("1ms"), board.time("3ms")).wait()
    assert second - first == pytest.approx(2000)
    board.quiescence("5ms", "X1", within="10ms").wait()


def test_traces(request):
    with Board(request.config.getoption("--vpyboard"), traces=True) as board:
        board.run("import pyb\npyb.LED(1).on()\n")
        board.advance("1ms")
        trace, dump = board.traces()
        assert " led 1 on\n" in trace
        assert dump.startswith("$") and "led1" in dump


def test_output_in_pieces(dut):
    dut.run("print('grün', end='')\nimport time\ntime.sleep(1)\nprint('€')\n")
    dut.expect_exact("grün")
    dut.expect_exact("€\n")
    assert dut.output == "grün€\n"


def test_a_flood_ends(dut):
    dut.run("while True: print('x' * 1000)\n")
    with pytest.raises(BoardFailure, match="the firmware printed more than 8 MiB and was ended"):
        dut.expect_exact("never", timeout=1000)
    assert dut.output.startswith("xxx")


def test_boards_are_independent(make_board):
    first, second = make_board(seed=1), make_board(seed=1)
    for board in (first, second):
        board.run("import random\nprint(random.getrandbits(30))\n")
        board.expect(r"\d+\n")
    assert first.output == second.output
