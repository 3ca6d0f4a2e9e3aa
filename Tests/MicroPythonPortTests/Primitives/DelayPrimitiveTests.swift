import Testing

/// Retriggerable delays. Expected outputs were checked against MicroPython and the well-known packages.
@Suite struct DelayPrimitiveTests {
  @Test func delayRunsItsCallbackUnlessTriggeredAgain() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from primitives import Delay_ms
      def called(*args):
          print("called", args)
          return 42
      async def main():
          delay = Delay_ms(called, ("a",), duration=50)
          print(delay.running(), delay(), delay.rvalue())
          for _ in range(3):
              delay.trigger()
              await asyncio.sleep_ms(30)
          print(delay(), delay.rvalue())
          await asyncio.sleep_ms(30)
          print(delay(), delay.rvalue())
          delay.trigger(100)
          await asyncio.sleep_ms(10)
          delay.trigger(20)
          await asyncio.sleep_ms(15)
          print(delay.running())
          await asyncio.sleep_ms(10)
          print(delay.running())
          delay.trigger()
          await asyncio.sleep_ms(10)
          delay.stop()
          await asyncio.sleep_ms(60)
          print("stopped", delay.running(), delay.rvalue())
          delay.callback(called, ("b", 2))
          delay.trigger(10)
          await asyncio.sleep_ms(20)
          delay.callback()
          delay.trigger(10)
          await asyncio.sleep_ms(20)
          print(delay.rvalue())
          delay.deinit()
          try:
              delay.trigger()
          except RuntimeError as error:
              print(error)
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        False False None
        True None
        called ('a',)
        False 42
        True
        called ('a',)
        False
        stopped False None
        called ('b', 2)
        None
        Delay_ms.deinit() has run.

        """)
    #expect(run.end == .finished)
  }

  @Test func delayWithACoroutineGivesItsTask() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from primitives import Delay_ms
      async def work(text, ms):
          print(text, "begins")
          try:
              await asyncio.sleep_ms(ms)
          except asyncio.CancelledError:
              print(text, "cancelled")
              raise
          print(text, "ends")
          return "result"
      async def main():
          delay = Delay_ms(work, ("x", 50), duration=20)
          delay.trigger()
          await asyncio.sleep_ms(30)
          print(delay(), await delay.rvalue())
          delay.trigger()
          await asyncio.sleep_ms(30)
          delay.rvalue().cancel()
          await asyncio.sleep_ms(10)
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        x begins
        x ends
        False result
        x begins
        x cancelled

        """)
    #expect(run.end == .finished)
  }

  @Test func delayIsAnEvent() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from primitives import Delay_ms
      async def waiter(name, delay):
          await delay.wait()
          delay.clear()
          print(name)
      async def main():
          delay = Delay_ms(duration=30)
          for name in "abc":
              asyncio.create_task(waiter(name, delay))
          delay.trigger()
          await delay.wait()
          print("main")
          await asyncio.sleep_ms(10)
          delay.set()
          await delay.wait()
          delay.stop()
          try:
              await asyncio.wait_for_ms(delay.wait(), 20)
          except asyncio.TimeoutError:
              print("stop cleared it")
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        main
        a
        b
        c
        stop cleared it

        """)
    #expect(run.end == .finished)
  }
}
