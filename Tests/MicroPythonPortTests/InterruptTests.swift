import MicroPythonPort
import Testing

@Suite struct InterruptTests {
  @Test func aFlagIsTheWayFromAnInterruptToATask() throws {
    let run = try FirmwareRun(
      """
      import asyncio, pyb
      flag, event = asyncio.ThreadSafeFlag(), asyncio.Event()
      errors = []
      def tick(timer):
          flag.set()
          try:
              event.set()
          except RuntimeError as error:
              if not errors:
                  errors.append(error)
      async def main():
          pyb.Timer(4, freq=100, callback=tick)
          for n in range(3):
              await flag.wait()
              print(n)
          print(errors[0])
      asyncio.run(main())
      """)
    #expect(run.output.hasPrefix("0\n1\n2\n"))
    #expect(run.output.contains("ThreadSafeFlag"))
    #expect((29...33).contains(run.duration))
  }

  @Test func interruptsReachFirmwareWhereverItWaits() throws {
    for wait in [
      "time.sleep(100)", "asyncio.run(asyncio.Event().wait())", "while True: pass", "time.sleep_us(90000000)",
    ] {
      let run = try FirmwareRun(
        """
        import asyncio, time
        asyncio.create_task(asyncio.ThreadSafeFlag().wait())
        try:
            \(wait)
        except KeyboardInterrupt:
            print("interrupted")
        """, powerOff: 60_000, interruption: 500)
      #expect(run.output == "interrupted\n", "\(wait)")
      #expect((500...502).contains(run.duration), "\(wait)")
    }
  }

  @Test func scheduledCallsRunWhileTheBoardIdles() throws {
    let run = try FirmwareRun(
      """
      import asyncio, micropython, time
      event = asyncio.Event()
      def look(end):
          if time.ticks_diff(end, time.ticks_ms()) <= 0:
              event.set()
          else:
              micropython.schedule(look, end)
      async def main():
          look(time.ticks_add(time.ticks_ms(), 50))
          await event.wait()
          print("woken")
      asyncio.run(main())
      """)
    #expect(run.output == "woken\n")
    #expect((50...52).contains(run.duration))
  }
}
