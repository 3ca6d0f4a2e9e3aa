import bench, dht, time
from machine import Pin


def sensor(text):
    bench.device("dht22:room@X1," + text)
    time.sleep_ms(2000)
    return dht.DHT22(Pin("X1"))


def check(d, temperature, humidity):
    d.measure()
    assert abs(d.temperature() - temperature) < 0.051
    assert abs(d.humidity() - humidity) < 0.051


def test_limits():
    d = sensor("temperature=-40,humidity=0")
    check(d, -40, 0)
    for temperature, humidity in ((80, 100), (-0.1, 99.9), (0, 0.1), (-12.3, 50)):
        bench.set("room.temperature", temperature)
        bench.set("room.humidity", humidity)
        time.sleep_ms(2100)
        check(d, temperature, humidity)


def test_asked_too_soon_it_gives_the_last_value():
    d = sensor("temperature=20")
    check(d, 20, 40)
    bench.set("room.temperature", 30)
    time.sleep_ms(500)
    check(d, 20, 40)
    time.sleep_ms(2000)
    check(d, 30, 40)


def test_a_wrong_bit_fails_the_check_sum():
    d = sensor("noise=1")
    try:
        d.measure()
    except Exception as error:
        assert "checksum" in str(error)
    else:
        assert False, "a wrong check sum was not seen"


def test_without_a_sensor_it_times_out():
    d = sensor("unpowered=1")
    try:
        d.measure()
    except OSError as error:
        assert error.errno == 110
    else:
        assert False, "nobody answered, and nobody said so"
