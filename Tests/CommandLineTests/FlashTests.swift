import Foundation
import Testing

/// The folder of the firmware as the board's flash.
@Suite struct FlashTests {
  @Test("What the firmware writes fills the flash, whatever lay in the folder before")
  func isFull() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(String(repeating: "x", count: 300_000), to: "before.bin")
    try tool.write(
      """
      import os
      print(os.statvfs('/flash')[:4], os.stat('before.bin')[6])
      f = open('a.bin', 'wb')
      n = 0
      try:
          while True:
              n += f.write(b'x' * 1000)
      except OSError as error:
          print(error.errno, n // 1024, os.statvfs('/flash')[3])
      f.close()
      os.remove('a.bin')
      print(os.statvfs('/flash')[3])
      open('before.bin', 'w').close()
      try:
          open('b.bin', 'wb').write(b'y' * 20000)
          open('c.bin', 'r+b')
      except OSError as error:
          print(error.errno)
      f = open('b.bin', 'r+b')
      f.seek((1 << 31) - 1)
      try:
          f.write(b'z')
      except OSError as error:
          print(error.errno)
      """, to: "main.py")
    let result = try tool.run("run", "main.py", "--flash-size", "64K")
    #expect(
      result.output == """
        (512, 512, 128, 128) 300000
        28 63 0
        128
        2
        28

        """)
    #expect(try tool.run("run", "main.py").output.hasPrefix("(512, 512, 223, 223) 0\n28 111 0\n"))
  }

  @Test("A reset gives no room back")
  func resetsFreeNothing() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(
      """
      import os, machine
      n = len(os.listdir())
      try:
          open('f%d' % n, 'wb').write(bytes(20000))
      except OSError as error:
          print(n, error.errno, os.statvfs('/flash')[3])
      else:
          machine.soft_reset() if n % 2 else machine.reset()
      """, to: "board/main.py")
    let result = try tool.run("run", "board", "--flash-size", "64K", "--boots", "9")
    #expect(result.output == "4 28 0\n")
  }

  @Test("Empty files and directories cannot fill the host's disk either")
  func entriesCount() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(
      """
      import os
      n = 0
      try:
          while True:
              open('f%d' % n, 'w').close()
              n += 1
      except OSError as error:
          print(error.errno, n)
      try:
          os.mkdir('d')
      except OSError as error:
          print(error.errno)
      """, to: "main.py")
    #expect(try tool.run("run", "main.py", "--flash-size", "2K").output == "28 64\n28\n")
  }

  @Test("Links that lead outside are refused unless they are allowed")
  func links() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write("secret", to: "outside/secret.txt")
    try tool.write("secret = 1", to: "outside/module.py")
    try tool.write("inside", to: "board/inside.txt")
    try tool.write(
      """
      import os
      def attempt(f, *rest):
          try:
              return f(*rest)
          except OSError as error:
              return error.errno
          except ImportError:
              return 'no module'
      print(attempt(lambda: open('out.txt').read()), attempt(lambda: open('folder/secret.txt').read()),
            attempt(os.stat, 'out.txt'), attempt(open, 'dangling', 'w'), attempt(open, 'folder/new', 'w'),
            attempt(os.listdir, 'folder'), attempt(os.chdir, 'folder'), attempt(os.remove, 'folder/secret.txt'),
            attempt(__import__, 'module'), attempt(__import__, '../outside/module'))
      print(attempt(lambda: open('in.txt').read()), os.listdir())
      """, to: "board/main.py")
    let board = tool.folder.appending(path: "board").path
    for (link, target) in [
      ("out.txt", "../outside/secret.txt"), ("folder", "../outside"), ("dangling", "../outside/new.txt"),
      ("module.py", "../outside/module.py"), ("in.txt", "inside.txt"),
    ] { try FileManager.default.createSymbolicLink(atPath: board + "/" + link, withDestinationPath: target) }
    #expect(
      try tool.run("run", "board").output == """
        13 13 13 13 13 13 13 13 no module no module
        inside ['in.txt', 'inside.txt', 'main.py']

        """)
    #expect(!FileManager.default.fileExists(atPath: tool.folder.appending(path: "outside/new.txt").path))
    let free = try tool.run("run", "board", "--follow-links").output
    #expect(free.hasPrefix("secret secret ("), "\(free)")
  }

  @Test("Pipes and devices are not opened, names that are no UTF-8 are bytes")
  func oddEntries() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(
      """
      import os
      for name in ('fifo', 'full'):
          for mode in ('r', 'w', 'r+'):
              try:
                  open(name, mode)
              except OSError as error:
                  print(name, mode, error.errno)
      names = [n for n in os.listdir() if not str(n).startswith('.run')]
      print(names, [n for n in os.listdir(b'') if not n.startswith(b'.run')])
      for name in names:
          if type(name) is bytes:
              print(open(name).read())
              os.rename(name, b'\\xfe')
      print(os.stat(b'\\xfe')[6])
      """, to: "main.py")
    #expect(mkfifo(tool.folder.appending(path: "fifo").path, 0o600) == 0)
    try FileManager.default.createSymbolicLink(
      atPath: tool.folder.appending(path: "full").path, withDestinationPath: "/dev/full")
    let odd = Array(tool.folder.path.utf8).map { CChar(bitPattern: $0) } + [47, 97, -1, 0]
    let file = try #require(fopen(odd, "w"))
    fputs("odd", file)
    fclose(file)
    let output = try tool.run("run", "main.py").output
    #expect(
      output == """
        fifo r 13
        fifo w 13
        fifo r+ 13
        full r 13
        full w 13
        full r+ 13
        [b'a\\xff', 'main.py'] [b'a\\xff', b'main.py']
        odd
        3

        """, "\(output)")
  }

  @Test("A trace does not overwrite the firmware, by whatever name")
  func traceOverFirmware() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write("print(1)", to: "main.py")
    try FileManager.default.linkItem(
      at: tool.folder.appending(path: "main.py"), to: tool.folder.appending(path: "other"))
    for target in ["main.py", "./main.py", "other"] {
      let result = try tool.run("run", "main.py", "--trace", target)
      #expect(result.status == 2)
      #expect(result.errors.contains("which the trace would overwrite"), "\(result.errors)")
    }
    #expect(try tool.read("main.py") == "print(1)")
  }

  @Test("A trace into a pipe waits for its reader, and a signal ends the wait")
  func traceIntoPipe() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write("print(1)", to: "main.py")
    #expect(mkfifo(tool.folder.appending(path: "pipe").path, 0o600) == 0)
    for signal in [SIGTERM, SIGINT] {
      let (process, files) = try tool.start(["run", "main.py", "--trace", "pipe"])
      Thread.sleep(forTimeInterval: 0.5)
      kill(process.processIdentifier, signal)
      let result = try tool.finish(process, files)
      #expect(result.status == 128 + signal || result.status == -signal)
    }
    let (process, files) = try tool.start(["run", "main.py", "--trace", "pipe"])
    let reader = try #require(fopen(tool.folder.appending(path: "pipe").path, "r"))
    while fgetc(reader) != EOF {}
    fclose(reader)
    let result = try tool.finish(process, files)
    #expect(result.status == 0 && result.output == "1\n")
  }

  @Test("Firmware that has no end is refused")
  func endlessFirmware() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let result = try tool.run("run", "/dev/full")
    #expect(result.status == 2)
    #expect(result.errors.contains("are no firmware"), "\(result.errors)")
  }

  @Test("Sockets can be taken away")
  func noSockets() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = "import socket\ntry:\n    socket.socket()\nexcept OSError as error:\n    print(error.errno)"
    #expect(try tool.run("run", "-c", code, "--no-sockets").output == "13\n")
    #expect(try tool.run("run", "-c", code).output == "")
  }

  @Test("Closed standard input is at its end, and a trace does not take its place")
  func closedInput() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(
      "import sys\nprint(sys.stdin.read())\ntry:\n    input()\nexcept EOFError:\n    print('end')",
      to: "main.py")
    let program = CommandLineTool.products.appending(path: "vpyboard").path
    let result = try tool.run(
      program: "/bin/sh", ["-c", "exec \(program) run main.py --trace trace.txt <&-"])
    #expect(result.output == "\nend\n")
    #expect(try tool.read("trace.txt").contains("board pyboard-v1.1"))
  }

  @Test("What boots from a flash imports nothing that lies elsewhere; a script finds its library beside it")
  func importsFromTheFlash() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write("print('beside')", to: "beside.py")
    try tool.write("print('inside')", to: "board/inside.py")
    let program = """
      import inside
      try:
          import beside
      except ImportError as error:
          print(error)

      """
    try tool.write(program, to: "board/main.py")
    let alone = "inside\nno module named 'beside'\n"
    #expect(try tool.run("run", "board").output == alone)
    #expect(try tool.run("run", "--flash", "board").output == alone)
    #expect(try tool.run("repl", "board", input: program).output.contains("\nno module named 'beside'"))
    #expect(try tool.run("run", "board/main.py").output == "inside\nbeside\n")
  }

  @Test("A pipe, a huge file and the card's own image are no flash")
  func notAFlash() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write("print('runs')", to: "main.py")
    #expect(mkfifo(tool.folder.appending(path: "pipe").path(), 0o600) == 0)
    try tool.write(String(repeating: "x", count: 5 << 20), to: "huge.img")
    for (options, message) in [
      (["--flash", "pipe"], "--flash: pipe: no file"), (["--sd", "pipe"], "--sd: pipe: no file"),
      (["--flash", "huge.img"], "--flash: huge.img: larger than a board's flash can be, 4 MiB"),
      (["--flash", "new.img", "--sd", "new.img"], "--sd: new.img is the board's flash already"),
      (["--flash", "new.img", "--sd", "./new.img"], "--sd: ./new.img is the board's flash already"),
    ] {
      let result = try tool.run(["run"] + options + ["main.py"])
      #expect(result.status == 2 && result.errors.contains(message), "\(result.errors)")
    }
  }
}
