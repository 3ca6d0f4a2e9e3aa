import Foundation
import Testing

/// Several boards in one wiring file.
@Suite struct SeveralBoardsTests {
  private let tool: CommandLineTool

  init() throws { tool = try CommandLineTool() }

  private func example(_ name: String) -> String {
    CommandLineTool.package.appending(path: "Examples/\(name)/\(name).yaml").path()
  }

  private func run(_ arguments: [String]) throws -> CommandLineTool.Result {
    defer { tool.cleanUp() }
    return try tool.run(["run"] + arguments)
  }

  /// Writes a wiring file with two boards, `a` and `b`.
  private func write(_ wiring: String, a: String, b: String) throws {
    try tool.write("boards: {a: {firmware: a.py}, b: {firmware: b.py}}\n" + wiring, to: "two.yaml")
    try tool.write(a, to: "a.py")
    try tool.write(b, to: "b.py")
  }

  @Test("talk through UARTs; each line has its board's name") func conversation() throws {
    let result = try run(["--wiring", example("two_boards")])
    #expect(result.errors == "")
    #expect(result.status == 0)
    #expect(
      result.output == "counter: count 1\nasker: pressed 1 times\ncounter: count 2\nasker: pressed 2 times\n")
  }

  @Test("have one I2C bus, with a target that computes while it is addressed") func i2c() throws {
    let result = try run(["--wiring", example("i2c_stream")])
    #expect(result.errors == "")
    #expect(result.status == 0)
    #expect(
      result.output.split(separator: "\n").sorted() == [
        "controller: received ONE", "controller: received THREE", "controller: received TWO",
        "target: received one", "target: received three", "target: received two",
      ])
  }

  @Test("exchange messages over two clocks and two lines of data") func fourWires() throws {
    let result = try run(["--wiring", example("syncom")])
    #expect(result.errors == "")
    #expect(result.status == 0)
    #expect(result.output.split(separator: "\n").map(String.init).sorted() == Self.messages)
  }

  private static let messages = [
    "initiator: received one has 3 letters", "initiator: received three has 5 letters",
    "initiator: received two has 3 letters", "passive: received one", "passive: received three",
    "passive: received two",
  ]

  @Test(
    "run firmware in Swift, each its own, the same in every run",
    arguments: [("I2CStream", "i2c_stream"), ("SynCom", "syncom")])
  func swift(program: String, name: String) throws {
    let tool = try CommandLineTool(program)
    defer { tool.cleanUp() }
    let runs = try ["first", "second"].map { trace in
      try tool.run(["--wiring", example(name), "--trace", trace])
    }
    #expect(runs[0].errors == "")
    #expect(runs[0].status == 0)
    let lines = runs[0].output.split(separator: "\n").map(String.init)
    #expect(
      lines.sorted()
        == (name == "syncom"
          ? Self.messages
          : [
            "controller: received ONE", "controller: received THREE", "controller: received TWO",
            "target: received one", "target: received three", "target: received two",
          ]))
    #expect(runs[0].output == runs[1].output)
    #expect(try tool.read("first") == tool.read("second"))
    #expect(try tool.run().errors.contains("--wiring FILE"))
    try tool.write("boards: {other: {firmware: other.py}}", to: "other.yaml")
    let refused = try tool.run("--wiring", "other.yaml")
    #expect(refused.status == 2)
    #expect(refused.errors.contains("board other has firmware, other.py, that this program does not run"))
  }

  @Test("an event on one board waits for what happens on another") func reactions() throws {
    let code = """
      import machine, time
      led = machine.Pin('X1', machine.Pin.OUT, value=0)
      time.sleep_ms(100)
      led.value(1)
      time.sleep_ms(100)
      """
    let listener = """
      import machine, time
      pin = machine.Pin('X2', machine.Pin.IN)
      while not pin.value(): pass
      print(round(time.ticks_us() / 1000))
      """
    try write("at: [20ms after a.X1 rises: b.X2.level=1]\n", a: code, b: listener)
    let runs = try [0, 1].map { _ in
      try tool.run(["run", "--wiring", "two.yaml", "--for", "1s", "--trace", "trace.txt"])
    }
    #expect(runs[0].errors == "")
    #expect(runs[0].output == "b: 120\n", "\(runs[0].output)")
    #expect(runs[0].output == runs[1].output)
    let option = try run([
      "--wiring", "two.yaml", "--at", "after b.X2 rises:a.X3.level=1", "--at", "after a.X9 rises:b.X2.lvl=1",
    ])
    #expect(option.status == 2)
    #expect(option.errors.contains("--at: X2 has no control \"lvl\""), "\(option.errors)")
  }

  @Test("are steered and watched by one scenario") func scenario() throws {
    let code = """
      import pyb, machine, time
      pin = machine.Pin('X1', machine.Pin.OUT, value=0)
      print('ready')
      while not pyb.Switch()(): time.sleep_ms(1)
      pin.value(1)
      print('pressed')
      time.sleep(1)
      """
    try write("", a: code, b: code)
    try tool.write(
      """
      at: [900ms after b.X1 rises: b.USR.pressed=0]
      steps:
        - wait-serial: "a: ready"
        - expect-pin: {part-id: b, pin: X1, value: 0}
        - set-control: {part-id: b.USR, control: pressed, value: 1}
        - wait-pin: {part-id: b, pin: X1, value: 1}
        - expect-pin: {part-id: a, pin: X1, value: 0}
        - delay: 10ms
        - set-control: {part-id: a.USR, control: pressed, value: 1}
        - wait-serial: "a: pressed"
        - expect-pin: {part-id: b, pin: X1, value: 1}

      """, to: "steps.yaml")
    try tool.write("steps: [{expect-pin: {part-id: X1, pin: X1, value: 0}}]", to: "nameless.yaml")
    try tool.write("steps: [{write-serial: hello}]", to: "typed.yaml")
    let nameless = try tool.run("run", "--wiring", "two.yaml", "--scenario", "nameless.yaml")
    #expect(nameless.status == 2)
    #expect(nameless.errors.contains("expect-pin: of several boards, say which: a.X1, b.X1"))
    let typed = try tool.run("run", "--wiring", "two.yaml", "--scenario", "typed.yaml")
    #expect(typed.status == 2)
    #expect(typed.errors.contains("write-serial: what is typed goes to none of several boards"))
    let result = try run(["--wiring", "two.yaml", "--scenario", "steps.yaml"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors == "vpyboard: TEST PASSED: the scenario has been done\n")
  }

  @Test("are the same to the byte in every run, traces too, in the order of time") func deterministic() throws
  {
    defer { tool.cleanUp() }
    var traces: [String] = []
    for _ in 0..<2 {
      let result = try tool.run([
        "run", "--wiring", example("two_boards"), "--trace", "t.txt", "--trace", "t.vcd",
      ])
      #expect(result.status == 0)
      traces.append(result.output + (try tool.read("t.txt")) + (try tool.read("t.vcd")))
    }
    #expect(traces[0] == traces[1])
    let words = try tool.read("t.txt")
    #expect(words.contains(" asker uart 4 tx 63"))
    #expect(words.contains(" counter uart 4 rx 63"))
    let times = words.split(separator: "\n").compactMap { Double($0.prefix { $0 != " " }) }
    #expect(times == times.sorted())
    let dump = try tool.read("t.vcd")
    #expect(dump.contains("$scope module asker $end"))
    #expect(dump.contains("$scope module counter $end"))
    #expect(dump.contains(" counter_X1 $end"))
    let stamps = dump.split(separator: "\n").filter { $0.hasPrefix("#") }.compactMap { Int($0.dropFirst()) }
    #expect(stamps == stamps.sorted())
  }

  @Test("exchange bytes at 1 MBd, levels, voltages, and bytes on SPI both ways") func wires() throws {
    try write(
      "wires: [a.X1-b.X2, a.X2-b.X1, a.X5-b.X11, a.Y1-b.Y2, a.Y6-b.Y6, a.Y7-b.Y7, a.Y8-b.Y8]\n",
      a: """
        import pyb, time
        from machine import Pin, UART
        uart = UART(4, 1000000, timeout=200, rxbuf=300)
        pyb.DAC(1, bits=12).write(1000)
        Pin('Y1', Pin.OUT, value=1)
        spi = pyb.SPI(2, pyb.SPI.CONTROLLER, baudrate=1000000, polarity=0, phase=0)
        time.sleep_ms(20)
        data = bytes(range(256))
        uart.write(data)
        print(uart.read(256) == data)
        time.sleep_ms(20)
        print(spi.send_recv(b'abc'))
        """,
      b: """
        import pyb
        from machine import Pin, UART
        uart = UART(4, 1000000, timeout=200, rxbuf=300)
        uart.write(uart.read(256))
        print(pyb.ADC('X11').read(), Pin('Y2', Pin.IN).value())
        spi = pyb.SPI(2, pyb.SPI.PERIPHERAL, polarity=0, phase=0)
        print(spi.send_recv(b'XYZ', timeout=1000))
        """)
    let result = try run(["--wiring", "two.yaml"])
    #expect(result.errors == "")
    let lines = result.output.split(separator: "\n").sorted()
    #expect(lines == ["a: True", "a: b'XYZ'", "b: 1000 1", "b: b'abc'"])
  }

  @Test("have devices and events of their own, from file and command line") func devices() throws {
    let code = """
      import dht, machine, time
      sensor = dht.DHT22(machine.Pin('X1'))
      time.sleep(3)
      sensor.measure()
      print(sensor.temperature())
      """
    try write(
      "devices: {room: {kind: dht22, data: a.X1, temperature: 21.5}}\n", a: code, b: code)
    let result = try run([
      "--wiring", "two.yaml", "--device", "dht22:room@b.X1", "--at", "2s:b.room.temperature=-5",
    ])
    #expect(result.errors == "")
    #expect(result.output.split(separator: "\n").sorted() == ["a: 21.5", "b: -5.0"])
  }

  @Test("tell of their mistakes under their names, and the run fails with the first board that does")
  func failures() throws {
    try write(
      "wires: [a.X1-b.X1]\n",
      a: "import sys, time, machine\nmachine.Pin('X1', machine.Pin.OUT, value=1)\ntime.sleep(1)\nsys.exit(7)",
      b: "import machine, time\ntime.sleep_ms(5)\nmachine.Pin('X1', machine.Pin.OUT, value=0)\nint('x')")
    let result = try run(["--wiring", "two.yaml"])
    #expect(result.status == 7)
    #expect(result.errors.contains("b: b.py:3: net-conflict: "), "\(result.errors)")
    #expect(result.errors.contains("b: Traceback (most recent call last):\nb:   File \"b.py\", line 4"))
    #expect(result.errors.contains("b: ValueError: "))
  }

  @Test("end when none of them can do anything any more") func deadlock() throws {
    let code = "import asyncio\nasync def main():\n    await asyncio.Event().wait()\nasyncio.run(main())\n"
    try write("wires: [a.X1-b.X1]\n", a: code, b: code)
    let result = try run(["--wiring", "two.yaml"])
    #expect(result.status == 1)
    #expect(result.errors.contains("a: ") && result.errors.contains("deadlock"), "\(result.errors)")
  }

  @Test("lose their power together after --for") func duration() throws {
    let code = "import time\nwhile True:\n    time.sleep(1)\n    print(time.ticks_ms() // 1000)\n"
    try write("", a: code, b: code)
    let result = try run(["--wiring", "two.yaml", "--for", "2.5s"])
    #expect(result.status == 0)
    #expect(result.output == "a: 1\nb: 1\na: 2\nb: 2\n")
  }

  @Test(
    "a mistake is one message and status 2",
    arguments: [
      ("wires: [a.X1-c.X1]\n", [], "two.yaml:2: \"c.X1\" names no board: BOARD.PIN, as in a.X1 (a, b)"),
      ("wires: [a.X1-b.X99]\n", [], "two.yaml:2: pin \"X99\" is not on this board"),
      ("board: pico\n", [], "two.yaml:2: \"board\" belongs to one of the boards"),
      (
        "devices: {d: {kind: hcsr04, trig: a.X1, echo: b.X1}}\n", [],
        "two.yaml:2: a device is on one board, and its pins are wired to a and b"
      ),
      ("", ["--at", "1s:USR.pressed=1"], "--at: \"USR.pressed\" names no board: BOARD.PART.CONTROL"),
      ("", ["--board", "pico"], "--board: each board of two.yaml says what it is"),
      ("", ["--flash", "."], "--flash: two.yaml has several boards, each with a flash of its own"),
      ("", ["a.py"], "two.yaml has several boards, each with firmware of its own"),
    ] as [(String, [String], String)])
  func refuses(wiring: String, options: [String], message: String) throws {
    try write(wiring, a: "print('ran')", b: "print('ran')")
    let result = try run(["--wiring", "two.yaml"] + options)
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains(message), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
  }

  @Test("Ctrl-C interrupts the firmware of all of them") func interruption() throws {
    defer { tool.cleanUp() }
    let code = """
      import time
      try:
          while True: time.sleep(1)
      except KeyboardInterrupt:
          print('interrupted')
      """
    try write("", a: code, b: code)
    let (process, files) = try tool.start(["run", "--wiring", "two.yaml", "--speed", "1"])
    Thread.sleep(forTimeInterval: CommandLineTool.patience)
    process.interrupt()
    let result = try tool.finish(process, files)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.split(separator: "\n").sorted() == ["a: interrupted", "b: interrupted"])
  }
}
