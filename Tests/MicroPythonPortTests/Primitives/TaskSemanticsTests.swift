import Testing

/// Exceptions, cancellation and time-outs. Expected outputs were checked against MicroPython.
@Suite struct TaskSemanticsTests {
  @Test func aCancellationGoesToTheTaskThatIsAwaited() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      async def inner():
          try:
              await asyncio.sleep(10)
          except asyncio.CancelledError:
              print("inner cancelled")
              raise
          finally:
              print("inner ends")
      async def outer(name, task):
          try:
              print(name, await task)
          except asyncio.CancelledError:
              print(name, "cancelled")
              raise
      async def stubborn():
          for n in range(2):
              try:
                  await asyncio.sleep_ms(20)
                  print("slept")
              except asyncio.CancelledError:
                  print("swallowed", n)
          return "stubborn"
      async def main():
          task = asyncio.create_task(inner())
          outers = [asyncio.create_task(outer(n, task)) for n in range(3)]
          await asyncio.sleep_ms(10)
          print(outers[1].cancel())
          await asyncio.sleep_ms(10)
          print([t.done() for t in outers], task.done(), task.cancel())
          task = asyncio.create_task(stubborn())
          await asyncio.sleep_ms(0)
          task.cancel()
          print(await task, task.done())
          task = asyncio.create_task(inner())
          task.cancel()
          await asyncio.sleep_ms(0)
          print("never began", task.done())
          try:
              asyncio.current_task().cancel()
          except RuntimeError as error:
              print(error)
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        True
        inner cancelled
        inner ends
        0 cancelled
        1 cancelled
        2 cancelled
        [True, True, True] True False
        swallowed 0
        slept
        stubborn True
        never began True
        can't cancel self

        """)
    #expect(run.end == .finished)
  }

  @Test func timeoutsNest() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      async def work(ms, result):
          try:
              await asyncio.sleep_ms(ms)
          except asyncio.CancelledError as error:
              print("cancelled", error.args)
              raise
          return result
      async def stubborn():
          try:
              await asyncio.sleep_ms(50)
          except asyncio.CancelledError:
              await asyncio.sleep_ms(30)
              print("late")
      async def limited(inner, outer):
          try:
              return await asyncio.wait_for_ms(asyncio.wait_for_ms(work(20, "done"), inner), outer)
          except asyncio.TimeoutError:
              return "timeout"
      async def main():
          for inner, outer in ((30, 40), (10, 40), (40, 10), (10, 5)):
              print(inner, outer, await limited(inner, outer))
          print(await asyncio.wait_for(work(1, "no limit"), None))
          try:
              await asyncio.wait_for(stubborn(), 0.01)
          except asyncio.TimeoutError:
              print("timeout after it ended")
          task = asyncio.create_task(asyncio.wait_for(work(100, None), 1))
          await asyncio.sleep_ms(5)
          task.cancel()
          try:
              await task
          except asyncio.CancelledError:
              print("wait_for cancelled")
          async def failing():
              raise ValueError("at once")
          try:
              await asyncio.wait_for(failing(), 1)
          except ValueError as error:
              print(error)
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        30 40 done
        cancelled ()
        10 40 timeout
        cancelled ()
        40 10 timeout
        cancelled ()
        10 5 timeout
        no limit
        late
        timeout after it ended
        cancelled ()
        wait_for cancelled
        at once

        """)
    #expect(run.end == .finished)
  }

  @Test func gatherWithErrorsAndCancellation() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      async def work(name, ms, error=None):
          try:
              await asyncio.sleep_ms(ms)
          except asyncio.CancelledError:
              print(name, "cancelled")
              raise
          print(name)
          if error:
              raise error
          return name
      async def main():
          print(await asyncio.gather())
          print(await asyncio.gather(work("a", 10), work("b", 5), return_exceptions=True))
          try:
              await asyncio.gather(work("c", 10), work("d", 5, ValueError("d")), work("e", 20))
          except ValueError as error:
              print("error", error)
          await asyncio.sleep_ms(30)
          tasks = [asyncio.create_task(work(n, 20)) for n in "fgh"]
          async def cancel():
              await asyncio.sleep_ms(5)
              tasks[1].cancel()
          asyncio.create_task(cancel())
          print(await asyncio.gather(*tasks, return_exceptions=True))
          whole = asyncio.create_task(asyncio.gather(work("i", 20), work("j", 30), return_exceptions=True))
          await asyncio.sleep_ms(5)
          whole.cancel()
          try:
              await whole
          except asyncio.CancelledError:
              print("gather cancelled")
          done = asyncio.create_task(work("k", 0))
          await asyncio.sleep_ms(5)
          print(await asyncio.gather(done, work("l", 1)))
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        []
        b
        a
        ['a', 'b']
        d
        error d
        c
        e
        g cancelled
        f
        h
        ['f', CancelledError(), 'h']
        i cancelled
        j cancelled
        gather cancelled
        k
        l
        ['k', 'l']

        """)
    #expect(run.end == .finished)
  }

  @Test func anErrorStopsItsTaskAndTheHandlerHears() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      async def failing(ms):
          await asyncio.sleep_ms(ms)
          raise ValueError("after", ms)
      def handler(loop, context):
          print("handler", loop is asyncio.get_event_loop(), context["message"], repr(context["exception"]), context["future"].done())
      async def main():
          loop = asyncio.get_event_loop()
          print(loop.get_exception_handler())
          loop.set_exception_handler(handler)
          print(loop.get_exception_handler() is handler)
          asyncio.create_task(failing(5))
          retrieved = asyncio.create_task(failing(6))
          await asyncio.sleep_ms(5)
          try:
              await retrieved
          except ValueError as error:
              print("retrieved", error)
          loop.call_exception_handler({"message": "own", "exception": ValueError(1), "future": retrieved})
          loop.set_exception_handler(None)
          print(loop.get_exception_handler())
          raise KeyError("main")
      try:
          asyncio.run(main())
      except KeyError as error:
          print("run", error)
      """)
    #expect(
      run.output == """
        None
        True
        handler True Task exception wasn't retrieved ValueError('after', 5) True
        retrieved ('after', 6)
        handler True own ValueError(1,) True
        None
        run main

        """)
    #expect(run.end == .finished)
  }

  @Test func stateIsKeptUntilANewLoop() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      async def ticker(name):
          for n in range(20):
              print(name, n)
              await asyncio.sleep_ms(10)
      async def main(name, ms):
          asyncio.create_task(ticker(name))
          await asyncio.sleep_ms(ms)
          return name
      print(asyncio.run(main("a", 25)))
      print(asyncio.run(main("b", 15)))
      loop = asyncio.new_event_loop()
      print(asyncio.run(main("c", 15)))
      asyncio.new_event_loop()
      async def stop():
          await asyncio.sleep_ms(15)
          loop.stop()
          loop.stop()
      loop.create_task(stop())
      loop.create_task(ticker("d"))
      print(loop.run_forever(), loop.close())
      asyncio.new_event_loop()
      print(loop.run_until_complete(main("e", 5)))
      try:
          asyncio.current_task()
      except RuntimeError as error:
          print(error)
      """)
    #expect(
      run.output == """
        a 0
        a 1
        a 2
        a
        b 0
        a 3
        b 1
        b
        c 0
        c 1
        c
        d 0
        d 1
        None None
        e 0
        e
        no running event loop

        """)
    #expect(run.end == .finished)
  }

  @Test func exitsAndInterruptsEndTheRun() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      async def forever():
          try:
              await asyncio.sleep(100)
          finally:
              print("not reached")
      async def raiser(error):
          await asyncio.sleep_ms(5)
          raise error
      async def main(error):
          asyncio.create_task(forever())
          try:
              await raiser(error)
          finally:
              print("main ends")
      for error in (KeyboardInterrupt, SystemExit(3), asyncio.CancelledError):
          try:
              asyncio.run(main(error))
          except BaseException as e:
              print("run raised", repr(e))
          finally:
              asyncio.new_event_loop()
      async def in_task():
          asyncio.create_task(raiser(SystemExit(4)))
          await asyncio.sleep_ms(50)
          print("not reached")
      try:
          asyncio.run(in_task())
      except SystemExit as e:
          print("task raised", repr(e))
      """)
    #expect(
      run.output == """
        main ends
        run raised KeyboardInterrupt()
        main ends
        run raised SystemExit(3,)
        main ends
        run raised CancelledError()
        task raised SystemExit(4,)

        """)
    #expect(run.end == .finished)
  }
}
