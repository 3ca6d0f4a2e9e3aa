import asyncio
from primitives import Condition

async def waiter(n, condition):
    with await condition:
        print("waits", n)
        await condition.wait()
        print("notified", n)
        await asyncio.sleep_ms(10)
    print("left", n)

async def main():
    condition = Condition()
    try:
        condition.notify()
    except RuntimeError:
        print("notify without the lock")
    for n in range(4):
        asyncio.create_task(waiter(n, condition))
    await asyncio.sleep_ms(20)
    with await condition:
        condition.notify(2)
        print("notified two", condition.locked())
    await asyncio.sleep_ms(50)
    with await condition:
        condition.notify_all()
    await asyncio.sleep_ms(50)
    print(condition.locked())
    count = 0

    async def counter():
        nonlocal count
        for _ in range(3):
            await asyncio.sleep_ms(10)
            with await condition:
                count += 1
                condition.notify()

    asyncio.create_task(counter())
    with await condition:
        await condition.wait_for(lambda: count == 2)
        print("count", count)

asyncio.run(main())
