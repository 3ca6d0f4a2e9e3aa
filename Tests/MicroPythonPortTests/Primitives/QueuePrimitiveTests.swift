import Testing

/// Queues. Expected outputs were checked against MicroPython and the well-known packages.
@Suite struct QueuePrimitiveTests {
  @Test func queueBlocksWhenFullAndWhenEmpty() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from primitives import Queue
      from primitives.queue import QueueEmpty, QueueFull
      async def produce(queue):
          for n in range(5):
              await queue.put(n)
              print("put", n, queue.qsize(), queue.full())
      async def consume(queue):
          for _ in range(5):
              await asyncio.sleep_ms(10)
              print("got", await queue.get(), queue.empty())
              queue.task_done()
      async def main():
          queue = Queue(2)
          print(queue.empty(), queue.full(), queue.qsize())
          await queue.join()
          asyncio.create_task(produce(queue))
          asyncio.create_task(consume(queue))
          await asyncio.sleep_ms(0)
          await queue.join()
          print("all done", queue.empty())
          queue.put_nowait("a")
          queue.put_nowait("b")
          try:
              queue.put_nowait("c")
          except QueueFull as error:
              print(repr(error))
          print(queue.get_nowait(), queue.get_nowait())
          try:
              queue.get_nowait()
          except QueueEmpty as error:
              print(repr(error))
          try:
              await asyncio.wait_for_ms(queue.get(), 10)
          except asyncio.TimeoutError:
              print("still empty")
          endless = Queue()
          for n in range(100):
              endless.put_nowait(n)
          print(endless.full(), endless.qsize())
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        True False 0
        put 0 1 False
        put 1 2 True
        got 0 False
        put 2 2 True
        got 1 False
        put 3 2 True
        got 2 False
        put 4 2 True
        got 3 False
        got 4 True
        all done True
        QueueFull()
        a b
        QueueEmpty()
        still empty
        False 100

        """)
    #expect(run.end == .finished)
  }

  @Test func ringbufQueueOverwritesTheOldestOnlyWhenAsked() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from array import array
      from primitives import RingbufQueue
      async def fill(queue):
          for n in range(6):
              await queue.put(n)
              print("put", n)
      async def main():
          queue = RingbufQueue(3)
          print(queue.empty(), queue.full(), queue.qsize())
          filling = asyncio.create_task(fill(queue))
          await asyncio.sleep_ms(10)
          print("full", queue.full(), queue.peek())
          async for n in queue:
              print("got", n)
              if n == 5:
                  break
          for n in range(4):
              try:
                  queue.put_nowait(n)
              except IndexError:
                  print("overwritten at", n)
          print(queue.qsize(), await queue.get(), queue.get_nowait())
          for method in (queue.get_nowait, queue.peek):
              try:
                  method()
              except IndexError:
                  print("empty")
          for buffer in (bytearray(2), array("h", (0, 0)), [None] * 2):
              queue = RingbufQueue(buffer)
              queue.put_nowait(42)
              print(await queue.get())
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        True False 0
        put 0
        put 1
        full True 0
        got 0
        got 1
        put 2
        put 3
        got 2
        got 3
        put 4
        put 5
        got 4
        got 5
        overwritten at 2
        overwritten at 3
        2 2 3
        empty
        empty
        42
        42
        42

        """)
    #expect(run.end == .finished)
  }
}
