import Testing

/// What interrupt handlers and threads may use. Expected outputs were checked against MicroPython and the well-known packages.
@Suite struct ThreadSafePrimitiveTests {
  @Test func messagesCarryAValue() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from threadsafe import Message
      async def waiter(name, message):
          print(name, await message)
          message.clear()
      async def iterate(message):
          async for value in message:
              print("next", value)
              message.clear()
      async def main():
          message = Message()
          print(message.is_set(), message.value())
          for name in "abc":
              asyncio.create_task(waiter(name, message))
          await asyncio.sleep_ms(10)
          message.set("hello")
          print(message.is_set(), message.value())
          await asyncio.sleep_ms(10)
          print(message.is_set(), message.value())
          task = asyncio.create_task(iterate(message))
          for value in (1, 2, None):
              await asyncio.sleep_ms(10)
              message.set(value)
          await asyncio.sleep_ms(10)
          task.cancel()
          first = asyncio.create_task(message.wait())
          second = asyncio.create_task(message.wait())
          await asyncio.sleep_ms(10)
          first.cancel()
          await asyncio.sleep_ms(10)
          message.set(5)
          print(await second)
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        False None
        True hello
        b hello
        c hello
        a hello
        False hello
        next 1
        next 2
        next None
        5

        """)
    #expect(run.end == .finished)
  }

  @Test func eventWakesAll() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from threadsafe import ThreadSafeEvent
      async def waiter(name, event):
          try:
              await event.wait()
              print(name)
          except asyncio.CancelledError:
              print(name, "cancelled")
      async def main():
          event = ThreadSafeEvent()
          for lap in range(3):
              tasks = [asyncio.create_task(waiter(n, event)) for n in range(3)]
              await asyncio.sleep_ms(10)
              tasks[lap].cancel()
              await asyncio.sleep_ms(10)
              event.set()
              await asyncio.gather(*tasks, return_exceptions=True)
              print(event.is_set())
              event.clear()
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        0 cancelled
        1
        2
        True
        1 cancelled
        0
        2
        True
        2 cancelled
        0
        1
        True

        """)
    #expect(run.end == .finished)
  }

  @Test func queueBetweenAHandlerAndATask() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from threadsafe import ThreadSafeQueue
      async def main():
          queue = ThreadSafeQueue(3)
          print(queue.empty(), queue.full(), queue.qsize())
          queue.put_sync(1)
          queue.put_sync(2)
          try:
              queue.put_sync(3)
          except IndexError:
              print("full", queue.full(), queue.qsize())
          print(queue.get_sync(), await queue.get())
          try:
              queue.get_sync()
          except IndexError:
              print("empty")
          async def produce():
              for n in range(4):
                  await queue.put(n)
                  print("put", n)
          asyncio.create_task(produce())
          async for n in queue:
              print("got", n)
              if n == 3:
                  break
          queue = ThreadSafeQueue(bytearray(2))
          await queue.put(9)
          print(await queue.get())
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        True False 0
        full True 2
        1 2
        empty
        put 0
        put 1
        got 0
        got 1
        put 2
        put 3
        got 2
        got 3
        9

        """)
    #expect(run.end == .finished)
  }

  @Test func interruptHandlersUseAllOfThem() throws {
    let run = try FirmwareRun(
      """
      import asyncio, micropython
      from pyb import Timer
      from primitives import Delay_ms
      from threadsafe import Message, ThreadSafeEvent, ThreadSafeQueue
      micropython.alloc_emergency_exception_buf(100)
      async def wait(name, event):
          print(name, await event.wait())
      async def main():
          event, message, queue = ThreadSafeEvent(), Message(), ThreadSafeQueue(bytearray(10))
          delay = Delay_ms(print, ("delay over",), duration=50)
          count = 0
          def tick(timer):
              nonlocal count
              count += 1
              if count <= 5:
                  delay.trigger()
                  queue.put_sync(count)
              elif count == 6:
                  event.set()
              elif count == 7:
                  message.set("from the handler")
          for n in range(3):
              asyncio.create_task(wait("event", event))
              asyncio.create_task(wait("message", message))
          await asyncio.sleep_ms(0)
          timer = Timer(4, freq=50, callback=tick)
          async for n in queue:
              print("got", n)
              if n == 5:
                  break
          await asyncio.sleep_ms(200)
          timer.deinit()
          print(event.is_set(), message.is_set(), delay())
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        got 1
        got 2
        got 3
        got 4
        got 5
        event None
        event None
        event None
        message from the handler
        message from the handler
        message from the handler
        delay over
        True True False

        """)
    #expect(run.end == .finished)
  }
}
