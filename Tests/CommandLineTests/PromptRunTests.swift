import Foundation
import Testing

/// `vpyboard repl`, and what `vpyboard run` does beyond the end of its program.
@Suite struct PromptRunTests {
  private func tool(_ files: [String: String] = [:]) throws -> CommandLineTool {
    let tool = try CommandLineTool()
    for (path, text) in files { try tool.write(text, to: path) }
    return tool
  }

  @Test("the prompt reads what is piped in and leaves with it")
  func pipedInput() throws {
    let tool = try tool(["board/main.py": "x = 40\nprint('main')\n"])
    defer { tool.cleanUp() }
    let result = try tool.run("repl", "board", input: "x + 2\r\u{4}")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.hasPrefix("main\r\nMicroPython v1."))
    #expect(
      result.output.contains(
        ">>> x + 2\r\n42\r\n>>> \r\nMPY: sync filesystems\r\nMPY: soft reboot\r\nmain\r\n"))
  }

  @Test("what is written to a folder stays; a new board has its factory's files")
  func flash() throws {
    let tool = try tool(["board/data.txt": "old"])
    defer { tool.cleanUp() }
    let command = "f = open('data.txt', 'w'); f.write('new'); f.close()\r"
    #expect(try tool.run("repl", "board", input: command).status == 0)
    #expect(try tool.read("board/data.txt") == "new")
    let listing = try tool.run("repl", input: "import os; os.listdir()\rpyb, machine\r")
    #expect(listing.output.contains("['boot.py', 'main.py']"))
    #expect(listing.output.contains("(<module 'pyb'>, <module 'machine'>)"))
  }

  @Test("an image of a file system is made if it is not there, and keeps what is written")
  func image() throws {
    let tool = try tool()
    defer { tool.cleanUp() }
    let write = "f = open('notes.txt', 'w'); f.write('kept'); f.close()\r"
    #expect(try tool.run("repl", "flash.img", input: write).status == 0)
    let read = try tool.run(
      "run", "--flash", "flash.img", "-c",
      "print(open('notes.txt').read(), sorted(__import__('os').listdir()))")
    #expect(read.output == "kept ['boot.py', 'main.py', 'notes.txt']\n", "\(read.errors)")
    try tool.write("no image", to: "text.txt")
    #expect(try tool.run("repl", "text.txt").status == 2)
  }

  @Test("timers and handlers go on after the program, until nothing can happen any more or --for is over")
  func handlersGoOn() throws {
    let tool = try tool()
    defer { tool.cleanUp() }
    let timer = "import pyb\ntimer = pyb.Timer(4, freq=2, callback=lambda t: print('tick'))\n"
    let result = try tool.run("run", "-c", timer, "--for", "1800ms")
    #expect(result.output == "tick\ntick\ntick\n")
    #expect(result.errors.contains("go on"))
    #expect(result.status == 0)
    let pin =
      "import pyb\npin = pyb.Pin('X1', pyb.Pin.IN, pyb.Pin.PULL_UP)\npin.irq(lambda p: print('edge'), pyb.Pin.IRQ_FALLING)\n"
    let edges = try tool.run(
      "run", "-c", pin, "--at", "1s:pin=X1:0", "--at", "2s:pin=X1:1", "--at", "3s:pin=X1:0")
    #expect(edges.output == "edge\nedge\n")
    #expect(edges.errors.contains("nothing can happen any more"))
    let once =
      "import machine\nmachine.Timer(-1, mode=machine.Timer.ONE_SHOT, period=50, callback=lambda t: print('once'))\n"
    #expect(try tool.run("run", "-c", once).output == "once\n")
  }

  @Test("resets boot again, with their cause; nothing of the program sees them")
  func resets() throws {
    let tool = try tool()
    defer { tool.cleanUp() }
    let hard = """
      import machine
      print(machine.reset_cause())
      try:
          machine.reset()
      except BaseException:
          print("caught")
      finally:
          print("finally")
      """
    let result = try tool.run("run", "-c", hard, "--boots", "3")
    #expect(result.output == "1\n2\n2\n", "\(result.errors)")
    #expect(result.status == 0)
    let inHandler = """
      import machine, pyb
      print(machine.reset_cause())
      if machine.reset_cause() == machine.PWRON_RESET:
          pyb.Timer(4, freq=10, callback=lambda t: machine.reset())
          while True:
              pass
      """
    #expect(try tool.run("run", "-c", inHandler).output == "1\n2\n")
    let inThread = inHandler.replacing(
      "pyb.Timer(4, freq=10, callback=lambda t: machine.reset())",
      with: "import _thread; _thread.start_new_thread(machine.reset, ())")
    #expect(try tool.run("run", "-c", inThread).output == "1\n2\n")
    let soft = """
      import machine, os
      print(machine.reset_cause())
      if machine.reset_cause() == 1:
          machine.soft_reset()
      """
    #expect(try tool.run("run", "-c", soft).output == "1\n0\n")
  }

  @Test("a watchdog that is not fed resets the board")
  func watchdog() throws {
    let tool = try tool()
    defer { tool.cleanUp() }
    let code = """
      import machine, time
      print(machine.reset_cause())
      if machine.reset_cause() != machine.WDT_RESET:
          dog = machine.WDT(timeout=500)
          for i in range(4):
              time.sleep_ms(400)
              dog.feed()
          print("fed")
          try:
              time.sleep(10)
          finally:
              print("finally")
      """
    let result = try tool.run("run", "-c", code)
    #expect(result.output == "1\nfed\n3\n", "\(result.errors)")
  }

  @Test("boot.py runs before main.py, and pyb.main names another one")
  func bootFiles() throws {
    let tool = try tool([
      "board/boot.py": "import pyb\nprint('boot')\npyb.main('app.py')\n", "board/main.py": "print('main')\n",
      "board/app.py": "print('app')\n",
    ])
    defer { tool.cleanUp() }
    #expect(try tool.run("run", "board").output == "boot\napp\n")
    #expect(try tool.run("run", "board/app.py").output == "app\n")
  }

  @Test("pyb and machine are there as if the factory's boot.py had run")
  func factoryNames() throws {
    let tool = try tool()
    defer { tool.cleanUp() }
    let result = try tool.run("run", "-c", "print('__name__' in dir(), pyb.LED(1), machine.reset_cause())")
    #expect(result.output == "True LED(1) 1\n", "\(result.errors)")
    let names = "print('machine' in globals(), 'pyb' in locals(), 'pyb' in dir())"
    #expect(try tool.run("run", "-c", names).output == "True True True\n")
    let own = "pyb = 5; print(globals()['pyb'], 'rp2' in globals())"
    #expect(try tool.run("run", "-c", own).output == "5 False\n")
    #expect(
      try tool.run("run", "--board", "pico", "-c", "print('machine' in globals(), 'pyb' in globals())").output
        == "True False\n")
  }

  @Test(
    "a reset ends the run of a program that is not on the board's flash, unless --boots hands it over again")
  func resetOfAProgramThatWasHandedOver() throws {
    let tool = try tool()
    defer { tool.cleanUp() }
    let code = """
      import machine
      print('armed')
      machine.Timer(-1, period=100, mode=machine.Timer.ONE_SHOT, callback=lambda t: machine.reset())
      """
    let result = try tool.run("run", "-c", code)
    #expect(result.output == "armed\n")
    #expect(result.status == 0)
    #expect(result.errors.contains("has reset the board and is not on its flash"))
    #expect(try tool.run("run", "-c", code, "--boots", "2").output == "armed\narmed\n")
    let dog = "import machine\nprint(machine.reset_cause())\nmachine.WDT(timeout=100)\n"
    #expect(try tool.run("run", "-c", dog).output == "1\n")
    let loader = try tool.run("run", "-c", "import machine\nmachine.bootloader()\n")
    #expect(loader.errors.contains("has gone to the bootloader"))
  }

  @Test("-m runs a module as the main program, which may import from its own package")
  func module() throws {
    let tool = try tool([
      "package/__init__.py": "",
      "package/tool.py": """
      from package import other
      from . import other as neighbour
      from .other import x
      print(__name__, other.x, neighbour.x, x)

      """,
      "package/other.py": "x = 3\n",
    ])
    defer { tool.cleanUp() }
    #expect(try tool.run("run", "-m", "package.tool").output == "__main__ 3 3 3\n")
  }

  @Test("a flash image has room for what later runs write")
  func imageGrows() throws {
    let tool = try tool([:])
    defer { tool.cleanUp() }
    for name in ["a", "b", "c"] {
      let code = "f = open('/flash/\(name).txt', 'w'); f.write('hi' * 3000); f.close()"
      let result = try tool.run("run", "-c", code, "--flash", "board.img")
      #expect(result.status == 0, "\(result.errors)")
    }
    #expect(
      try tool.run("run", "-c", "print(len(open('/flash/b.txt').read()))", "--flash", "board.img").output
        == "6000\n")
    let refused = try tool.run("run", "-c", "pass", "--flash", "missing/")
    #expect(refused.status == 2)
    #expect(refused.errors.contains("missing/: no such folder"))
  }
}
