# What the tutorial's script on global exception handlers imports.
import asyncio


class MyClass:
    async def foo(self):
        await asyncio.sleep(2)
        raise ValueError("foo failed")

    async def run_forever(self):
        n = 0
        while True:
            n += 1
            print("running", n)
            await asyncio.sleep(1)
