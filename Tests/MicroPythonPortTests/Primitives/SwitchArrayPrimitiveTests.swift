import Testing

/// Switches in rows and columns. Expected outputs were checked against MicroPython and the well-known packages.
@Suite struct SwitchArrayPrimitiveTests {
  @Test func keysAreReadAcrossRowsAndColumns() throws {
    // With a collection at every allocation the matrix is read less often, because somebody else takes the processor.
    let load = CollectionMode.collectsAlways ? "asyncio.create_task(compute())" : "pass"
    let run = try FirmwareRun(
      """
      import asyncio, time
      from machine import Pin
      from primitives import Keyboard, SwArray
      from primitives.sw_array import CLOSE, DOUBLE, LONG, OPEN, SUPPRESS
      keys = [Pin(name, Pin.OUT, value=1) for name in ("Y1", "Y2")]
      async def press(key, *times):
          for n, ms in enumerate(times):
              keys[key](n % 2)
              await asyncio.sleep_ms(ms)
          keys[key](1)
          await asyncio.sleep_ms(600)
      async def read(array):
          async for item in array:
              print(item)
      async def compute():
          while True:
              time.sleep_ms(5)
              await asyncio.sleep_ms(0)
      async def main():
          \(load)
          rows = [Pin("X1", Pin.OPEN_DRAIN)]
          columns = [Pin(name, Pin.IN, Pin.PULL_UP) for name in ("X2", "X3")]
          keyboard = Keyboard(rows, columns, bufsize=3)
          reader = asyncio.create_task(read(keyboard))
          await press(0, 100)
          await press(1, 100)
          keys[0](0)
          await asyncio.sleep_ms(100)
          print([keyboard[code] for code in range(2)])
          keys[0](1)
          await asyncio.sleep_ms(100)
          reader.cancel()
          for n in range(4):
              await press(n % 2, 100)
          print(keyboard.qsize(), await keyboard.get(), keyboard.get_nowait())
          keyboard.deinit()
          for wanted in (CLOSE | OPEN, CLOSE | LONG | DOUBLE | SUPPRESS, LONG | DOUBLE | OPEN | SUPPRESS):
              print("wanted", wanted)
              array = SwArray(rows, columns, wanted)
              reader = asyncio.create_task(read(array))
              await press(0, 100)
              await press(1, 100, 100, 100)
              await press(0, 1200)
              keys[1](0)
              await asyncio.sleep_ms(100)
              print(array.keymap(), array[0], array[1])
              keys[1](1)
              await asyncio.sleep_ms(500)
              array.deinit()
              reader.cancel()
      asyncio.run(main())
      """, wires: ["X2-Y1", "X3-Y2"])
    #expect(
      run.output == """
        1
        0
        1
        [False, True]
        2 1 0
        wanted 3
        (1, 1)
        (1, 2)
        (0, 1)
        (0, 2)
        (0, 1)
        (0, 2)
        (1, 1)
        (1, 2)
        (0, 1)
        1 True False
        (0, 2)
        wanted 29
        (1, 1)
        (0, 8)
        (1, 4)
        1 True False
        (0, 1)
        wanted 30
        (1, 2)
        (0, 8)
        (0, 2)
        (1, 4)
        (1, 2)
        1 True False
        (0, 2)

        """)
    #expect(run.end == .finished)
  }
}
