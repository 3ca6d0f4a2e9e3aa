import Testing

/// Analogue inputs. Expected outputs were checked against MicroPython and the well-known packages.
@Suite struct ConverterPrimitiveTests {
  @Test func tasksWaitForAValueOutsideOrInsideOfBounds() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from primitives import AADC
      class Ramp:
          def __init__(self):
              self.value = 1000
          def read_u16(self):
              self.value += 100
              return self.value
      async def main():
          aadc = AADC(Ramp())
          print(aadc.read_u16(), aadc.read_u16(True), aadc.read_u16(last=True))
          value = await aadc(2000)
          print(value > 3000, aadc.read_u16(True) == value)
          aadc.sense(normal=False)
          value = await aadc(10000, 12000)
          print(10000 <= value <= 12000)
          aadc.sense(True)
          print(await aadc() > 12000)
          async def never():
              await aadc(0, 65535)
          try:
              await asyncio.wait_for_ms(never(), 10)
          except asyncio.TimeoutError:
              print("timeout")
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        1100 1100 1100
        True True
        True
        True
        timeout

        """)
    #expect(run.end == .finished)
  }
}
