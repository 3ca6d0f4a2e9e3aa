import Machine
import Testing

/// Switches and pushbuttons. Expected outputs were checked against MicroPython and the well-known packages.
@Suite struct SwitchPrimitiveTests {
  @Test func switchesRunFunctionsAndSetEvents() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from machine import Pin
      from primitives import ESwitch, Switch
      def closed(name):
          print(name, "closed")
      async def opened(name):
          print(name, "opened")
          await asyncio.sleep_ms(10)
          print(name, "done")
      async def watch(name, event):
          while True:
              await event.wait()
              event.clear()
              print("event", name)
      async def main():
          pin = Pin("X1", Pin.IN, Pin.PULL_UP)
          switch, by_event, events = Switch(pin), Switch(pin), ESwitch(pin)
          switch.close_func(closed, ("switch",))
          switch.open_func(opened, ("switch",))
          by_event.close_func(None)
          by_event.open_func(None)
          for name, event in (("close", by_event.close), ("open", by_event.open), ("ESwitch close", events.close), ("ESwitch open", events.open)):
              asyncio.create_task(watch(name, event))
          print(switch(), events())
          await asyncio.sleep_ms(400)
          print(switch(), events())
          await asyncio.sleep_ms(400)
          print(switch(), events())
          switch.deinit()
          events.deinit()
          by_event.close_func(False)
          await asyncio.sleep_ms(400)
      asyncio.run(main())
      """,
      stimuli: [
        Stimulus(parsing: "300ms:pin=X1:0"), Stimulus(parsing: "302ms:pin=X1:1"),
        Stimulus(parsing: "304ms:pin=X1:0"), Stimulus(parsing: "600ms:pin=X1:1"),
        Stimulus(parsing: "603ms:pin=X1:0"), Stimulus(parsing: "606ms:pin=X1:z"),
        Stimulus(parsing: "1s:pin=X1:0"),
      ])
    #expect(
      run.output == """
        1 0
        switch closed
        event close
        event ESwitch close
        0 1
        switch opened
        event open
        event ESwitch open
        switch done
        1 0

        """)
    #expect(run.end == .finished)
  }

  @Test func buttonsTellPressesReleasesDoubleClicksAndLongPresses() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from machine import Pin
      from primitives import EButton, Pushbutton
      out = Pin("X2", Pin.OUT, value=1)
      async def click(*times):
          for n, ms in enumerate(times):
              out(n % 2)
              await asyncio.sleep_ms(ms)
          out(1)
      async def report(name):
          print(name)
      async def watch(name, event):
          while True:
              await event.wait()
              event.clear()
              print("  event", name)
      async def main():
          pin = Pin("X1", Pin.IN, Pin.PULL_UP)
          for suppress in (False, True):
              button = Pushbutton(pin, suppress)
              button.press_func(print, ("press",))
              button.release_func(print, ("release",))
              button.double_func(report, ("double",))
              button.long_func(report, ("long",))
              events = EButton(pin, suppress=suppress)
              tasks = [asyncio.create_task(watch(name, getattr(events, name))) for name in ("press", "release", "double", "long")]
              for what, times in (("short", (100,)), ("double", (100, 100, 100)), ("long", (1500,)), ("neither", (600,))):
                  print(what, "suppress", suppress)
                  await click(*times)
                  await asyncio.sleep_ms(1000)
              print(button(), button.rawstate(), events(), events.rawstate())
              button.deinit()
              events.deinit()
              for task in tasks:
                  task.cancel()
              await asyncio.sleep_ms(0)
          button = Pushbutton(pin, sense=0)
          print(button(), button.rawstate())
          button.press_func(None)
          button.release_func(None)
          out(0)
          await button.release.wait()
          out(1)
          await button.press.wait()
          button.press_func(False)
          print("by events")
      asyncio.run(main())
      """, wires: ["X1-X2"])
    #expect(
      run.output == """
        short suppress False
        press
          event press
        release
          event release
        double suppress False
        press
          event press
        release
          event release
        press
        double
          event press
          event double
        release
          event release
        long suppress False
        press
          event press
        long
          event long
        release
          event release
        neither suppress False
        press
          event press
        release
          event release
        False False False False
        short suppress True
        press
        release
          event press
          event release
        double suppress True
        press
        press
        double
          event double
          event release
        long suppress True
        press
        long
          event long
          event release
        neither suppress True
        press
        release
          event release
        False False False False
        True True
        by events

        """)
    #expect(run.end == .finished)
  }
}
