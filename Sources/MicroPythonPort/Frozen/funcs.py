# Waiting with a time limit, and for several tasks.
# Where a traceback can name a line, "# line N" gives the next one the number that it has in MicroPython's own file.
from . import core


async def _run(waiter, task):
    outcome, result = True, None
    try:
        # line 9
        result = await task
    except BaseException as error:
        outcome = error
    # Ends the sleep of wait_for by a cancellation that tells how the task ended, unless something else has woken it.
    if waiter.data is None and waiter.cancel():
        waiter.data = core.CancelledError(outcome, result)


async def wait_for(aw, timeout, sleep=core.sleep):
    task = core._promote_to_task(aw)
    if timeout is None:
        # line 27
        return await task
    runner = core.create_task(_run(core.cur_task, task))
    outcome = None
    try:
        # line 34
        await sleep(timeout)
    except core.CancelledError as cancellation:
        if cancellation.args:
            outcome, result = cancellation.args
        if outcome is None:  # not by the runner
            runner.cancel()
            # line 40
            raise cancellation
        if outcome is True:
            return result
        # line 46
        raise outcome
    runner.cancel()
    # line 50
    await runner
    raise core.TimeoutError


def wait_for_ms(aw, timeout):
    return wait_for(aw, timeout, core.sleep_ms)


# A generator, so that it can be a task by itself.
def gather(*aws, return_exceptions=False):
    # line 105
    group = core._Gathering(aws, return_exceptions)
    cancellation = None
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
