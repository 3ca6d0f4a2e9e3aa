import Foundation
import Testing

/// Firmware that reads what is typed or piped in.
@Suite struct InputTests {
  @Test func readsWhatIsPipedIn() throws {
    let code = """
      import select, sys
      print("Hello", input("Name? "))
      print(sys.stdin.readline(), end="")
      poll = select.poll()
      poll.register(sys.stdin, select.POLLIN)
      print(len(poll.poll(10)), repr(sys.stdin.read(4)), repr(sys.stdin.read()))
      try:
          input()
      except EOFError:
          print("end")
      """
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let result = try tool.run("run", "-c", code, input: "Ann\nsecond\nrest\nof it")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output == "Name? Hello Ann\nsecond\n1 'rest' '\\nof it'\nend\n")
  }

  @Test("to firmware that asks USB_VCP, the end of the input is a computer that sends nothing")
  func terminalAtTheEndOfTheInput() throws {
    let code = """
      import pyb
      vcp = pyb.USB_VCP()
      print(vcp.any(), vcp.read(1), vcp.any(), vcp.readline(), vcp.readinto(bytearray(2)), vcp.recv(2, timeout=5))
      """
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let piped = try tool.run("run", "-c", code, input: "x")
    #expect(piped.output == "True b'x' False None None b''\n", "\(piped.errors)")
    let empty = try tool.run("run", "-c", code)
    #expect(empty.output == "False None False None None b''\n", "\(empty.errors)")
  }

  @Test func tasksReadWhatIsPipedIn() throws {
    let code = """
      import asyncio, sys
      async def main():
          reader = asyncio.StreamReader(sys.stdin)
          while line := await reader.readline():
              print("got", line.strip())
      asyncio.run(main())
      """
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let result = try tool.run("run", "-c", code, input: "one\ntwo\n")
    #expect(result.output == "got b'one'\ngot b'two'\n", "\(result.errors)")
  }

  @Test("what arrives at the USB socket interrupts, once for bytes that nobody reads")
  func interruptsWhenSomethingArrives() throws {
    let code = """
      import time
      from pyb import USB_VCP
      usb = USB_VCP()
      calls = []
      def received(port):
          calls.append(port is usb)
          if len(calls) < 3: print(port.read(2))
      usb.irq(received)
      time.sleep_ms(20)
      usb.irq(None)
      print(calls, usb.read(2))
      for trial in (lambda: usb.irq(5), lambda: usb.irq(received, 2), lambda: usb.irq(received, hard=True)):
          try:
              trial()
          except ValueError as error:
              print(error)
      """
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let result = try tool.run("run", "-c", code, input: "abcdefgh")
    #expect(
      result.output == """
        b'ab'
        b'cd'
        [True, True, True] b'ef'
        handler must be None or callable
        unsupported trigger
        hard unsupported

        """, "\(result.errors)")
  }

  @Test func seedsDecideWhatIsRandom() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = "import os, random, pyb\nprint(random.getrandbits(30), os.urandom(8), pyb.rng())"
    let usual = try tool.run("run", "-c", code)
    #expect(usual.status == 0, "\(usual.errors)")
    #expect(try tool.run("run", "-c", code, "--seed", "0").output == usual.output)
    let other = try tool.run("run", "-c", code, "--seed", "7").output
    #expect(other != usual.output)
    #expect(try tool.run("run", "-c", code, "--seed", "7").output == other)
    #expect(try tool.run("run", "-c", code, "--seed", "lots").status == 2)
  }
}
