import Foundation
import MicroPythonPort
import Testing

/// Work that grows with the size of what it is done with takes board time by that size, so that the end of the power and Ctrl-C
/// end it.
@Suite struct BulkWorkTests {
  private static let big = "x = (1 << 100000) + 12345\ny = (1 << 100000) - 1\n"

  /// What firmware may repeat for ever with integers of 100 000 bits, which fit a Pyboard's memory.
  static let integerWork = [
    "z = x * x", "z = x * y", "z = (x * y) // x", "z = (x * y) % x", "z = divmod(x * y, x)",
    "z = pow(x, 3, y)", "z = str(x)",
    "z = '%x' % x", "z = '{:d}'.format(x)", "z = int('9' * 30000)", "z = x << 100000", "z = x >> 7",
    "z = x & y", "z = -x", "z = ~y",
    "z = x + y", "z = x < y", "z = x == y", "z = x / y if x is None else abs(-x)", "z = round(x, -100)",
    "z = 7 ** 70000", "z = x ** 2",
    "z = hex(x)", "z = bin(x >> 50000)",
  ]

  @Test("Arithmetic on long integers takes board time, and ends with the power", arguments: integerWork)
  func integers(_ work: String) throws {
    let run = try FirmwareRun(
      "\(Self.big)n = 0\nwhile True:\n    \(work)\n    n += 1\n    if n == 20000: print('too quick')",
      powerOff: 300,
      collectsAlways: false)
    if case .failed(let traceback) = run.end {
      #expect(traceback.contains("MemoryError"))
    } else {
      #expect(run.end == .finished && run.output.isEmpty && run.duration < 20_000)
    }
  }

  @Test("Ctrl-C ends a loop over long integers, and straight code with them")
  func interrupted() throws {
    for source in ["while True: z = x * x", String(repeating: "x * x\n", count: 3000)] {
      let run = try FirmwareRun(Self.big + source, powerOff: 60_000, interruption: 100, collectsAlways: false)
      guard case .failed(let traceback) = run.end else {
        Issue.record("ended with \(run.end)")
        continue
      }
      #expect(traceback.contains("KeyboardInterrupt") && run.duration < 30_000)
    }
  }

  @Test("A number that JSON reads may be as long as an integer may be, and no longer")
  func longNumbersInJSON() throws {
    let run = try FirmwareRun(
      """
      import json
      print(json.loads('9' * 500) == int('9' * 500))
      try:
          json.loads('9' * 400000)
      except MemoryError:
          print('MemoryError')
      """, board: "raspberry-pi", collectsAlways: false)
    #expect(run.output == "True\nMemoryError\n")
  }

  @Test("round() to more digits than an integer has is 0, and takes no power of ten for it")
  func rounding() throws {
    let run = try FirmwareRun(
      """
      for n, digits in ((5, 1), (15, 1), (6, 1), (95, 2), (12345678901234567890, 19), (12345678901234567890, 20), (9 * 10 ** 19, 20), (1 << 200000, 70000)):
          print(round(n, -digits), end=' ')
      """)
    #expect(run.output == "0 20 10 100 10000000000000000000 0 100000000000000000000 0 ")
  }

  /// What firmware with much memory may repeat for ever.
  static let longData = [
    "z = bytes(a)", "z = a + a", "z = a[1:]", "z = a == b", "z = a.find(b'zz')", "z = c.upper()", "z = c < d",
    "z = l == m", "z = 5 in l", "z = l.count(5)", "z = l[:]", "l.reverse()", "l.insert(0, 1)\n    l.pop(0)",
    "z = binascii.crc32(a)", "z = u[-1]", "del l[0:2]\n    l += [1, 1]", "a[0:1] = b'12'\n    a[0:2] = b'1'",
  ]

  @Test("Long data takes board time by its size", arguments: longData)
  func data(_ work: String) throws {
    let run = try FirmwareRun(
      """
      import binascii
      a, b = bytearray(20000), bytearray(20000)
      c, d = 'a' * 20000 + 'b', 'a' * 20000 + 'c'
      l, m = [1] * 10000, [1] * 10000
      u = 'ä' * 20000
      n = 0
      while True:
          \(work)
          n += 1
          if n == 3000: print('too quick')
      """, powerOff: 50, board: "raspberry-pi", collectsAlways: false)
    #expect(run.end == .finished && run.output.isEmpty && run.duration < 5000)
  }

  /// What looks like little and is much: what comes before, the work, and microseconds that it takes at least.
  static let hiddenWork = [
    (
      "import framebuf\nf = framebuf.FrameBuffer(bytearray(32), 16, 16, framebuf.MONO_VLSB)",
      "f.ellipse(0, 0, 32767, 32767, 1)", 500
    ),
    ("s = 'x=1;' * 500", "compile(s, 's', 'exec')", 1000),
    ("import machine", "dir(machine)", 100),
    ("import hashlib\ndata = bytes(4000)", "hashlib.sha256(data)", 300),
    ("import binascii\ndata = bytes(4000)", "binascii.crc32(data)", 200),
    ("import re\ns = 'a' * 4000\nr = re.compile('b')", "r.search(s)", 2000),
    ("import heapq\nheap = list(range(1000))", "heapq.heapify(heap)", 300),
    ("import json\ns = '[' + '1,' * 1000 + '1]'", "json.loads(s)", 80),
    (
      """
      class Key:
          def __hash__(self): return 1
      keys = [Key() for i in range(1000)]
      d = {key: 0 for key in keys}
      """, "d[keys[-1]]", 20
    ),
  ]

  @Test("Small calls that do much take board time by what they do", arguments: hiddenWork)
  func hidden(_ before: String, _ work: String, _ least: Int) throws {
    let run = try FirmwareRun(
      """
      import time
      \(before)
      began = time.ticks_us()
      for i in range(20):
          \(work)
      print(time.ticks_diff(time.ticks_us(), began) // 20)
      """, collectsAlways: false)
    #expect((Int(run.output.dropLast()) ?? 0) > least, "\(run.output)")
  }

  @Test("A pixel takes no longer in a large picture than in a small one")
  func pixels() throws {
    let run = try FirmwareRun(
      """
      import framebuf, time
      for side in (16, 1000):
          f = framebuf.FrameBuffer(bytearray(side * side), side, side, framebuf.GS8)
          began = time.ticks_us()
          for i in range(50):
              f.pixel(1, 1, 1)
          print(time.ticks_diff(time.ticks_us(), began) // 100)
      """, board: "raspberry-pi", collectsAlways: false)
    let times = run.output.split(separator: "\n")
    #expect(times.count == 2 && times[0] == times[1], "\(run.output)")
  }

  @Test("What stands in another again and again, at each level twice, has an end")
  func doublings() throws {
    for (source, error) in [
      ("import json\nt = []\nfor i in range(60): t = [t, t]\njson.dumps(t)", "MemoryError"),
      (
        "import uctypes\nd = {'a': 0}\nfor i in range(40): d = {'a': (0, d), 'b': (0, d)}\nuctypes.sizeof(d)",
        ""
      ),
      (
        """
        class A: pass
        class B: pass
        for i in range(60):
            class C(A, B): pass
            class D(A, B): pass
            A, B = C, D
        """, "RuntimeError: class 'C' has too many bases"
      ),
    ] {
      let run = try FirmwareRun(source + "\nprint('too quick')", powerOff: 1000, collectsAlways: false)
      #expect(run.output.isEmpty && run.duration < 2000)
      if case .failed(let traceback) = run.end {
        #expect(!error.isEmpty && traceback.contains(error))
      } else {
        #expect(error.isEmpty && run.end == .finished)
      }
    }
  }

  @Test("A module that is looked for again and again takes time")
  func endlessImports() throws {
    let run = try FirmwareRun(
      """
      n = 0
      while True:
          try:
              import nothing
          except ImportError:
              n += 1
          if n == 5000: print('too quick')
      """, powerOff: 200, collectsAlways: false)
    #expect(run.end == .finished && run.output.isEmpty && run.duration < 5000)
  }

  @Test("A list that is cleared gives its memory back")
  func clearedLists() throws {
    func pages() throws -> Int {
      let status = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
      return Int(status.split(separator: " ")[1]) ?? 0
    }
    let before = try pages()
    let run = try FirmwareRun(
      """
      for i in range(300):
          l = [0] * 100000
          l.clear()
          l = [0] * 100000
          while l: del l[-1000:]
          l.append(1)
          l.pop()
      """, board: "raspberry-pi", collectsAlways: false)
    #expect(run.end == .finished)
    // 240 MB were lost before.
    #expect(try pages() - before < 20_000, "pages of 4 KiB")
  }

  @Test("Nested lists are compared, and long texts sorted, for as long as the board has power")
  func nestedAndSorted() throws {
    for source in [
      "a = [1] * 100000\nb = [1] * 100000\n[a] * 10000 == [b] * 10000",
      "a = ['a' * 20000 + str(i) for i in range(80)] * 100\na.sort()",
    ] {
      let run = try FirmwareRun(
        source + "\nprint('too quick')", powerOff: 1000, board: "raspberry-pi", collectsAlways: false)
      #expect(run.end == .finished && run.output.isEmpty && run.duration < 2000)
    }
  }

  @Test("A firmware that resets its board at once needs time for it, so that the end of the power comes")
  func endlessResets() throws {
    for reset in ["machine.soft_reset()", "machine.reset()"] {
      let source = "import machine, select\nprint('x', end='')\n\(reset)"
      let run = try FirmwareRun(source, powerOff: 200)
      #expect(run.output.count > 10 && run.output.count <= 41)
    }
  }

  @Test("Timers take no more of the host's memory than a board may, however much memory it has")
  func manyTimers() throws {
    let run = try FirmwareRun(
      """
      import machine
      timers = []
      try:
          while len(timers) < 200000:
              timers.append(machine.Timer(-1))
      except MemoryError:
          print(len(timers))
      timers = None
      print(machine.Timer(-1))
      """, board: "raspberry-pi", collectsAlways: false)
    #expect(run.output == "131072\nTimer(mode=PERIODIC, period=1000)\n")
  }
}
