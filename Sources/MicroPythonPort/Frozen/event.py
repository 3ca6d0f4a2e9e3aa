# Events, for tasks and for interrupt handlers.
# Where a traceback can name a line, "# line N" gives the next one the number that it has in MicroPython's own file.

from . import core


class Event:
    def __init__(self):
        self.state = False
        self.waiting = core.TaskQueue()

    def is_set(self):
        return self.state

    def set(self):
        # Raises in an interrupt handler, before anything has changed; only classes that are derived from this one for
        # that purpose may do it there.
        self.waiting.wake_all(self)
        self.state = True

    def clear(self):
        self.state = False

    # A generator, so that it can be a task by itself.
    def wait(self):
        if not self.state:
            self.waiting.park()
            # line 34
            yield
        return True


# set() and clear() are native: they may be called from anywhere. Clears itself, so that only one wait() goes on for
# each set().
class ThreadSafeFlag(core._Flag):
    def __init__(self):
        # Without the variable that `super()` shares with its class, which would count as an argument.
        super(ThreadSafeFlag, self).__init__()

    async def wait(self):
        if not self._is_set():
            # line 62
            yield core._io_queue.queue_read(self)
        self.clear()
