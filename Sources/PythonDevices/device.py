# What a device in Python is made of (docs/devices.md). Numbers stand for pins and values in calls of _device, in their order.
import _device


class Control:
    """A value that the outside sets: a control, a key of --device and a signal."""

    def __init__(self, value, low=None, high=None, unit=None):
        self.value, self.low, self.high, self.unit = value, low, high, unit
        self.order = _device.count()


class Signal(Control):
    """A value that only the device sets."""


class Pin:
    def __init__(self, number, name):
        self._number, self.name = number, name

    def __repr__(self):
        return "Pin(%r)" % self.name

    @property
    def level(self):
        return _device.level(self._number)

    @property
    def volts(self):
        return _device.volts(self._number)

    @property
    def is_wired(self):
        return _device.is_wired(self._number)

    def drive(self, level):
        _device.drive(self._number, level)

    def drive_volts(self, volts):
        _device.drive_volts(self._number, volts)

    def pulses(self, frequency, share=0.5):
        _device.pulses(self._number, frequency, share)

    def release(self):
        _device.release(self._number)

    def pull(self, level):
        _device.pull(self._number, level)

    def send(self, data, baudrate=9600):
        _device.send(self._number, data, baudrate)

    def receive(self, baudrate, function):
        _device.receive(self._number, baudrate, function)


class Device:
    pins = ()
    title = "device in Python"
    source = "its file"
    address = None
    pullups = True
    spi_mode = 0

    @property
    def name(self):
        return _device.name()

    def now(self):
        return _device.now()

    def after_ns(self, delay, function):
        return _device.after(int(delay), function)

    def after_us(self, delay, function):
        return _device.after(round(delay * 1000), function)

    def after_ms(self, delay, function):
        return _device.after(round(delay * 1000000), function)

    def cancel(self, event):
        _device.cancel(event)

    def random(self):
        return _device.random()

    def hold_us(self, delay):
        _device.hold(round(delay * 1000))

    def trace(self, text):
        _device.trace(text)

    def report(self, text, advice=""):
        _device.report(text, advice)

    def pin(self, name):
        return self._pins[name]


def _find(namespace):
    found = [
        thing
        for thing in namespace.values()
        if isinstance(thing, type) and issubclass(thing, Device) and thing is not Device
    ]
    last = [one for one in found if not any(other is not one and issubclass(other, one) for other in found)]
    if not last:
        raise TypeError("it has no class that is derived from device.Device")
    if len(last) > 1:
        names = sorted(one.__name__ for one in last)
        raise TypeError("it has more than one device: " + ", ".join(names))
    return last[0]


def _attributes(device):
    names = {}
    for name in dir(device):
        value = getattr(device, name)
        if isinstance(value, Control):
            names[name] = value
    return sorted(names.items(), key=lambda item: item[1].order)


# What Swift asks for: texts, pins, addresses, values, methods.
def _describe(device):
    pins = (device.pins,) if isinstance(device.pins, str) else tuple(device.pins)
    for pin in pins:
        word = pin.strip("[]").split("=")[0]
        if hasattr(Device, word):
            raise ValueError("a pin cannot be called '%s': devices have a method or value of this name" % word)
    address = device.address
    addresses = () if address is None else tuple(address) if hasattr(address, "__len__") else (address,)
    values = tuple(
        (name, isinstance(value, Signal), value.value, value.low, value.high, value.unit)
        for name, value in _attributes(device)
    )
    methods = tuple(name for name in _device.methods if hasattr(device, name))
    return (
        device.title, device.source, pins, addresses, values, methods, device.pullups, device.spi_mode
    )


def _value(number):
    return property(lambda self: _device.get(number), lambda self, value: _device.set(number, value))


def _make(device, names):
    device._pins = {}
    for number, name in enumerate(names):
        device._pins[name] = Pin(number, name)
        setattr(device, name, device._pins[name])
    for number, (name, _) in enumerate(_attributes(device)):
        setattr(device, name, _value(number))
    made = device()
    return made
