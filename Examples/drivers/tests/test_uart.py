import bench, time
from pyb import UART


def test_what_does_not_fit_is_lost():
    bench.device("serial:peer@X2,baud=115200")
    uart = UART(4, 115200, timeout=0, read_buf_len=16)
    sent = bytes(range(65, 91))
    bench.set("peer.send", sent)
    time.sleep_ms(5)
    kept = uart.read()
    assert sent.startswith(kept) and len(kept) == 17  # the buffer, and one in the data register
    assert any("uart-overrun" in line for line in bench.findings())
    # It goes on with what comes from then on.
    bench.set("peer.send", b"next")
    time.sleep_ms(2)
    assert uart.read()[-4:] == b"next"


def test_reading_in_time_loses_nothing():
    bench.device("serial:peer@X2,baud=115200")
    uart = UART(4, 115200, timeout=0, read_buf_len=64)
    sent = bytes(i & 0xFF for i in range(1000))
    received = b""
    bench.set("peer.send", sent)
    while len(received) < len(sent):
        received += uart.read() or b""
        assert bench.now() < 200_000
    assert received == sent
    assert bench.findings() == []


def test_another_rate_is_rubbish_and_told():
    bench.device("serial:peer@X2,baud=9600")
    uart = UART(4, 19200, timeout=0)
    bench.set("peer.send", b"hello")
    time.sleep_ms(20)
    assert uart.read() != b"hello"
    assert any("framing" in line for line in bench.findings())
