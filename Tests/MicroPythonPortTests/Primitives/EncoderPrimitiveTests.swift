import Testing

/// Rotary encoders. Expected outputs were checked against MicroPython and the well-known packages.
@Suite struct EncoderPrimitiveTests {
  @Test func turningIsCountedDividedAndLimited() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from machine import Pin
      from primitives import Encoder
      outputs = [Pin(name, Pin.OUT, value=1) for name in ("X3", "X4")]
      inputs = [Pin(name, Pin.IN, Pin.PULL_UP) for name in ("X1", "X2")]
      phase = 0
      async def turn(steps):
          global phase
          for _ in range(abs(steps)):
              phase += 1 if steps > 0 else -1
              outputs[0](phase % 4 in (0, 3))
              outputs[1](phase % 4 in (0, 1))
              await asyncio.sleep_ms(5)
          await asyncio.sleep_ms(200)
      def moved(value, change, *args):
          print("moved", value, change, args)
      async def read(encoder):
          async for value in encoder:
              print("next", value)
      async def main():
          for keywords in ({}, {"div": 4}, {"v": 3, "vmin": 0, "vmax": 5, "args": ("x",)}, {"mod": 3, "delay": 0}):
              print(sorted(keywords.items()))
              encoder = Encoder(*inputs, callback=moved, **keywords)
              reader = asyncio.create_task(read(encoder))
              await asyncio.sleep_ms(0)
              for steps in (4, -2, 7, -20):
                  await turn(steps)
                  print(encoder.value())
              reader.cancel()
          try:
              Encoder(*inputs, v=9, vmax=5)
          except ValueError as error:
              print("ValueError")
      asyncio.run(main())
      """, wires: ["X1-X3", "X2-X4"])
    #expect(
      run.output == """
        []
        moved 4 4 ()
        next 4
        4
        moved 2 -2 ()
        next 2
        2
        moved 9 7 ()
        next 9
        9
        moved -11 -20 ()
        next -11
        -11
        [('div', 4)]
        moved 1 1 ()
        next 1
        1
        moved 0 -1 ()
        next 0
        0
        moved 2 2 ()
        next 2
        2
        moved -3 -5 ()
        next -3
        -3
        [('args', ('x',)), ('v', 3), ('vmax', 5), ('vmin', 0)]
        moved 5 2 ('x',)
        next 5
        5
        moved 3 -2 ('x',)
        next 3
        3
        moved 5 2 ('x',)
        next 5
        5
        moved 0 -5 ('x',)
        next 0
        0
        [('delay', 0), ('mod', 3)]
        moved 1 1 ()
        next 1
        moved 2 1 ()
        next 2
        moved 0 -2 ()
        next 0
        moved 1 1 ()
        next 1
        1
        moved 0 -1 ()
        next 0
        moved 2 2 ()
        next 2
        2
        moved 0 -2 ()
        next 0
        moved 1 1 ()
        next 1
        moved 2 1 ()
        next 2
        moved 0 -2 ()
        next 0
        moved 1 1 ()
        next 1
        moved 2 1 ()
        next 2
        moved 0 -2 ()
        next 0
        0
        moved 2 2 ()
        next 2
        moved 1 -1 ()
        next 1
        moved 0 -1 ()
        next 0
        moved 2 2 ()
        next 2
        moved 1 -1 ()
        next 1
        moved 0 -1 ()
        next 0
        moved 2 2 ()
        next 2
        moved 1 -1 ()
        next 1
        moved 0 -1 ()
        next 0
        moved 2 2 ()
        next 2
        moved 1 -1 ()
        next 1
        moved 0 -1 ()
        next 0
        moved 2 2 ()
        next 2
        moved 1 -1 ()
        next 1
        moved 0 -1 ()
        next 0
        moved 2 2 ()
        next 2
        moved 1 -1 ()
        next 1
        moved 0 -1 ()
        next 0
        moved 2 2 ()
        next 2
        moved 1 -1 ()
        next 1
        1
        ValueError

        """)
    #expect(run.end == .finished)
  }
}
