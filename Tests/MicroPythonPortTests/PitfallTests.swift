import Asyncio
import MicroPythonPort
import Testing

/// Where the line runs between a mistake and firmware that means what it does. (The mistakes themselves are in
/// docs/pitfalls.md, which is a test too.)
@Suite struct PitfallTests {
  @Test(
    "what older firmware had is explained with what stands for it now",
    arguments: [
      ("import pyb; pyb.UART(1, 9600).readall()", "write read()"),
      ("from pyb import dht_readinto", "from machine import dht_readinto"),
    ])
  func olderFirmware(program: String, advice: String) throws {
    let run = try FirmwareRun(program)
    #expect(
      run.diagnostics.contains { $0.contains("older-firmware") && $0.contains(advice) },
      "\(run.diagnostics) \(run.end)")
  }

  @Test func cleaningUpAfterACancellationIsNoMistake() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      async def raises():
          try:
              await asyncio.sleep(10)
          except asyncio.CancelledError:
              await asyncio.sleep_ms(5)
              raise
      async def tidies():
          try:
              while True:
                  await asyncio.sleep_ms(5)
          finally:
              for _ in range(5):
                  await asyncio.sleep_ms(5)
      async def ends():
          while True:
              try:
                  await asyncio.sleep(10)
              except asyncio.CancelledError:
                  break
          await asyncio.sleep_ms(5)
      async def waits(task):
          try:
              await task
          except asyncio.CancelledError:
              print("the other was cancelled")
          while True:
              await asyncio.sleep_ms(10)
      async def main():
          tasks = [asyncio.create_task(f()) for f in (raises, tidies, ends)]
          asyncio.create_task(waits(tasks[0]))
          await asyncio.sleep_ms(20)
          for task in tasks:
              task.cancel()
          await asyncio.sleep_ms(100)
          print([task.done() for task in tasks])
      asyncio.run(main())
      """)
    #expect(run.output == "the other was cancelled\n[True, True, True]\n")
    #expect(run.diagnostics.isEmpty, "\(run.diagnostics)")
  }

  @Test func aCancellationSwallowedDeeperDownIsFound() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      async def read():
          try:
              await asyncio.sleep_ms(10)
          except asyncio.CancelledError:
              pass
      async def main():
          async def loop():
              while True:
                  await read()
          task = asyncio.create_task(loop())
          await asyncio.sleep_ms(25)
          task.cancel()
          await asyncio.sleep_ms(50)
      asyncio.run(main())
      """)
    #expect(codes(run) == ["cancellation-swallowed"])
    // The `except` that swallows it is what has to change.
    #expect(run.diagnostics.first?.hasPrefix("main.py:5 [loop]: ") == true)
  }

  @Test func bouncesThatTheFirmwareClearsAreNoLostEvents() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from machine import Timer
      async def main():
          pressed = asyncio.ThreadSafeFlag()
          timer = Timer(-1, period=10, callback=lambda timer: pressed.set())
          for _ in range(3):
              await pressed.wait()
              await asyncio.sleep_ms(50)
              pressed.clear()
          timer.deinit()
      asyncio.run(main())
      """)
    #expect(run.diagnostics == [])
  }

  @Test("endless tasks may be left behind, and are told of with --debug")
  func endlessTasksMayBeLeftBehind() throws {
    let source = """
      import asyncio
      async def blink(lock):
          while True:
              async with lock:
                  await asyncio.sleep_ms(10)
      async def main():
          lock = asyncio.Lock()
          tasks = [asyncio.create_task(blink(lock)) for _ in range(3)]
          await asyncio.sleep_ms(35)
          tasks[0].cancel()
          await asyncio.sleep_ms(15)
      asyncio.run(main())
      """
    #expect(try FirmwareRun(source).diagnostics == [])
    let found = codes(try FirmwareRun(source, debugging: Debugging(isOn: true)))
    #expect(found == ["task-pending", "task-pending"])
  }

  @Test func anErrorThatTheLoopHasNoTimeToTellIsTold() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      async def bug():
          return 1 / 0
      async def main():
          asyncio.create_task(bug())
          await asyncio.sleep_ms(0)
      asyncio.run(main())
      """)
    #expect(run.output.isEmpty)
    #expect(codes(run) == ["exception-never-retrieved"])
    #expect(run.diagnostics.first?.contains("main.py:5 [bug]: ") == true)
    #expect(run.diagnostics.first?.contains("ZeroDivisionError: divide by zero at main.py:3") == true)
  }

  @Test func aForgottenSleepIsFoundWhereItWasAskedFor() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      async def main():
          asyncio.sleep(1)
          await asyncio.sleep_ms(5)
      asyncio.run(main())
      """)
    #expect(run.diagnostics.first?.hasPrefix("main.py:3: never-awaited: asyncio.sleep() ") == true)
  }

  @Test func aDroppedCoroutineIsFoundWhileTheProgramRuns() throws {
    let run = try FirmwareRun(
      """
      import asyncio, gc
      async def work(): pass
      async def main():
          while True:
              work()
              await asyncio.sleep_ms(10)
              gc.collect()
      asyncio.run(main())
      """, powerOff: 100)
    #expect(codes(run) == ["never-awaited"])
    #expect(run.diagnostics.first?.hasPrefix("main.py:5: never-awaited: work() ") == true)
  }

  @Test func everyKindOfSharedStateIsWatched() throws {
    for (setUp, read, write) in [
      ("", "state.x", "state.x = value + 1"), ("", "state.d['k']", "state.d['k'] = value + 1"),
      ("", "state.l[0]", "state.l[0] = value + 1"), ("nonlocal n", "n", "n = value + 1"),
    ] {
      let run = try FirmwareRun(
        """
        import asyncio
        class State: pass
        state = State()
        state.x, state.d, state.l = 0, {"k": 0}, [0]
        async def main():
            n = 0
            async def worker():
                \(setUp.isEmpty ? "pass" : setUp)
                value = \(read)
                await asyncio.sleep_ms(1)
                \(write)
            await asyncio.gather(worker(), worker())
        asyncio.run(main())
        """, debugging: Debugging(isOn: true))
      #expect(codes(run) == ["lost-update"], "\(read): \(run.diagnostics)")
      #expect(run.diagnostics.first?.hasPrefix("main.py:11 [worker]: ") == true)
      #expect(run.diagnostics.first?.contains("read at main.py:9") == true)
      #expect(run.diagnostics.first?.contains("wrote it at main.py:11") == true)
    }
  }

  @Test func updatesThatStartFromWhatIsThereAreSafe() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      import time
      total, ready, jobs, last = 0, False, [], 0
      async def worker():
          global total, ready, last
          for _ in range(5):
              before, since = total, last
              await asyncio.sleep_ms(1)
              total += 1
              last = time.ticks_ms()
              while not ready:
                  await asyncio.sleep_ms(0)
              ready = False
              jobs.append(len(jobs))
              await asyncio.sleep_ms(1)
              while jobs:
                  jobs.pop()
                  await asyncio.sleep_ms(0)
      async def main():
          global ready
          tasks = [asyncio.create_task(worker()) for _ in range(3)]
          for _ in range(100):
              await asyncio.sleep_ms(1)
              ready = True
      asyncio.run(main())
      """, debugging: Debugging(isOn: true))
    #expect(run.diagnostics.isEmpty, "\(run.diagnostics)")
  }

  @Test func aDeadlockNamesWhatIsWaitedFor() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      class Door:
          def __init__(self):
              self.opened = asyncio.Event()
      door = Door()
      async def guest():
          await door.opened.wait()
      async def main():
          task = asyncio.create_task(guest())
          await task
      asyncio.run(main())
      """)
    #expect(codes(run) == ["deadlock"])
    #expect(
      run.diagnostics.first?.contains(
        "guest waits at main.py:7 for door.opened.wait(), main waits at main.py:10 for task 'guest', and no task"
      ) == true, "\(run.diagnostics)")
  }

  @Test(
    "a task that awaits one which needs its lock is told when the circle closes, while others go on",
    arguments: [
      (
        "await asyncio.create_task(child())",
        "main.py:4 [child]: deadlock: tasks wait for each other and none can go on: task 'child' waits at main.py:4 for the Lock that "
          + "task 'parent' has, task 'parent' awaits task 'child' at main.py:7; release a lock before you await a task that needs it"
      ),
      ("await asyncio.gather(child(), child())", "task 'parent' awaits task 'child' at main.py:7"),
      (
        "task = asyncio.create_task(child()); await asyncio.sleep_ms(5); await task",
        "main.py:7 [parent]: deadlock: tasks wait for each other and none can go on: task 'parent' awaits task 'child' at main.py:7, "
          + "task 'child' waits at main.py:4 for the Lock that task 'parent' has"
      ),
      ("await asyncio.wait_for(child(), 0.01)", nil),
      ("await asyncio.sleep_ms(10)", nil),
    ] as [(String, String?)])
  func lockOfAnAwaitingTask(statement: String, finding: String?) throws {
    let run = try FirmwareRun(
      """
      import asyncio
      lock = asyncio.Lock()
      async def child():
          async with lock: pass
      async def parent():
          async with lock:
              \(statement)
      async def main():
          asyncio.create_task(parent())
          await asyncio.sleep_ms(50)
          print('goes on')
      asyncio.run(main())
      """)
    #expect(run.output.hasSuffix("goes on\n"))
    let told = run.diagnostics.filter { $0.contains("deadlock") }
    #expect(told.count == (finding == nil ? 0 : 1), "\(told)")
    if let finding { #expect(told.first?.contains(finding) == true, "\(told)") }
  }

  @Test func pollingAndShortWaitsAreNoMistake() throws {
    let run = try FirmwareRun(
      """
      import asyncio, time
      async def poll(n):
          for _ in range(200):
              time.sleep_us(500)
              await asyncio.sleep_ms(0)
      async def main():
          for n in range(4):
              asyncio.create_task(poll(n))
          time.sleep_ms(50)
          await poll(9)
      asyncio.run(main())
      """)
    #expect(run.diagnostics.isEmpty, "\(run.diagnostics)")
  }

  private func codes(_ run: FirmwareRun) -> [String] {
    run.diagnostics.map { $0.split(separator: ": ").dropFirst().first.map(String.init) ?? "" }
  }
}
