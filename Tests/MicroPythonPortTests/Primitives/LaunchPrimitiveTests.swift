import Testing

/// The package's functions. Expected outputs were checked against MicroPython and the well-known packages.
@Suite struct LaunchPrimitiveTests {
  @Test func launchRunsFunctionsAndMakesTasksOfCoroutines() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from primitives import launch
      def function(a, b):
          return a + b
      async def coroutine(a):
          await asyncio.sleep_ms(1)
          return a
      async def main():
          print(launch(function, (1, 2)))
          task = launch(coroutine, ("x",))
          print(task.done(), await task)
          print(launch(lambda: None, ()))
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        3
        False x
        None

        """)
    #expect(run.end == .finished)
  }

  @Test func anyExceptionEndsTheProgramWithAGlobalHandler() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from primitives import set_global_exception
      async def failing():
          await asyncio.sleep_ms(10)
          raise ValueError("broken")
      async def main():
          set_global_exception()
          asyncio.create_task(failing())
          await asyncio.sleep(1)
          print("never")
      try:
          asyncio.run(main())
      except SystemExit:
          print("exit")
      """)
    #expect(
      run.output == """
        Traceback (most recent call last):
          File "asyncio/core.py", line 186, in run_until_complete
          File "main.py", line 5, in failing
        ValueError: broken
        exit

        """)
    #expect(run.end == .finished)
  }
}
