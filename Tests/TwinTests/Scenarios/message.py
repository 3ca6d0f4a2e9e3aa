import asyncio
from threadsafe import Message

async def waiter(n, message):
    while True:
        value = await message.wait()
        message.clear()
        print(n, value)
        await asyncio.sleep_ms(0)

async def reader(message):
    async for value in message:
        message.clear()
        print("reader", value)

async def main():
    message = Message()
    print(message.is_set(), message.value())
    tasks = [asyncio.create_task(waiter(n, message)) for n in range(4)]
    await asyncio.sleep_ms(10)
    for text in ("one", "two"):
        message.set(text)
        print("set", message.is_set(), message.value())
        await asyncio.sleep_ms(10)
    tasks[0].cancel()
    await asyncio.sleep_ms(10)
    message.set("without the first")
    await asyncio.sleep_ms(10)
    for task in tasks[1:]:
        task.cancel()
    await asyncio.sleep_ms(10)
    other = Message()
    asyncio.create_task(reader(other))
    for text in ("a", "b", "c"):
        other.set(text)
        await asyncio.sleep_ms(10)

asyncio.run(main())
