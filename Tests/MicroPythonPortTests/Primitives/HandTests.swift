import Machine
import Testing

/// Buttons that hands press and knobs that they turn.
@Suite struct HandTests {
  @Test func aBouncingButtonIsPressedOnce() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from machine import Pin
      from primitives import Pushbutton
      async def main():
          pin = Pin("X1", Pin.IN, Pin.PULL_UP)
          edges = 0
          def count(pin):
              nonlocal edges
              edges += 1
          pin.irq(count, Pin.IRQ_RISING | Pin.IRQ_FALLING, hard=True)
          button = Pushbutton(pin)
          button.press_func(print, ("press",))
          button.release_func(print, ("release",))
          await asyncio.sleep(2)
          print(edges)
      asyncio.run(main())
      """,
      stimuli: [
        Stimulus(parsing: "500ms:press=X1,8ms"), Stimulus(parsing: "1s:release=X1,8ms"),
        Stimulus(parsing: "1.4s:press=X1"), Stimulus(parsing: "1.5s:release=X1"),
      ])
    #expect(run.output == "press\nrelease\npress\nrelease\n20\n")
  }

  @Test func aKnobTurnsBothWays() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from machine import Pin
      from primitives import Encoder
      async def main():
          pins = [Pin(name, Pin.IN, Pin.PULL_UP) for name in ("X1", "X2")]
          encoder = Encoder(*pins, div=4, callback=print)
          await asyncio.sleep(2)
          print(encoder.value())
      asyncio.run(main())
      """,
      stimuli: [
        Stimulus(parsing: "200ms:turn=X1-X2:12"), Stimulus(parsing: "1s:turn=X1-X2:-20,2ms"),
      ])
    #expect(run.output == "3 3\n-2 -5\n-2\n")
  }
}
