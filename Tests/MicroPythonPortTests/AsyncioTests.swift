import MicroPythonPort
import Testing

/// Tasks in Python. Expected outputs were checked against MicroPython's unix port.
@Suite struct AsyncioTests {
  @Test func tasksRunInOrderOfDueTimeThenOfArrival() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      async def worker(name, pause):
          for n in range(3):
              print(name, n)
              await asyncio.sleep_ms(pause)
      async def main():
          tasks = [asyncio.create_task(worker(n, p)) for n, p in (("a", 20), ("b", 8), ("c", 20))]
          for task in tasks:
              await task
          print("done", [task.done() for task in tasks])
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        a 0
        b 0
        c 0
        b 1
        b 2
        a 1
        c 1
        a 2
        c 2
        done [True, True, True]

        """)
    #expect(run.end == .finished)
    #expect((60...63).contains(run.duration))
  }

  /// However it is called: a pause takes its call and its await in one go where it can.
  @Test func pausesAreAwaitedWhereverTheyComeFrom() throws {
    let run = try FirmwareRun(
      """
      import asyncio, time
      from asyncio import sleep_ms as pause
      log = []
      async def nap(name, how):
          for n in range(3):
              await how(n * 10)
              log.append(name + str(n))
      async def nested(): await pause(5); log.append("nested")
      async def main():
          tasks = [asyncio.create_task(nap("a", pause)), asyncio.create_task(nap("b", asyncio.sleep_ms))]
          await asyncio.gather(*tasks)
          await nested()
          later = asyncio.sleep_ms(1)
          try: await asyncio.sleep_ms(1)
          except AssertionError: log.append("assert")
          await later
          began = time.ticks_ms()
          print(await pause(20), time.ticks_diff(time.ticks_ms(), began) >= 19)
          for bad in (1.5, "x", 1 << 29):
              try: await pause(bad); log.append("slept")
              except (TypeError, OverflowError) as error: log.append(type(error).__name__)
          try: await pause()
          except TypeError as error: print(error)
          async def victim():
              try: 
                  while True: await pause(0)
              except asyncio.CancelledError: log.append("cancelled"); raise
          v = asyncio.create_task(victim())
          await pause(0); await pause(0)
          v.cancel()
          await pause(0); await pause(0)
          print(log)
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        None True
        function takes 1 positional arguments but 0 were given
        ['a0', 'b0', 'a1', 'b1', 'a2', 'b2', 'nested', 'assert', 'TypeError', 'TypeError', 'OverflowError', 'cancelled']

        """)
  }

  @Test func cancellationTimeoutsAndGatheredResults() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      async def quick(n):
          await asyncio.sleep_ms(n)
          return n
      async def stubborn():
          try:
              await asyncio.sleep(10)
          except asyncio.CancelledError:
              print("cancelled")
              raise
          finally:
              print("cleanup")
      async def failing():
          await asyncio.sleep_ms(5)
          raise ValueError("no")
      async def main():
          print(await asyncio.gather(quick(20), quick(10), failing(), return_exceptions=True))
          try:
              await asyncio.gather(quick(20), failing())
          except ValueError as e:
              print("gather", e)
          try:
              await asyncio.wait_for(stubborn(), 0.05)
          except asyncio.TimeoutError:
              print("timeout")
          print(await asyncio.wait_for_ms(quick(3), 50))
          task = asyncio.create_task(stubborn())
          await asyncio.sleep_ms(0)
          print(task.cancel(), task.done())
          try:
              await task
          except asyncio.CancelledError:
              print("task", task.done(), task.cancel())
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        [20, 10, ValueError('no',)]
        gather no
        cancelled
        cleanup
        timeout
        3
        True False
        cancelled
        cleanup
        task True False

        """)
  }

  @Test func locksAndEventsServeInOrder() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      async def user(n, lock, event):
          async with lock:
              print("got", n, lock.locked())
              await asyncio.sleep_ms(1)
          await event.wait()
          print("end", n)
      async def main():
          lock, event = asyncio.Lock(), asyncio.Event()
          tasks = [asyncio.create_task(user(n, lock, event)) for n in range(3)]
          await asyncio.sleep_ms(20)
          event.set()
          await asyncio.gather(*tasks)
          try:
              lock.release()
          except RuntimeError as e:
              print(e)
          try:
              await asyncio.wait_for_ms(asyncio.Event().wait(), 5)
          except asyncio.TimeoutError:
              print("timeout")
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        got 0 True
        got 1 True
        got 2 True
        end 0
        end 1
        end 2
        Lock not acquired
        timeout

        """)
  }

  @Test func tracebacksShowAsyncioAsTheBoardDoes() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      async def inner():
          await asyncio.sleep_ms(1)
          1 / 0
      async def main():
          asyncio.create_task(inner())
          await asyncio.sleep_ms(5)
          await inner()
      asyncio.run(main())
      """)
    #expect(
      run.output.hasPrefix(
        "Task exception wasn't retrieved\nfuture: <Task> coro= <generator object 'inner' at "))
    #expect(
      run.output.hasSuffix(
        """
        Traceback (most recent call last):
          File "asyncio/core.py", line 186, in run_until_complete
          File "main.py", line 4, in inner
        ZeroDivisionError: divide by zero

        """))
    #expect(
      run.end
        == .failed(
          traceback: """
            Traceback (most recent call last):
              File "main.py", line 9, in <module>
              File "asyncio/core.py", line 248, in run
              File "asyncio/core.py", line 203, in run_until_complete
              File "asyncio/core.py", line 186, in run_until_complete
              File "main.py", line 8, in main
              File "main.py", line 4, in inner
            ZeroDivisionError: divide by zero

            """))
  }

  @Test func handlersOfExceptionsGetTheContext() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      def handler(loop, context):
          print(context["message"], repr(context["exception"]), context["future"].done())
          loop.stop()
      async def failing():
          raise OSError(5)
      loop = asyncio.get_event_loop()
      loop.set_exception_handler(handler)
      loop.create_task(failing())
      loop.run_forever()
      print("stopped")
      """)
    #expect(run.output == "Task exception wasn't retrieved OSError(5,) True\nstopped\n")
  }

  @Test func firmwareThatCanNeverGoOnEndsWithADiagnostic() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      async def main():
          print("waiting")
          try:
              await asyncio.Event().wait()
          finally:
              print("never")
      asyncio.run(main())
      """)
    #expect(run.output == "waiting\n")
    #expect(run.end == .deadlocked)
    #expect(run.diagnostics.count == 1)
    #expect(run.diagnostics.first?.contains("deadlock") == true)
  }

  @Test func streamsWrittenInPythonCanBeAwaited() throws {
    let run = try FirmwareRun(
      """
      import asyncio, io
      class Device(io.IOBase):
          def __init__(self):
              self.lines = [b"one\\n", b"two\\n", b""]
              self.written = b""
          def ioctl(self, request, flags):
              return flags if request == 3 else -1
          def readline(self):
              return self.lines.pop(0)
          def write(self, data, off=0, size=-1):
              self.written += bytes(data[:2])
              return min(2, len(data))
      class Reader(asyncio.StreamReader):
          async def readline(self):
              return (await super().readline()).decode()
      async def main():
          device = Device()
          reader, writer = Reader(device), asyncio.StreamWriter(device, {})
          print(await reader.readline(), await reader.readline(), end="")
          writer.write(b"hello")
          await writer.drain()
          await writer.awrite(b"!")
          print(device.written)
      asyncio.run(main())
      """)
    #expect(run.output == "one\n two\nb'hello!'\n")
  }
}
