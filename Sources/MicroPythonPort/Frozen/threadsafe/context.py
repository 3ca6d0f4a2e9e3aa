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
        self.done = asyncio.ThreadSafeFlag()


def _work(jobs):
    while True:
        job = jobs.get_sync(True)
        job.result = job.func(*job.args, **job.kwargs)
        job.done.set()


class Context:
    def __init__(self, qsize=10):
        self._jobs = ThreadSafeQueue(qsize)
        _thread.start_new_thread(_work, (self._jobs,))

    async def assign(self, func, *args, **kwargs):
        job = _Job(func, args, kwargs)
        await self._jobs.put(job)
        await job.done.wait()
        return job.result
