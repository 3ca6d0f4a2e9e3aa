"""What every generated program begins with.

Texts of errors differ between builds of MicroPython, so only their types are shown; addresses differ as well.
"""

PROLOGUE = '''
class Context:
    def __init__(self, swallows):
        self.swallows = swallows

    def __enter__(self):
        return 5

    def __exit__(self, kind, error, trace):
        return self.swallows


class Budget:
    left = 400


def bounded(items):
    for item in items:
        Budget.left -= 1
        if Budget.left < 0:
            return
        yield item


def set_of(items):
    # A tuple's hash is made of an address, and the order of a set of hashes.
    return set(item for item in items if type(item) is not tuple)


def comparable(value):
    kind = type(value)
    if kind is tuple:
        return tuple([comparable(item) for item in value])
    # Below the smallest normal float the digits are those of an overflow, of which each kind of processor makes another integer.
    if kind is float and 0 < abs(value) < 1.2e-38:
        return 0.0
    return len(value) if kind is dict and any(type(key) is tuple for key in value) else value


def show(value):
    text = repr(comparable(value))
    if " at " in text or "object" in text or "<" in text:
        text = str(type(value))
    print(text if len(text) < 2000 else len(text))


def hash_of(value):
    # That of a tuple is made of an address, that of a long integer has as many bits as the machine's words.
    return hash(value) if isinstance(value, str) or isinstance(value, int) and abs(value) < 1 << 30 else 0


def text_of(value):
    text = str(value)
    return "..." if "<" in text else text


def len_of(value):
    # That of an object's text is that of its address, too.
    return len(text_of(value)) if isinstance(value, str) else len(value)


def show_error(error):
    print(type(error).__name__)


def decorate(function):
    def wrapper(*rest, **more):
        return function(*rest, **more)

    return wrapper


def decorate_with(number):
    return decorate

'''
