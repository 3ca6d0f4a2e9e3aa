# The package threadsafe: each name is loaded from its module when it is asked for.

_homes = {
    "Context": "context",
    "Message": "message",
    "ThreadSafeEvent": "threadsafe_event",
    "ThreadSafeQueue": "threadsafe_queue",
}


def __getattr__(name):
    if name not in _homes:
        raise AttributeError(name)
    found = getattr(__import__(_homes[name], globals(), None, True, 1), name)
    globals()[name] = found
    return found
