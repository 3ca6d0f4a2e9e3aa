# A thread that runs blocking functions for tasks.

import _thread
import asyncio
from .threadsafe_queue import ThreadSafeQueue


class _Job:
    def __init__(self, func, args, kwargs):
        self.func = func
        self.args = args
        self.kwargs = kwargs
        self.result = None
        self.error = None
        self.done = asyncio.ThreadSafeFlag()


def _work(jobs):
    while True:
        job = jobs.get_sync(True)
        try:
            job.result = job.func(*job.args, **job.kwargs)
        except Exception as error:
            # The task's own; the thread goes on with the next function.
            job.error = error
        job.done.set()


class Context:
    def __init__(self, qsize=10):
        self._jobs = ThreadSafeQueue(qsize)
        # Only one task at a time may wait for room in the queue.
        self._turn = asyncio.Lock()
        _thread.start_new_thread(_work, (self._jobs,))

    async def assign(self, func, *args, **kwargs):
        job = _Job(func, args, kwargs)
        async with self._turn:
            await self._jobs.put(job)
        await job.done.wait()
        if job.error is not None:
            raise job.error
        return job.result
