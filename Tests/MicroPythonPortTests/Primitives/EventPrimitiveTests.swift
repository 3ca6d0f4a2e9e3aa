import Testing

/// Objects made of events and tasks. Expected outputs were checked against MicroPython and the well-known packages.
@Suite struct EventPrimitiveTests {
  @Test func waitAnyTellsWhichCameFirst() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from primitives import Delay_ms, WaitAll, WaitAny
      async def set_later(event, ms):
          await asyncio.sleep_ms(ms)
          event.set()
      async def main():
          events = [asyncio.Event() for _ in range(4)]
          for n in range(3):
              asyncio.create_task(set_later(events[n], 30 - 10 * n))
          any = WaitAny(events[:3])
          print(any.event(), events.index(await any.wait()), events.index(any.event()))
          any.clear()
          print([event.is_set() for event in events])
          await WaitAll((events[0], events[1])).wait()
          print([event.is_set() for event in events])
          delay = Delay_ms(duration=10)
          delay.trigger()
          nested = WaitAny((WaitAll(events[1:]), delay))
          print(await nested.wait() is delay)
          nested.clear()
          print([event.is_set() for event in events])
          try:
              await asyncio.wait_for_ms(WaitAll(events).wait(), 20)
          except asyncio.TimeoutError:
              print("timeout")
          task = asyncio.create_task(WaitAny(events).wait())
          await asyncio.sleep_ms(5)
          task.cancel()
          try:
              await task
          except asyncio.CancelledError:
              print("cancelled")
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        None 2 2
        [False, False, False, False]
        [True, True, False, False]
        True
        [True, False, False, False]
        timeout

        """)
    #expect(run.end == .finished)
  }

  @Test func anELOIsATaskAsAnEvent() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from primitives import ELO, WaitAll, WaitAny
      async def work(ms, result=42, **keywords):
          await asyncio.sleep_ms(ms)
          print("worked", ms, keywords)
          return result
      async def main():
          event = asyncio.Event()
          elo = ELO(work, 20)
          print(await WaitAny((event, elo)).wait() is elo, await elo())
          elo = ELO(work, 20, result=7, key=1)
          event.set()
          await WaitAll((event, elo)).wait()
          print(await elo())
          task = asyncio.create_task(work(10, "task"))
          elo = ELO(task)
          await elo.wait()
          print(elo() is task, await task)
          elo = ELO(work, 1000)
          waiting = asyncio.create_task(WaitAny((elo,)).wait())
          await asyncio.sleep_ms(10)
          elo().cancel()
          await waiting
          print(repr(elo()))
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        worked 20 {}
        True 42
        worked 20 {'key': 1}
        7
        worked 10 {}
        True task
        CancelledError()

        """)
    #expect(run.end == .finished)
  }
}
