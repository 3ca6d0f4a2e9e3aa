import MicroPythonPort
import Testing

/// `_thread`: results are those of a Pyboard's threaded build.
@Suite struct ThreadTests {
  @Test func threadsTakeTurnsAndSeeEachOthersChanges() throws {
    let source = """
      import _thread, time
      lock = _thread.allocate_lock()
      count = 0
      ended = 0
      def work(name, times, step=1):
          global count, ended
          for _ in range(times):
              with lock:
                  count += step
          with lock:
              ended += 1
          print(name, "ends")
      print(_thread.start_new_thread(work, ("first", 2000)) != _thread.get_ident())
      _thread.start_new_thread(work, ("second", 3000), {"step": 2})
      work("main", 500)
      while ended < 3:
          time.sleep(0)
      print(count)
      """
    let run = try FirmwareRun(source)
    #expect(run.output == "True\nmain ends\nfirst ends\nsecond ends\n8500\n")
    let again = try FirmwareRun(source)
    #expect(again.output == run.output && again.duration == run.duration)
  }

  @Test func locksGoToWhoWaitedFirst() throws {
    let run = try FirmwareRun(
      """
      import _thread, time
      lock = _thread.allocate_lock()
      print(lock.acquire(), lock.acquire(0), lock.locked())
      def wait(name):
          with lock:
              print(name)
      for name in "abc":
          _thread.start_new_thread(wait, (name,))
          time.sleep_ms(5)
      lock.release()
      time.sleep_ms(5)
      print(lock.locked())
      try:
          lock.release()
      except RuntimeError:
          print("not locked")
      """)
    #expect(run.output == "True False True\na\nb\nc\nFalse\nnot locked\n")
  }

  @Test func sleepingThreadsLetTimeJump() throws {
    let run = try FirmwareRun(
      """
      import _thread, time
      def beat(pause, times):
          for _ in range(times):
              time.sleep_ms(pause)
              print(time.ticks_ms(), pause)
      _thread.start_new_thread(beat, (30, 3))
      beat(50, 2)
      time.sleep(3600)
      print("an hour later")
      """)
    #expect(run.output == "30 30\n50 50\n60 30\n90 30\n100 50\nan hour later\n")
    #expect((3_600_100...3_600_101).contains(run.duration))
  }

  @Test func aThreadWakesATask() throws {
    let run = try FirmwareRun(
      """
      import _thread, asyncio, time
      flag = asyncio.ThreadSafeFlag()
      def later():
          time.sleep_ms(200)
          flag.set()
      async def main():
          _thread.start_new_thread(later, ())
          await flag.wait()
          print("woken", 200 <= time.ticks_ms() <= 203)
      asyncio.run(main())
      """)
    #expect(run.output == "woken True\n")
  }

  @Test func exceptionsEndOnlyTheirThread() throws {
    let run = try FirmwareRun(
      """
      import _thread, time, sys
      def fail():
          raise ValueError("oh")
      def leave(how):
          how()
          print("never")
      def deep():
          deep()
      def recurse():
          try:
              deep()
          except RuntimeError as error:
              print(error)
      _thread.start_new_thread(fail, ())
      time.sleep_ms(1)
      _thread.start_new_thread(leave, (_thread.exit,))
      _thread.start_new_thread(leave, (sys.exit,))
      _thread.start_new_thread(recurse, [])
      time.sleep_ms(100)
      print("done")
      """)
    #expect(run.output.hasPrefix("Unhandled exception in thread started by <function fail at 0x"))
    #expect(
      run.output.hasSuffix(
        """
        Traceback (most recent call last):
          File "main.py", line 3, in fail
        ValueError: oh
        maximum recursion depth exceeded
        done

        """))
    #expect(run.end == .finished)
  }

  @Test func theProgramEndsWithItsMainThread() throws {
    let run = try FirmwareRun(
      """
      import _thread, time
      lock = _thread.allocate_lock()
      lock.acquire()
      def spin():
          try:
              while True:
                  pass
          finally:
              print("never")
      def block():
          lock.acquire()
          print("never")
      def sleep():
          time.sleep(100)
          print("never")
      for function in (spin, block, sleep):
          _thread.start_new_thread(function, ())
      time.sleep_ms(10)
      print("end")
      """)
    #expect(run.output == "end\n")
    #expect(run.duration <= 20)
  }

  @Test func aDeadlockIsReported() throws {
    let run = try FirmwareRun(
      """
      import _thread, time
      lock = _thread.allocate_lock()
      lock.acquire()
      _thread.start_new_thread(lock.acquire, ())
      lock.acquire()
      """)
    #expect(run.end == .deadlocked)
    #expect(run.diagnostics.count == 1 && run.diagnostics[0].contains("every thread waits for a lock"))
  }

  @Test func ctrlCReachesTheMainThread() throws {
    let run = try FirmwareRun(
      """
      import _thread
      stop = False
      def spin():
          while not stop:
              pass
      _thread.start_new_thread(spin, ())
      try:
          while True:
              pass
      except KeyboardInterrupt:
          print("interrupted")
      """, interruption: 100)
    #expect(run.output == "interrupted\n")
  }

  @Test func collectionsFindWhatOtherThreadsHold() throws {
    let run = try FirmwareRun(
      """
      import _thread, gc, time
      ended = []
      def keep(number):
          held = [str(number) + str(item) for item in range(50)]
          for _ in range(20):
              [bytes(100) for _ in range(20)]
              gc.collect()
          ended.append(held == [str(number) + str(item) for item in range(50)])
      for number in range(4):
          _thread.start_new_thread(keep, (number,))
      while len(ended) < 4:
          sorted([3, 1, 2], key=lambda item: [time.sleep_ms(1), item][1])
      print(ended)
      """)
    #expect(run.output == "[True, True, True, True]\n")
  }

  @Test("threads that start threads without end have no more of them than the board has memory for stacks")
  func threadsAreBoundedByMemory() throws {
    let run = try FirmwareRun(
      """
      import _thread, time
      begun = 0
      def bomb():
          global begun
          begun += 1
          while True:
              try:
                  _thread.start_new_thread(bomb, ())
              except MemoryError:
                  pass
      _thread.start_new_thread(bomb, ())
      time.sleep_ms(300)
      print(10 < begun < 30)
      """)
    #expect(run.output == "True\n")
  }

  @Test("a board with much memory has a hundred threads beside the main one at most")
  func threadsAreBounded() throws {
    let run = try FirmwareRun(
      """
      import _thread
      lock = _thread.allocate_lock()
      lock.acquire()
      count = 0
      try:
          while True:
              _thread.start_new_thread(lock.acquire, ())
              count += 1
      except OSError as error:
          print(count, error)
      """, board: "raspberry-pi")
    #expect(run.output == "100 can't create thread\n")
  }
}
