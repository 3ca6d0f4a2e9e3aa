import asyncio
from primitives import Barrier

async def task(n, barrier):
    for turn in range(2):
        await asyncio.sleep_ms(10 * n)
        print("comes", turn, n, barrier.busy())
        await barrier
        print("goes", turn, n)

async def later(text):
    await asyncio.sleep_ms(10)
    print(text)
    return text

async def main():
    barrier = Barrier(3, lambda text: print("callback") or text, ("met",))
    await asyncio.gather(*[task(n, barrier) for n in range(3)])
    print(barrier.result(), barrier.busy())

    pair = Barrier(2, later, ("coroutine",))
    print(pair.trigger())
    await pair
    print("past the pair")
    print(await pair.result())

    plain = Barrier(2)
    asyncio.create_task(task(0, plain))
    await asyncio.sleep_ms(0)
    print(plain.trigger(), plain.result())
    await asyncio.sleep_ms(20)

asyncio.run(main())
