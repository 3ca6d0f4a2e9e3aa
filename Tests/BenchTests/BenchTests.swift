import Bench
import Foundation
import Testing

@Suite("Tests in Swift") struct BenchTests {
  @Test("Firmware in Python is stepped while the test waits, and controls and signals are the board's")
  func python() throws {
    let bench = try Bench()
    bench.main.start(
      python: """
        import pyb, time
        usr, led = pyb.Switch(), pyb.LED(1)
        print('ready')
        while True:
            if usr(): led.on()
            else: led.off()
            time.sleep_ms(1)
        """)
    #expect(try bench.wait(for: bench.main.line("ready", within: .seconds(1))) == .line("ready"))
    try bench.board.set("USR.pressed", to: .flag(true))
    try bench.wait(for: bench.main.value("led1.brightness", .integer(255), within: .milliseconds(5)))
    try bench.board.set("USR.pressed", to: .flag(false))
    try bench.advance(by: .milliseconds(5))
    #expect(bench.board.signal("led1.brightness")?.value == .integer(0))
    #expect(bench.main.state == .running)
    #expect(bench.main.findings.isEmpty)
  }

  @Test("Firmware in Swift needs no more than its board")
  func swift() throws {
    let bench = try Bench()
    bench.main.start { board in
      let pin = try board.pins["X1"]
      pin.configure(.outputPushPull)
      while true {
        pin.high()
        try await sleepMs(125)
        pin.low()
        try await sleepMs(375)
      }
    }
    let wave = try bench.main.record("X1")
    try bench.advance(by: .seconds(4))
    try wave.isBlinking(atHertz: 2)
    try wave.hasDuty(25, within: 0.1)
    #expect(wave.longest(high: true) <= .milliseconds(126))
    #expect(bench.main.tasksLeft == ["main"])
    let failure = #expect(throws: SignalMismatch.self) { try wave.isBlinking(atHertz: 3) }
    #expect(failure?.description == "X1 blinks at 2.0 Hz, not at 3.0 Hz (within 2.0 %)")
  }

  @Test("Firmware runs to its end at once where nothing is to be done meanwhile")
  func runs() throws {
    let bench = try Bench(isTraced: true)
    #expect(try bench.run(python: "import pyb\npyb.LED(1).on()\nprint('on')") == "on\n")
    #expect(bench.main.trace.contains { $0.hasSuffix(" led 1 on") })
    let level = try bench.run { board in
      try board.led(1).off()
      try await sleepMs(5)
      return try board.led(1).intensity
    }
    #expect(level == 0)
    #expect(bench.now >= .powerOn + .milliseconds(5))
    let failure = #expect(throws: BenchFailure.self) { try bench.run(python: "1 / 0") }
    #expect(failure?.description.contains("ZeroDivisionError") == true)
    _ = try bench.add("peer")
    #expect(throws: BenchError.self) { try bench.run(python: "pass") }
  }

  @Test("The tasks of a test wait for several things at once")
  func tasks() throws {
    let bench = try Bench()
    bench.main.start(
      python: """
        import pyb, time
        from machine import Pin
        uart = pyb.UART(4, 9600)
        pin = Pin('X5', Pin.OUT, value=0)
        time.sleep_ms(10)
        pin(1); time.sleep_us(10); pin(0)
        uart.write('done')
        """)
    try bench.test { bench in
      let pulse = try bench.main.pulse("X5", within: .seconds(1))
      let bytes = try bench.main.bytes("uart4.tx", Array("done".utf8), within: .seconds(1))
      guard case .width(let width) = try await bench.happens(pulse) else { return }
      #expect(width >= .microseconds(10) && width < .microseconds(40))
      #expect(bytes.isPending)
      try await bench.happens(bytes)
      #expect(bench.now > .powerOn + .milliseconds(14))
      let both = Trigger.all(
        of: [bench.main.time(.milliseconds(3)), bench.main.time(.milliseconds(2))], on: bench)
      try await bench.happens(both)
    }
    #expect(bench.main.state == .finished)
  }

  @Test("What does not happen is an error that says so")
  func failures() throws {
    let bench = try Bench()
    #expect(throws: BenchFailure("a rising edge on X1 did not happen within 5 ms")) {
      try bench.wait(for: bench.main.edge("X1", .rising, within: .milliseconds(5)))
    }
    #expect(throws: BenchFailure("an edge on X1 cannot happen: nothing happens on any board any more")) {
      try bench.wait(for: bench.main.edge("X1"))
    }
    #expect(throws: BenchFailure("X2 being high did not happen within 1 ms")) {
      try bench.test { bench in
        try await bench.happens(bench.main.level("X2", .high, within: .milliseconds(1)))
      }
    }
  }

  @Test("Firmware that prints without end is ended, and whoever waits is told")
  func flood() throws {
    let bench = try Bench()
    _ = try bench.add("peer")
    bench.main.start(python: "while True: print('x' * 1000)")
    let flooded = BenchFailure("the firmware printed more than 8 MiB and was ended")
    #expect(throws: flooded) { try bench.advance(by: .seconds(10_000)) }
    #expect(throws: BenchFailure("an edge on X1 cannot happen: \(flooded)")) {
      try bench.wait(for: bench.main.edge("X1"))
    }
    #expect(bench.main.output.count > 8_000_000)
  }

  @Test("Several boards talk over wires, in either language")
  func boards() throws {
    let bench = try Bench()
    let other = try bench.add("peer")
    try bench.wire("X1", "peer.X2")
    try bench.wire("X2", "peer.X1")
    other.start(
      python: """
        import pyb
        u = pyb.UART(4, 9600, timeout=1000)
        while True:
            line = u.readline()
            if line: u.write(line.upper())
        """)
    bench.main.start { board in
      let uart = try board.uart(4)
      try uart.start(UARTSettings(baudRate: 9600))
      let (writer, reader) = (StreamWriter(uart), StreamReader(uart))
      try await sleepMs(10)
      try writer.write(Array("hello\n".utf8))
      try await writer.drain()
      _ = try await reader.readLine()
      try board.led(1).on()
    }
    try bench.wait(for: other.bytes("uart4.rx", Array("hello\n".utf8), within: .seconds(1)))
    try bench.wait(for: bench.main.value("led1.brightness", .integer(255), within: .seconds(1)))
  }

  @Test("A wiring file makes the board, its devices and its firmware")
  func wiring() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(
      """
      firmware: main.py
      devices:
        ok: {kind: button, pin: X3}
      """.utf8
    ).write(to: folder.appending(path: "board.yaml"))
    try Data(
      """
      import time
      from machine import Pin
      ok = Pin('X3', Pin.IN, Pin.PULL_UP)
      while ok.value(): time.sleep_ms(1)
      print('pressed')
      """.utf8
    ).write(to: folder.appending(path: "main.py"))
    let bench = try Bench(wiring: folder.appending(path: "board.yaml").path())
    try bench.advance(by: .milliseconds(20))
    try bench.board.set("ok.pressed", to: .flag(true))
    try bench.wait(for: bench.main.line("pressed", within: .milliseconds(50)))
  }

  @Test("A flag that an interrupt sets wakes its task, though nothing else happens on the board")
  func flag() throws {
    let bench = try Bench()
    bench.main.start(
      python: """
        import asyncio
        from machine import Pin
        flag = asyncio.ThreadSafeFlag()
        async def main():
            Pin('X3', Pin.IN, Pin.PULL_UP).irq(lambda pin: flag.set(), Pin.IRQ_FALLING)
            print('ready')
            while True:
                await flag.wait()
                print('pressed')
        asyncio.run(main())
        """)
    try bench.wait(for: bench.main.line("ready"))
    try bench.advance(by: .seconds(1))
    try bench.board.set("X3.pressed", to: .flag(true))
    let began = bench.now
    try bench.wait(for: bench.main.line("pressed"))
    #expect(bench.now - began < .milliseconds(1))
    try bench.board.set("X3.pressed", to: .flag(false))
    try bench.board.set("X3.pressed", to: .flag(true))
    try bench.wait(for: bench.main.line("pressed", within: .milliseconds(1)))
  }

  @Test("Devices in Python are wired to it as all others")
  func pythonDevice() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "inverter.py")
    try Data(
      """
      from device import Device

      class Inverter(Device):
          pins = ("a", "y")
          def edge(self, pin, level, time):
              if pin is self.a: self.y.drive(1 - level)

      """.utf8
    ).write(to: file)
    let bench = try Bench()
    let device = try bench.main.device("\(file.path()):inv@X1,X2")
    #expect(device.name == "inv")
    bench.main.start(
      python: """
        from machine import Pin
        a, y = Pin('X1', Pin.OUT, value=0), Pin('X2', Pin.IN)
        a(1)
        print(y())
        a(0)
        print(y())
        """)
    #expect(try bench.wait(for: bench.main.line(within: .seconds(1))) == .line("0"))
    #expect(try bench.wait(for: bench.main.line(within: .seconds(1))) == .line("1"))
  }

  @Test("Benches in parallel tests do not know of each other", arguments: 0..<8)
  func parallel(number: Int) throws {
    let bench = try Bench(seed: 5)
    bench.main.start(python: "import random\nprint(random.getrandbits(30))")
    let line = try bench.wait(for: bench.main.line(within: .seconds(1)))
    let again = try Bench(seed: 5)
    again.main.start(python: "import random\nprint(random.getrandbits(30))")
    #expect(try again.wait(for: again.main.line(within: .seconds(1))) == line)
  }
}
