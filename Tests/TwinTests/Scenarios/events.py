import asyncio
from primitives import WaitAny, WaitAll, ELO, Delay_ms

async def set_later(event, ms):
    await asyncio.sleep_ms(ms)
    event.set()

async def work(n):
    await asyncio.sleep_ms(10 * n)
    print("worked", n)
    return n

async def main():
    one, two, three = asyncio.Event(), asyncio.Event(), asyncio.Event()
    asyncio.create_task(set_later(two, 20))
    either = WaitAny((one, two))
    print(await either.wait() is two, either.event() is two)
    either.clear()
    print(two.is_set())
    asyncio.create_task(set_later(one, 10))
    asyncio.create_task(set_later(three, 30))
    both = WaitAll((one, WaitAny((two, three))))
    await both.wait()
    print(one.is_set(), two.is_set(), three.is_set())
    both.clear()
    print(one.is_set(), two.is_set(), three.is_set())
    delay = Delay_ms(duration=20)
    delay.trigger()
    print(await WaitAny((one, delay)).wait() is delay)
    elo = ELO(work, 2)
    task = asyncio.create_task(work(9))
    other = ELO(task)
    print(await WaitAny((elo, other)).wait() is elo)
    print(await elo())
    other().cancel()
    await WaitAll((elo, other)).wait()
    print(isinstance(other(), asyncio.CancelledError))
    try:
        await asyncio.wait_for_ms(WaitAll((one, two)).wait(), 20)
    except asyncio.TimeoutError:
        print("too late")
    one.set()
    print(await WaitAny((two, one)).wait() is one)

asyncio.run(main())
