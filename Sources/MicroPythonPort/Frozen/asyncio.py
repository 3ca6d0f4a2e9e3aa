# The package asyncio: what tasks need at once, the rest when it is asked for.

from .core import *

__version__ = (3, 0, 0)

_homes = {
    "event": ("Event", "ThreadSafeFlag"),
    "funcs": ("gather", "wait_for", "wait_for_ms"),
    "lock": ("Lock",),
    "stream": ("StreamReader", "StreamWriter", "open_connection", "start_server"),
}


def __getattr__(name):
    for home, names in _homes.items():
        if name in names:
            found = getattr(__import__(home, globals(), None, True, 1), name)
            globals()[name] = found
            return found
    raise AttributeError(name)
