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
