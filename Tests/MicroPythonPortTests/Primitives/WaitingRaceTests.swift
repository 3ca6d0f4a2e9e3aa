import Testing

/// `wait_for`, `gather` and `sleep` where things go wrong. Expected outputs were checked against MicroPython.
@Suite struct WaitingRaceTests {
  @Test func aWaitThatWasLeftReachesItsTaskInTheNextOne() throws {
    let run = try FirmwareRun(
      """
      import asyncio

      async def give(value, ms):
          await asyncio.sleep_ms(ms)
          return value

      async def stubborn():
          try:
              await asyncio.sleep_ms(300)
          except asyncio.CancelledError:
              await asyncio.sleep_ms(10)
              return "late"

      async def twice():
          try:
              await asyncio.wait_for_ms(stubborn(), 200)
          except asyncio.CancelledError as error:
              print("first", error.args)
          try:
              print("second", await asyncio.wait_for_ms(give("two", 60), 150))
          except asyncio.CancelledError as error:
              print("second", error.args)

      async def main():
          waiter = asyncio.create_task(asyncio.wait_for_ms(give(1, 0), 50))
          for _ in range(4):
              print(waiter.data and type(waiter.data), waiter.done())
              await asyncio.sleep_ms(0)
          task = asyncio.create_task(twice())
          await asyncio.sleep_ms(30)
          task.cancel()
          await task
          print(await asyncio.wait_for_ms(asyncio.wait_for_ms(give(3, 20), 100), 50))
          try:
              await asyncio.wait_for_ms(asyncio.wait_for_ms(give(3, 100), 90), 50)
          except asyncio.TimeoutError:
              print("timeout")

      asyncio.run(main())
      """)
    #expect(
      run.output == """
        None False
        None False
        None False
        None False
        first ()
        second late
        3
        timeout

        """)
  }

  @Test func aGatherThatFailsLeavesItsTasksBroken() throws {
    let run = try FirmwareRun(
      """
      import asyncio

      async def give(value):
          await asyncio.sleep_ms(5)
          return value

      async def main():
          task = asyncio.create_task(give(1))
          try:
              await asyncio.gather(task, task)
          except RuntimeError as error:
              print(error)
          await asyncio.sleep_ms(50)
          print("not reached")

      try:
          asyncio.run(main())
      except NameError as error:
          print(error)
      """)
    #expect(
      run.output == """
        can't gather
        local variable referenced before assignment

        """)
  }

  @Test func aTaskThatEndsWithACancellationPendingEndsTheRun() throws {
    let run = try FirmwareRun(
      """
      import asyncio

      async def outer(tasks):
          await tasks[1]

      async def inner(tasks):
          await asyncio.sleep_ms(0)
          print(tasks[0].cancel())

      async def main():
          tasks = []
          tasks.append(asyncio.create_task(outer(tasks)))
          tasks.append(asyncio.create_task(inner(tasks)))
          await asyncio.sleep_ms(50)
          print("not reached")

      try:
          asyncio.run(main())
      except AssertionError as error:
          print("run ended")
      """)
    #expect(
      run.output == """
        True
        run ended

        """)
  }

  @Test func tracebacksShowTheLinesOfTheBoardsOwnFiles() throws {
    let run = try FirmwareRun(
      """
      import asyncio, sys

      async def fail():
          await asyncio.sleep_ms(10)
          raise ValueError("late")

      async def main():
          for call in (lambda: asyncio.wait_for_ms(fail(), 50), lambda: asyncio.wait_for_ms(fail(), 5),
                       lambda: asyncio.wait_for_ms(asyncio.wait_for_ms(fail(), 50), 60),
                       lambda: asyncio.gather(1), lambda: asyncio.sleep_ms(1.5), lambda: asyncio.sleep("a")):
              try:
                  await call()
              except Exception as error:
                  sys.print_exception(error)

      asyncio.run(main())
      """)
    #expect(
      run.output == """
        Traceback (most recent call last):
          File "main.py", line 12, in main
          File "asyncio/funcs.py", line 46, in wait_for
          File "asyncio/funcs.py", line 9, in _run
          File "asyncio/core.py", line 186, in run_until_complete
          File "main.py", line 5, in fail
        ValueError: late
        Traceback (most recent call last):
          File "main.py", line 12, in main
          File "asyncio/funcs.py", line 51, in wait_for
        TimeoutError: 
        Traceback (most recent call last):
          File "main.py", line 12, in main
          File "asyncio/funcs.py", line 46, in wait_for
          File "asyncio/funcs.py", line 9, in _run
          File "asyncio/core.py", line 193, in run_until_complete
          File "asyncio/funcs.py", line 46, in wait_for
          File "asyncio/funcs.py", line 9, in _run
          File "asyncio/core.py", line 186, in run_until_complete
          File "main.py", line 5, in fail
        ValueError: late
        Traceback (most recent call last):
          File "main.py", line 12, in main
          File "asyncio/funcs.py", line 89, in gather
          File "asyncio/funcs.py", line 89, in <listcomp>
          File "asyncio/core.py", line 139, in _promote_to_task
          File "asyncio/core.py", line 145, in create_task
        TypeError: coroutine expected
        Traceback (most recent call last):
          File "main.py", line 12, in main
          File "main.py", line 10, in <lambda>
          File "asyncio/core.py", line 57, in sleep_ms
        TypeError: can't convert float to int
        Traceback (most recent call last):
          File "main.py", line 12, in main
          File "main.py", line 10, in <lambda>
          File "asyncio/core.py", line 63, in sleep
        ValueError: invalid syntax for integer with base 10

        """)
  }
}
