# The package primitives: each name is loaded from its module when it is asked for.
# "# line N" gives the next line the number that tracebacks show with the well-known package.

import asyncio


def _generator():
    yield


type_coro = type(_generator())


# Calls a function; what a coroutine function returns becomes a task.
def launch(func, tup_args):
    # line 19
    result = func(*tup_args)
    if isinstance(result, type_coro):
        result = asyncio.create_task(result)
    return result


# Any exception in a task ends the program.
def set_global_exception():
    def handle(loop, context):
        import sys

        sys.print_exception(context["exception"])
        sys.exit()

    asyncio.get_event_loop().set_exception_handler(handle)


_homes = {
    "aadc": ("AADC",),
    "barrier": ("Barrier",),
    "broker": ("Agent", "Broker", "RegExp", "broker"),
    "condition": ("Condition",),
    "delay_ms": ("Delay_ms",),
    "encoder": ("Encoder",),
    "events": ("EButton", "ELO", "ESwitch", "WaitAll", "WaitAny"),
    "pushbutton": ("Pushbutton",),
    "queue": ("Queue",),
    "ringbuf_queue": ("RingbufQueue",),
    "semaphore": ("BoundedSemaphore", "Semaphore"),
    "sw_array": ("Keyboard", "SwArray"),
    "switch": ("Switch",),
}


def __getattr__(name):
    for home, names in _homes.items():
        if name in names:
            module = __import__(home, globals(), None, True, 1)
            # All at once: the instance broker takes the place of the module of that name.
            for each in names:
                globals()[each] = getattr(module, each)
            return globals()[name]
    raise AttributeError(name)
