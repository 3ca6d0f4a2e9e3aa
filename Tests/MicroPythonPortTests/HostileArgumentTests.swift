import MicroPythonPort
import Testing

/// Arguments that mean nothing: they are errors, or do what they do on a board.
@Suite struct HostileArgumentTests {
  /// What each statement raises, or "-".
  private func outcomes(_ statements: [String]) throws -> [String] {
    let tries = statements.map { statement in
      "try:\n    \(statement)\n    print('-')\nexcept Exception as error:\n    print(type(error).__name__)\n"
    }
    let run = try FirmwareRun(
      "import pyb, time, framebuf, machine, math\nfrom array import array\nfrom collections import OrderedDict\n"
        + tries.joined(), powerOff: 10_000)
    #expect(run.end == .finished)
    return run.output.split(separator: "\n").map(String.init)
  }

  @Test("Lengths and times at the edges of 64 bits trap nowhere")
  func edges() throws {
    #expect(
      try outcomes([
        "'abc'.center(-(1 << 63))", "pyb.elapsed_millis(-(1 << 63))", "pyb.elapsed_micros(-(1 << 63))",
        "time.ticks_add(0, -(1 << 63))", "time.ticks_add(0, (1 << 63) - 1)", "time.localtime(-(1 << 63))",
        "time.mktime((-(1 << 63), 1, 1, 0, 0, 0, 0, 0))", "dict.fromkeys(range(10**9))",
        "OrderedDict.fromkeys(range((1 << 31) - 1))", "'a'.center((1 << 63) - 1)",
        "bytearray().extend(range(10**9))",
        "('a' * 40000).replace('a', 'b' * 40000)", "('a' * 40000).join([''] * 20000)",
      ]) == [
        "OverflowError", "OverflowError", "OverflowError", "OverflowError", "OverflowError", "OverflowError",
        "OverflowError", "MemoryError", "MemoryError", "OverflowError", "MemoryError", "MemoryError",
        "MemoryError",
      ])
  }

  @Test("The classes behind tasks, gather and wait_for take no arguments that mean nothing")
  func tasks() throws {
    #expect(
      try outcomes(
        [
          "asyncio.core._Gathering()", "asyncio.core._TimedWait(1)", "asyncio.core.Task()",
          "asyncio.core.TaskQueue(1)",
          "asyncio.core.Loop()", "asyncio.core.TaskQueue().wake_all()", "asyncio.core.TaskQueue.peek(1)",
        ].map { "import asyncio.core; " + $0 }) == [
          "TypeError", "TypeError", "TypeError", "TypeError", "TypeError", "TypeError", "TypeError",
        ])
  }

  @Test("An argument that is no machine word of the board is an error wherever it is given")
  func machineWords() throws {
    let calls = [
      "'a b'.split(None, N)", "'a b'.rsplit(' ', N)", "'aba'.replace('b', 'x', N)", "'%*d' % (N, 1)",
      "range(1, 50)[::N]", "re.match('a', 'a').group(N)", "re.sub('a', 'b', 'aa', N)",
      "re.compile('a').split('banana', N)", "gc.threshold(N)", "machine.I2C(1, timeout=N)",
      "machine.SPI(1, baudrate=N)", "machine.WDT(timeout=N)",
      "machine.I2S.shift(buf=bytearray(8), bits=16, shift=N)",
    ]
    let far = try FirmwareRun(tries(of: calls, ["-(1 << 63)", "(1 << 63) - 1", "1 << 32", "-(1 << 31) - 1"]))
    #expect(far.output == String(repeating: "OverflowError\n", count: 4 * calls.count))
    let edge = try FirmwareRun(tries(of: calls, ["-(1 << 31)", "(1 << 31) - 1"]))
    #expect(edge.end == .finished)
    #expect(edge.output.split(separator: "\n").count == 2 * calls.count)
  }

  private func tries(of calls: [String], _ numbers: [String]) -> String {
    "import gc, machine, re\n"
      + calls.flatMap { call in
        numbers.map { number in
          "N = \(number)\ntry:\n    \(call)\n    print('-')\nexcept Exception as error:\n    print(type(error).__name__)\n"
        }
      }.joined()
  }

  @Test("Steps of slices of ranges end where their product is no word")
  func rangeSteps() throws {
    let run = try FirmwareRun(
      """
      r = range(0, (1 << 31) - 1, 1 << 20)
      print(r[::1 << 30])
      try: r[::1 << 30][::1 << 30]
      except OverflowError: print('no')
      """)
    #expect(run.output == "range(0, 2147483648, 1125899906842624)\nno\n")
  }

  @Test("Where the board takes a tuple or a list, nothing else is taken, however long it is")
  func sequences() throws {
    let statements = [
      "machine.bitstream(machine.Pin('X1', machine.Pin.OUT), 0, range(1 << 30), b'abc')",
      "pyb.CAN(1, pyb.CAN.LOOPBACK).setfilter(0, pyb.CAN.LIST16, 0, range(1 << 30))",
      "pyb.RTC().datetime(range(1 << 30))", "machine.I2C(1).writevto(66, iter([b'a']))",
    ]
    #expect(try outcomes(statements) == Array(repeating: "TypeError", count: statements.count))
  }

  @Test("framebuf draws what is visible, wherever the coordinates lie")
  func framebuf() throws {
    let run = try FirmwareRun(
      """
      from array import array
      from framebuf import FrameBuffer, GS8
      low, high = 1 - (1 << 31), (1 << 31) - 1
      b = bytearray(64)
      f = FrameBuffer(b, 8, 8, GS8)
      f.line(low, 256, 65535, low, 1)
      f.line(low, low, high, high, 2)
      f.line(high, 3, low, 3, 3)
      f.scroll(low, low)
      f.rect(low, low, high, high, 1)
      f.blit(f, low, high)
      f.poly(high, low, array('i', [low, low, high, high, low, high]), 1)
      for corners in array('q', [-(1 << 63), 5, (1 << 63) - 1, 5]), array('I', [1, 1, (1 << 32) - 1, 7]):
          try:
              f.poly(0, 0, corners, 1, True)
          except OverflowError as error:
              print(error)
      f.text('abc', low, high, 1)
      f.ellipse(low, high, 32767, 32767, 1, True)
      print(b[3 * 8], b[3 * 8 + 7], sum(b[0:8]) > 0)
      try:
          f.ellipse(0, 0, high, 1, 1)
      except ValueError as error:
          print(error)
      """)
    #expect(
      run.output.hasPrefix(String(repeating: "overflow converting long int to machine word\n", count: 2)))
    #expect(run.output.hasSuffix("radius must be at most 32767\n"))
    #expect(run.end == .finished)
  }

  @Test(
    "The end of the power prints nothing, whatever runs",
    arguments: [
      "import pyb\nt = pyb.Timer(4, freq=100)\ndef cb(t):\n    while True: pass\nt.callback(cb)",
      "import pyb\ndef cb(l):\n    while True: pass\npyb.ExtInt('X1', pyb.ExtInt.IRQ_RISING, pyb.Pin.PULL_UP, cb).swint()",
      "from machine import Timer\ndef cb(t):\n    while True: pass\nTimer(-1, period=5, callback=cb)",
      "import micropython\ndef cb(t):\n    while True: pass\nmicropython.schedule(cb, 0)",
      "import asyncio\nasync def f():\n    while True: pass\nasyncio.run(f())",
      "import _thread\ndef f():\n    while True: pass\n_thread.start_new_thread(f, ())",
    ])
  func silentEnd(_ program: String) throws {
    let run = try FirmwareRun(program + "\nimport time\ntime.sleep(10)\n", powerOff: 200)
    #expect(run.output == "")
    #expect(run.end == .finished)
    #expect(run.duration >= 200)
  }

  @Test(
    "What hard handlers could not allocate, and their exceptions, take no memory of the board and none of the host for long",
    arguments: ["[1]", "1 // 0", "[1].append(2); {}['x']"])
  func handlerGarbage(_ statement: String) throws {
    let run = try FirmwareRun(
      """
      import gc, micropython, pyb, time
      micropython.alloc_emergency_exception_buf(100)
      def callback(timer):
          for i in range(10):
              try: \(statement)
              except Exception: pass
      gc.collect()
      before = gc.mem_alloc()
      pyb.Timer(4, freq=5000).callback(callback)
      time.sleep_ms(2000)
      pyb.Timer(4).deinit()
      print(gc.mem_alloc() - before < 1000)
      """, powerOff: 4000)
    #expect(run.output == "True\n")
  }

  @Test("A hard handler that never ends is ended when its garbage fills the host")
  func endlessHandler() throws {
    let run = try FirmwareRun(
      """
      import pyb, time
      def callback(timer):
          while True:
              try: [1]
              except MemoryError: pass
      pyb.Timer(4, freq=10).callback(callback)
      time.sleep_ms(20000)
      print('on')
      """, powerOff: 30_000)
    #expect(run.output.hasSuffix("MemoryError: \non\n"))
    #expect(run.end == .finished)
  }

  @Test("Interrupts whose calls find no room are lost, and nothing is made of them")
  func fullQueue() throws {
    let run = try FirmwareRun(
      """
      import gc, machine, time
      from machine import Pin, PWM
      Pin('X2').irq(lambda pin: None)
      gc.collect()
      before = gc.mem_alloc()
      wave = PWM('X1', freq=500_000, duty_u16=32768)
      start = time.ticks_ms()
      while time.ticks_diff(time.ticks_ms(), start) < 20: pass
      wave.deinit()
      print(gc.mem_alloc() - before < 20000)
      """, powerOff: 3000, wires: ["X1-X2"])
    #expect(run.output == "True\n")
  }
}
