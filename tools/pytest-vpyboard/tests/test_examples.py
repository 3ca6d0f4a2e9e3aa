"""The project's examples, each as a user would test it: from outside, in board time."""

import pathlib

import pytest

EXAMPLES = pathlib.Path(__file__).parents[3] / "Examples"


@pytest.fixture
def example(dut):
    def start(name):
        dut.run_file(EXAMPLES / name / (name + ".py"))
        return dut

    return start


def test_aledflash(example):
    dut = example("aledflash")
    dut.expect_exact("Flash LED's for 10 seconds")
    leds = [dut.record("led%d.brightness" % number) for number in (1, 2, 3)]
    dut.advance(8)
    for led, half_period in zip(leds, (0.2, 0.7, 1.2)):
        assert led.frequency == pytest.approx(0.5 / half_period, rel=0.02)


def test_apoll(example):
    dut = example("apoll")
    dut.expect_exact("Timeout waiting for accelerometer change")
    dut.set("accel.acceleration", (10, 0, 20))
    assert dut.expect(r"x: (-?\d+) y: +(-?\d+) z: (-?\d+)").groups() == ("10", "0", "20")
    dut.expect_exact("Test complete!", not_matching="Value")


def test_auart(example, dut):
    dut.wire("X1", "X2")
    example("auart")
    sent = dut.bytes("uart4.tx", "Hello uart\n", within="100ms")
    sent.wait()
    dut.expect_exact("Received b'Hello uart\\n'", timeout=0.1)
    dut.expect_exact("Received b'Hello uart\\n'", timeout=2.1)


def test_auart_hd(example, dut):
    dut.wire("X1", "X4")
    dut.wire("X2", "X3")
    example("auart_hd")
    dut.expect_exact(["Line 1", "Line 2", "Line 3", "Goodbye"], expect_all=True)
    dut.expect_exact("Timed out waiting for result.", not_matching=r"Line \d")


def test_blink(example):
    dut = example("blink")
    led = dut.record("led1.brightness")
    dut.advance(5)
    assert led.duty == pytest.approx(50, abs=2)
    assert led.frequency is not None


def test_button(example):
    dut = example("button")
    dut.expect_exact("Press the button.")
    for brightness in (255, 0):
        dut.set("USR.pressed", "1,5ms")
        dut.until("led1.brightness", brightness, within="1ms").wait()
        # A bounce is one press.
        assert dut.expect_exact("Pressed", return_what_before_match=True) == "\n"
        dut.advance("100ms")
        dut.set("USR.pressed", False)
        dut.advance("100ms")
    assert dut.output == "Press the button.\n" + 2 * "Pressed\n"


def test_gather(example):
    dut = example("gather")
    dut.expect_exact("foo timed out.")
    dut.advance(1)
    assert dut.state == "finished"


def test_htu21d(example, dut):
    dut.device("htu21d:room@X9,X10,temperature=21.5,humidity=40")
    example("htu21d")
    dut.expect_exact("Temp  21.5 Humidity  40.0")
    dut.set("room.temperature", -8.2)
    dut.expect_exact("Temp  -8.2", timeout=6)


def test_iorw(example):
    dut = example("iorw")
    dut.expect_exact("Received b'ready\\n'", timeout=2)
    dut.expect_exact("Wrote Hello MyIO 1", timeout=10)


def test_pin_edge(example, dut):
    dut.wire("X1", "X2")
    example("pin_edge")
    assert 499_000 < dut.pulse("X2", within=2).wait() < 501_000
    dut.expect_exact("Got edge.", timeout=1.5)


@pytest.mark.parametrize("name, text", [("rate", r"Coros +100 "), ("roundrobin", r"executions per sec = +(\d+)")])
def test_measures(example, name, text):
    example(name).expect(text, timeout=60)


def test_thermostat(example, dut):
    dut.device("htu21d:room@X9,X10,temperature=21.5")
    example("thermostat")
    dut.expect_exact("21.5 °C")
    dut.set("room.temperature", 27.5)
    dut.expect_exact("27.5 °C", timeout=2.5)


def test_timer_flag(example):
    dut = example("timer_flag")
    dut.expect_exact("Triggered", timeout=1.1)
    dut.expect_exact("Triggered", timeout=1.1)


def test_traffic_light(example):
    dut = example("traffic_light")
    for number, seconds in ((1, 4), (3, 1)):
        lit = dut.record("led%d.brightness" % number)
        dut.advance(16)
        assert lit.longest_high == pytest.approx(seconds * 1e6, rel=0.01)


def test_range_finder(dut):
    dut.device(str(EXAMPLES / "devices/range_finder.py") + ":sonar@X1,X2,distance=73")
    dut.run_file(EXAMPLES / "devices/range_finder_demo.py")
    assert dut.pulse("X2", within=1).wait() == pytest.approx(73 * 58, abs=1)
    assert float(dut.expect(r"(\d+(\.\d+)?)", timeout=1).group(1)) == pytest.approx(73, abs=1)
