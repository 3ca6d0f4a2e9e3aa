import Testing

/// Semaphores, conditions and barriers. Expected outputs were checked against MicroPython and the well-known packages.
@Suite struct SynchronisationPrimitiveTests {
  @Test func semaphoreLimitsHowManyTasksGoOn() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from primitives import BoundedSemaphore, Semaphore
      async def use(name, semaphore):
          async with semaphore as got:
              print(name, "in", got is semaphore)
              await asyncio.sleep_ms(20)
              print(name, "out")
      async def main():
          await asyncio.gather(*(use(n, Semaphore(2)) for n in range(2)))
          semaphore = Semaphore(2)
          await asyncio.gather(*(use(n, semaphore) for n in "abcde"))
          one = Semaphore()
          await one.acquire()
          try:
              await asyncio.wait_for_ms(one.acquire(), 10)
          except asyncio.TimeoutError:
              print("held")
          one.release()
          one.release()
          await one.acquire()
          await one.acquire()
          print("released twice")
          bounded = BoundedSemaphore(1)
          await bounded.acquire()
          bounded.release()
          try:
              bounded.release()
          except ValueError:
              print("released too often")
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        0 in True
        1 in True
        0 out
        1 out
        a in True
        b in True
        a out
        b out
        c in True
        d in True
        c out
        d out
        e in True
        e out
        held
        released twice
        released too often

        """)
    #expect(run.end == .finished)
  }

  @Test func whoAsksWhileOthersWakeGetsTheSemaphoreFirst() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from primitives import Semaphore
      async def worker(name, semaphore, times):
          for _ in range(times):
              await semaphore.acquire()
              print(name, "acquired")
              await asyncio.sleep_ms(10)
              semaphore.release()
              await asyncio.sleep_ms(0)
      async def main():
          semaphore = Semaphore()
          await asyncio.gather(worker("a", semaphore, 3), worker("b", semaphore, 2), worker("c", semaphore, 1))
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        a acquired
        a acquired
        a acquired
        b acquired
        b acquired
        c acquired

        """)
    #expect(run.end == .finished)
  }

  @Test func conditionWakesTheLatestFirst() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from primitives import Condition
      ready = 0
      async def waiter(name, condition):
          with await condition:
              print(name, "waits", condition.locked())
              await condition.wait()
              print(name, "woken")
      async def until(condition):
          await condition.acquire()
          print("predicate", await condition.wait_for(lambda: ready > 1))
          condition.release()
      async def main():
          global ready
          condition = Condition()
          for name in "abcd":
              asyncio.create_task(waiter(name, condition))
          last = asyncio.create_task(until(condition))
          await asyncio.sleep_ms(10)
          for n in range(3):
              with await condition:
                  ready += 1
                  print("notify")
                  if n < 2:
                      condition.notify(2)
                  else:
                      condition.notify_all()
              await asyncio.sleep_ms(10)
          await last
          for method in (condition.notify, condition.notify_all):
              try:
                  method()
              except RuntimeError:
                  print("not locked")
          try:
              await condition.wait()
          except RuntimeError:
              print("not locked")
          print(condition.locked(), Condition(asyncio.Lock()).locked())
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        a waits True
        b waits True
        c waits True
        d waits True
        notify
        d woken
        notify
        predicate True
        c woken
        notify
        b woken
        a woken
        not locked
        not locked
        not locked
        False False

        """)
    #expect(run.end == .finished)
  }

  @Test func barrierLetsAllPassTogether() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from primitives import Barrier
      def passed(*args):
          print("all there", args)
          return 7
      async def worker(name, pause, barrier):
          for lap in range(3):
              await asyncio.sleep_ms(pause)
              print(name, "arrives", barrier.busy())
              await barrier
              print(name, "goes on", lap)
      async def later(text):
          await asyncio.sleep_ms(5)
          print(text)
      async def main():
          barrier = Barrier(3, passed, ("x", 1))
          await asyncio.gather(worker("a", 10, barrier), worker("b", 20, barrier), worker("c", 5, barrier))
          print(barrier.result(), barrier.busy())
          barrier = Barrier(2, later, ("from a coroutine",))
          print(barrier.trigger(), barrier.busy())
          await barrier
          print(barrier.busy(), barrier.result().done())
          await barrier.result()
          print(Barrier(2).result(), Barrier(1).trigger())
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        c arrives False
        a arrives True
        b arrives True
        all there ('x', 1)
        b goes on 0
        c goes on 0
        a goes on 0
        c arrives False
        a arrives True
        b arrives True
        all there ('x', 1)
        b goes on 1
        c goes on 1
        a goes on 1
        c arrives False
        a arrives True
        b arrives True
        all there ('x', 1)
        b goes on 2
        c goes on 2
        a goes on 2
        7 False
        False True
        False False
        from a coroutine
        None True

        """)
    #expect(run.end == .finished)
  }
}
