import Testing

/// Firmware for a Pico, run as a user would: `--board pico`, wires between pins with numbers.
@Suite struct PicoTests {
  /// Lines over a wire between the two pins of a UART, some of them too late for their reader.
  private static let code = """
    import asyncio
    from machine import UART
    uart = UART(0, 115200, tx=0, rx=1)

    async def talk(writer):
        for pause in (500, 500, 2500):
            writer.write('twenty characters...')
            await writer.drain()
            await asyncio.sleep_ms(pause)
        writer.write('end')
        await writer.drain()

    async def read_for(reader, buffer, milliseconds):
        view, count = memoryview(buffer), 0
        while count < len(buffer):
            try:
                count += await asyncio.wait_for_ms(reader.readinto(view[count:]), milliseconds)
            except asyncio.TimeoutError:
                break
        return bytes(view[:count])

    async def main():
        asyncio.create_task(talk(asyncio.StreamWriter(uart, {})))
        reader, buffer = asyncio.StreamReader(uart), bytearray(16)
        got = b''
        while not got.startswith(b'end'):
            got = await read_for(reader, buffer, 1000)
            print(got)

    asyncio.run(main())
    """

  @Test(arguments: ["max", "10"])
  func readsWithTimeouts(speed: String) throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let result = try tool.run([
      "run", "-c", Self.code, "--board", "pico", "--wire", "GP0-GP1", "--speed", speed,
    ])
    #expect(result.status == 0)
    #expect(result.errors.isEmpty, "\(result.errors)")
    #expect(
      result.output == """
        b'twenty character'
        b's...twenty chara'
        b'cters...twenty c'
        b'haracters...'
        b''
        b'end'

        """)
  }

  @Test func saysWhatThereIsNot() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let pressed = try tool.run("run", "-c", "1", "--board", "pico", "--at", "1s:press=USR")
    #expect(pressed.status == 2)
    #expect(pressed.errors.contains(#"no part "USR" on this board (GP0–GP22, GP25"#))
    let wired = try tool.run("run", "-c", "1", "--board", "pico", "--wire", "X1-GP1")
    #expect(wired.status == 2)
    #expect(wired.errors.contains("pin \"X1\" is not on this board (GP0–GP22"))
  }
}
