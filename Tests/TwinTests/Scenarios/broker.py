import asyncio
from primitives import Broker, RingbufQueue, Queue, Agent, RegExp

class Printer(Agent):
    def put(self, topic, message):
        print("object", topic, message)

async def coroutine(topic, message):
    await asyncio.sleep_ms(10)
    print("coroutine", topic, message)

def function(topic, message, argument):
    print("function", topic, message, argument)

async def reader(queue):
    async for topic, message in queue:
        print("queue", topic, message)

async def main():
    Broker.Verbose = False
    broker = Broker()
    broker.publish("nobody", 1)
    queue = RingbufQueue(10)
    broker.subscribe("one", queue)
    broker.subscribe("two", queue)
    asyncio.create_task(reader(queue))
    event = asyncio.Event()
    broker.subscribe("event", event)
    broker.subscribe("function", function, 42)
    broker.subscribe("coroutine", coroutine)
    printer = Printer()
    broker.subscribe(RegExp(".*_led"), printer)
    broker.subscribe("red_led", printer)
    broker.publish("one", 1)
    broker.publish("two", 2)
    broker.publish("three", 3)
    await asyncio.sleep_ms(10)
    broker.publish("event")
    print(event.is_set())
    broker.publish("function", "f")
    broker.publish("coroutine", "c")
    await asyncio.sleep_ms(20)
    broker.publish("red_led", True)
    broker.publish("green_led", True)
    broker.publish("led", True)
    broker.unsubscribe("one", queue)
    broker.publish("one", 10)
    broker.publish("two", 20)
    await asyncio.sleep_ms(10)
    small = Queue(2)
    broker.subscribe("small", small)
    ring = RingbufQueue(3)
    broker.subscribe("ring", ring)
    for n in range(4):
        broker.publish("small", n)
        broker.publish("ring", n)
    print([small.get_nowait()[1] for _ in range(2)], [ring.get_nowait()[1] for _ in range(2)])

asyncio.run(main())
