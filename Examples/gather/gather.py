# Three tasks side by side: one ends by itself, one runs into a timeout, one is cancelled. What the caller gets depends
# on `return_exceptions`.
#
#     vpyboard run gather.py
#
# Try `gather.demo(True)` afterwards.

import asyncio


async def barking(n):
    print("Start normal coro barking()")
    await asyncio.sleep(6)
    print("Done barking.")
    return 2 * n


async def foo():
    print("Start timeout coro foo()")
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        print("Trapped foo timeout.")
        raise  # a task that swallows its cancellation would seem to have ended well


async def bar():
    print("Start cancellable bar()")
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        print("Trapped bar cancellation.")
        raise


async def cancel_later(task):
    await asyncio.sleep(5)
    print("About to cancel bar")
    task.cancel()


async def main(return_exceptions):
    task = asyncio.create_task(bar())
    canceller = asyncio.create_task(cancel_later(task))
    try:
        result = await asyncio.gather(
            barking(21), asyncio.wait_for(foo(), 7), return_exceptions=return_exceptions
        )
    except asyncio.TimeoutError:
        print("foo timed out.")
        result = "No result"
    print("Result: ", result)


def demo(return_exceptions=False):
    try:
        asyncio.run(main(return_exceptions))
    except KeyboardInterrupt:
        print("Interrupted")
    finally:
        asyncio.new_event_loop()
        print()
        print("gather.demo() to run again.")
        print("gather.demo(True) to see effect of return_exceptions.")


demo()
