# Mutual exclusion of tasks.
# Where a traceback can name a line, "# line N" gives the next one the number that it has in MicroPython's own file.

from . import core


class Lock:
    def __init__(self):
        # 0 when free, 1 when held; a task when it was handed to that task, which has not gone on yet.
        self.state = 0
        self.waiting = core.TaskQueue()

    def locked(self):
        return self.state == 1

    def release(self):
        if not self.locked():
            # line 23
            raise RuntimeError("Lock not acquired")
        # The longest waiting task is next, even if another one asks before it runs.
        self.state = self.waiting.wake_first() or 0

    # A generator, so that it can be a task by itself.
    def acquire(self):
        if self.state != 0:
            self.waiting.park()
            me = core.cur_task
            try:
                # line 40
                yield
            except core.CancelledError as cancellation:
                if self.state is me:
                    # Handed over too late: to the next one.
                    self.state = 1
                    self.release()
                # line 46
                raise cancellation
        return self.waiting.hold(self)

    async def __aenter__(self):
        # line 52
        return await self.acquire()

    async def __aexit__(self, exc_type, exc, tb):
        # line 55
        return self.release()
