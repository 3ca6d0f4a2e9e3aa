import Testing

/// Classes that work with await, async for and async with. Expected outputs were checked against MicroPython.
@Suite struct AwaitableClassTests {
  @Test func classesAreAwaitedByIterAndByAwait() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      async def twice(n):
          await asyncio.sleep_ms(1)
          return 2 * n
      class ByIter:
          def __iter__(self):
              for n in range(2):
                  print("step", n)
                  yield from asyncio.sleep_ms(5)
              return 42
      class ByAwait:
          def __await__(self):
              result = 1
              for _ in range(3):
                  result = yield from twice(result)
              return result
          __iter__ = __await__
      class Awaiting:
          def __iter__(self):
              result = await twice(4)
              return result
      def generator(n):
          for _ in range(n):
              yield from asyncio.sleep_ms(1)
          return "generated"
      async def main():
          print(await ByIter(), await ByAwait(), await Awaiting(), await generator(2))
          for wrong in (3, None, object()):
              try:
                  await wrong
              except TypeError as error:
                  print(error)
          try:
              asyncio.create_task(ByIter())
          except TypeError as error:
              print(error)
          print(await asyncio.create_task(generator(1)))
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        step 0
        step 1
        42 8 8 generated
        'int' object isn't iterable
        'NoneType' object isn't iterable
        'object' object isn't iterable
        coroutine expected
        generated

        """)
    #expect(run.end == .finished)
  }

  @Test func iteratorsAndContextManagersWait() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      class Numbers:
          def __init__(self, count):
              self.left = count
          def __aiter__(self):
              print("aiter")
              return self
          async def __anext__(self):
              await asyncio.sleep_ms(1)
              if not self.left:
                  raise StopAsyncIteration
              self.left -= 1
              return self.left
      class Managed:
          def __init__(self, swallows):
              self.swallows = swallows
          async def __aenter__(self):
              await asyncio.sleep_ms(1)
              return "entered"
          async def __aexit__(self, kind, error, traceback):
              await asyncio.sleep_ms(1)
              print("exit", kind, repr(error))
              return self.swallows
      async def leave():
          async with Managed(False):
              async for n in Numbers(3):
                  if n == 1:
                      return n
      async def main():
          async for n in Numbers(2):
              print(n)
          else:
              print("exhausted")
          async for n in Numbers(3):
              if n == 2:
                  continue
              break
          async with Managed(False) as got:
              print(got)
          async with Managed(True):
              raise ValueError("swallowed")
          try:
              async with Managed(False):
                  raise KeyError("passed on")
          except KeyError as error:
              print(repr(error))
          print(await leave())
          async def held():
              async with Managed(False):
                  await asyncio.sleep(1)
          task = asyncio.create_task(held())
          await asyncio.sleep_ms(10)
          task.cancel()
          try:
              await task
          except asyncio.CancelledError:
              print("cancelled")
      asyncio.run(main())
      try:
          exec("async def f():\\n    return [x async for x in y]")
      except SyntaxError:
          print("no asynchronous comprehensions")
      """)
    #expect(
      run.output == """
        aiter
        1
        0
        exhausted
        aiter
        entered
        exit None None
        exit <class 'ValueError'> ValueError('swallowed',)
        exit <class 'KeyError'> KeyError('passed on',)
        KeyError('passed on',)
        aiter
        exit None None
        1
        exit <class 'CancelledError'> CancelledError()
        cancelled
        no asynchronous comprehensions

        """)
    #expect(run.end == .finished)
  }
}
