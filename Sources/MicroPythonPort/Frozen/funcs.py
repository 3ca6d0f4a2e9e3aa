# Waiting with a time limit, and for several tasks.
# Where a traceback can name a line, "# line N" gives the next one the number that it has in MicroPython's own file.
from . import core


async def wait_for(aw, timeout, sleep=core.sleep):
    # line 25
    task = core._promote_to_task(aw)
    if timeout is None:
        # line 27
        return await task
    wait = core._TimedWait(task, sleep)
    try:
        # line 34
        await sleep(timeout)
    except core.CancelledError as cancellation:
        if not wait.take(cancellation):
            # line 40
            raise cancellation
    except BaseException:
        wait.is_over()  # not asleep
        raise
    if wait.is_over():
        # line 46
        return wait.result()
    # line 50
    await wait
    raise core.TimeoutError


def wait_for_ms(aw, timeout):
    return wait_for(aw, timeout, core.sleep_ms)


# A generator, so that it can be a task by itself.
def gather(*aws, return_exceptions=False):
    # line 89
    group = core._Gathering(aws, return_exceptions)
    cancellation = None
    # line 105
    if group.park():
        try:
            # line 115
            yield
        except core.CancelledError as error:
            cancellation = error
    # line 126
    group.conclude(cancellation)
    # line 142
    return group.results()
