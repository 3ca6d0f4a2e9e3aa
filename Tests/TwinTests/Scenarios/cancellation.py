# Cancellation is thrown once, at the await where the task stands.
import asyncio
from asyncio import CancelledError


def name(error):
    return "none" if error is None else type(error).__name__


async def outcome(task):
    try:
        await task
    except CancelledError as error:
        return error
    except Exception as error:
        return error


async def caught():
    try:
        await asyncio.sleep_ms(100)
    except CancelledError:
        print("caught")
    await asyncio.sleep_ms(20)
    print("goes on")
    return 1


async def cleaning(steps, fails):
    try:
        await asyncio.sleep_ms(100)
    finally:
        for step in range(steps):
            print("cleans", step)
            await asyncio.sleep_ms(20)
        if fails:
            raise ValueError


async def waits(number, task):
    try:
        print("result", number, await task)
    except CancelledError:
        print("cancelled", number)
        raise


async def holds(lock, ms):
    async with lock:
        print("has it")
        await asyncio.sleep_ms(ms)
        print("gives it")


async def short():
    await asyncio.sleep_ms(0)


async def main():
    print("- goes on after it was caught")
    task = asyncio.create_task(caught())
    await asyncio.sleep_ms(20)
    print(task.cancel(), task.cancel())
    print(await task, task.done())

    print("- once more while it goes on")
    task = asyncio.create_task(caught())
    await asyncio.sleep_ms(20)
    task.cancel()
    await asyncio.sleep_ms(10)
    task.cancel()
    print(name(await outcome(task)))

    print("- in the clean-up")
    task = asyncio.create_task(cleaning(3, False))
    await asyncio.sleep_ms(20)
    task.cancel()
    await asyncio.sleep_ms(30)
    print(task.done(), task.cancel())
    print(name(await outcome(task)), task.done())

    print("- an error in the clean-up")
    task = asyncio.create_task(cleaning(1, True))
    await asyncio.sleep_ms(20)
    task.cancel()
    print(name(await outcome(task)))

    print("- others await it")
    inner = asyncio.create_task(cleaning(1, False))
    first = asyncio.create_task(waits(1, inner))
    second = asyncio.create_task(waits(2, inner))
    await asyncio.sleep_ms(20)
    inner.cancel()
    await asyncio.sleep_ms(60)
    print(inner.done(), first.done(), second.done())
    print(name(await outcome(first)), name(await outcome(second)))

    print("- one of those that await it is cancelled")
    inner = asyncio.create_task(cleaning(1, False))
    first = asyncio.create_task(waits(1, inner))
    second = asyncio.create_task(waits(2, inner))
    await asyncio.sleep_ms(20)
    first.cancel()
    await asyncio.sleep_ms(60)
    print(inner.done(), first.done(), second.done())

    print("- what it awaits swallows it")
    inner = asyncio.create_task(caught())
    first = asyncio.create_task(waits(1, inner))
    await asyncio.sleep_ms(20)
    first.cancel()
    print(name(await outcome(first)), inner.done())

    print("- itself")
    try:
        asyncio.current_task().cancel()
    except RuntimeError as error:
        print(error)
    await asyncio.sleep_ms(10)

    print("- before its first step")
    task = asyncio.create_task(caught())
    print(task.cancel(), task.done())
    print(name(await outcome(task)), task.done())

    print("- after its end")
    print(task.cancel())
    print(name(await outcome(task)))
    task = asyncio.create_task(short())
    await asyncio.sleep_ms(10)
    print(task.done(), task.cancel())

    print("- while it waits for a lock, and while it has it")
    lock = asyncio.Lock()
    first = asyncio.create_task(holds(lock, 100))
    second = asyncio.create_task(holds(lock, 10))
    third = asyncio.create_task(holds(lock, 10))
    await asyncio.sleep_ms(20)
    second.cancel()
    await asyncio.sleep_ms(10)
    print(first.done(), second.done(), third.done(), lock.locked())
    first.cancel()
    await asyncio.sleep_ms(40)
    print(first.done(), third.done(), lock.locked())

    print("- those that are gathered")
    tasks = [asyncio.create_task(cleaning(1, False)) for _ in range(2)]

    async def gathers():
        await asyncio.gather(*tasks)

    gathering = asyncio.create_task(gathers())
    await asyncio.sleep_ms(20)
    gathering.cancel()
    await asyncio.sleep_ms(60)
    print(gathering.done(), tasks[0].done(), tasks[1].done())
    print(name(await outcome(gathering)))


asyncio.run(main())
