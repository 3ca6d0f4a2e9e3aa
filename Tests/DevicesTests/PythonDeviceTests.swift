import Bench
import Devices
import Foundation
import Machine
import PythonDevices
import Testing
import Timebase

/// Devices that are described in Python, and what is wrong with them.
@Suite struct PythonDeviceTests {
  private static let examples = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Examples/devices").path()

  @Test("a 74HC595 in Python shifts and latches") func shiftRegister() throws {
    let wired = try Bench.wired(
      ["\(Self.examples)/shift_register.py@X1,X2,X3,qa:X4,qh:X5"], kinds: .withPython)
    let output = try wired.run(Self.demo("shift_register"))
    #expect(
      output == """
        00000001: QA 1, QH 0
        10000000: QA 0, QH 1
        11111111: QA 1, QH 1
        00000000: QA 0, QH 0

        """)
    #expect(wired.board.signal("shift_register.outputs")?.value == .integer(0))
    #expect(wired.main.findings.isEmpty)
  }

  @Test("an HC-SR04 in Python answers at the same instants as the one of the shelf") func rangeFinder() throws
  {
    var edges: [[String]] = []
    for kind in ["\(Self.examples)/range_finder.py:it", "hcsr04:it"] {
      let wired = try Bench.wired(["\(kind)@X1,X2,distance=73"], isTraced: true, kinds: .withPython)
      let output = try wired.run(Self.demo("range_finder"))
      #expect(output == "73.0 cm\n73.0 cm\n73.0 cm\n")
      edges.append(wired.trace(of: "pin X2"))
    }
    #expect(edges[0].count > 6 && edges[0] == edges[1])
  }

  @Test("a thermometer in Python is read and written over I2C, and its control is a key") func thermometer()
    throws
  {
    let wired = try Bench.wired(
      ["\(Self.examples)/thermometer.py@X9,X10,temperature=31.5"], kinds: .withPython)
    let output = try wired.run(Self.demo("thermometer"))
    #expect(output == "found ['0x48']\n31.5 °C\nlimit 30.0 °C\n")
  }

  @Test("a device in Python takes no time and no memory of the board's") func costsNothing() throws {
    let program = """
      import gc, time
      from machine import Pin
      pin = Pin('X1', Pin.OUT, value=0)
      gc.collect()
      start, free = time.ticks_us(), gc.mem_free()
      for _ in range(100): pin(not pin())
      print(time.ticks_diff(time.ticks_us(), start), free - gc.mem_free())
      """
    let alone = try Bench.wired().run(program)
    let model =
      "from device import Device\nclass D(Device):\n    pins = 'a'\n    def edge(self, pin, level, time): self.x = [0] * 1000\n"
    let wired = try Self.wire(model, "X1")
    #expect(try wired.run(program) == alone)
  }

  @Test("SPI in Python, bytes on a serial line, controls, timers and signals") func manyParts() throws {
    let wired = try Self.wire(
      """
      from device import Control, Device, Signal

      class Everything(Device):
          pins = 'sck', 'mosi', 'miso', 'cs', 'tx', 'rx'
          answer = Control(0x5a, 0, 255)
          heard = Signal('')
          ticks = Signal(0)

          def start(self):
              self.tx.drive(1)
              self.rx.receive(9600, self.character)
              self.after_ms(10, self.tick)

          def tick(self):
              self.ticks += 1
              self.after_ms(10, self.tick)

          def character(self, byte):
              self.heard += chr(byte)
              self.tx.send(bytes([byte ^ 0x20]))

          def changed(self, name): self.trace(name)
          def spi_select(self): return self.answer
          def spi_byte(self, byte): return byte ^ 0xff
      """, "X6,X8,X7,X5,X2,X1")
    let output = try wired.run(
      """
      from machine import SPI, Pin, UART
      import time
      spi, select = SPI('X', baudrate=100000), Pin('X5', Pin.OUT, value=1)
      buffer = bytearray(b'\\x01\\x02\\x03')
      select(0)
      spi.write_readinto(buffer, buffer)
      select(1)
      print(buffer)
      uart = UART(4, 9600)
      uart.write('hello')
      time.sleep_ms(100)
      print(uart.read())
      """)
    #expect(output == "bytearray(b'Z\\xfe\\xfd')\nb'HELLO'\n")
    #expect(wired.board.signal("model.heard")?.value == .text("hello"))
    guard case .integer(let ticks)? = wired.board.signal("model.ticks")?.value else { return }
    #expect((10...11).contains(ticks))
    try wired.board.set("model.answer", to: "7")
    #expect(wired.board.signal("model.answer")?.value == .integer(7))
  }

  @Test("a model that raises is one message with its place, and the firmware goes on") func raises() throws {
    let wired = try Self.wire(
      """
      from device import Device

      class Broken(Device):
          pins = 'a'

          def edge(self, pin, level, time):
              return level + missing
      """, "X1")
    let output = try wired.run(
      "from machine import Pin\npin = Pin('X1', Pin.OUT)\nfor _ in range(4): pin(not pin())\nprint('done')")
    #expect(output == "done\n")
    #expect(wired.main.findings.count == 1)
    let report = try #require(wired.main.findings.first)
    #expect(
      report.contains("model.py:7") && report.contains("NameError: name 'missing' isn't defined"), "\(report)"
    )
  }

  @Test("a bus is held for a second at most", arguments: ["-1", "1e6 + 1", "1 << 80"])
  func holds(delay: String) throws {
    let wired = try Self.wire(
      """
      from device import Device

      class Slow(Device):
          pins = 'scl', 'sda'
          address = 0x20

          def i2c_start(self, is_read):
              self.hold_us(\(delay))
      """, "X9,X10")
    let output = try wired.run("from machine import I2C\nprint(I2C(1).scan())")
    #expect(output == "[]\n")
    #expect(wired.main.findings.count == 1)
    #expect(
      wired.main.findings.first?.contains("model.py:8: device-failed: model: ") == true
        && wired.main.findings[0].contains("Error: "), "\(wired.main.findings)")
  }

  @Test("a model that never comes back is ended") func neverReturns() throws {
    let wired = try Self.wire(
      """
      from device import Device

      class Busy(Device):
          pins = 'a'

          def edge(self, pin, level, time):
              while True: pass
      """, "X1")
    let output = try wired.run("from machine import Pin\nPin('X1', Pin.OUT, value=1)\nprint('done')")
    #expect(output == "done\n")
    #expect(
      wired.main.findings.count == 1 && wired.main.findings[0].contains("runs for too long"),
      "\(wired.main.findings)")
  }

  @Test("a model that catches the error of running for too long is ended all the same")
  func endsWhoCatches() throws {
    let wired = try Self.wire(
      """
      from device import Device

      class Stubborn(Device):
          pins = 'a'

          def edge(self, pin, level, time):
              while True:
                  try:
                      while True: pass
                  except BaseException: pass
      """, "X1")
    let output = try wired.run("from machine import Pin\nPin('X1', Pin.OUT, value=1)\nprint('done')")
    #expect(output == "done\n")
    #expect(
      wired.main.findings.count == 1 && wired.main.findings[0].contains("runs for too long"),
      "\(wired.main.findings)")
  }

  @Test("a model may do something every millisecond for as long as it likes, but not every nanosecond")
  func ticks() throws {
    let model = { (delay: String) in
      """
      from device import Device

      class Ticking(Device):
          pins = 'a'

          def start(self): self.tick()
          def tick(self):
              for _ in range(1000): pass
              self.after_ns(\(delay), self.tick)
      """
    }
    let wired = try Self.wire(model("1000000"), "X1")
    #expect(try wired.run("import time\ntime.sleep_ms(300)\nprint('done')") == "done\n")
    #expect(wired.main.findings.isEmpty, "\(wired.main.findings)")
    for delay in ["0", "1"] {
      let standing = try Self.wire(model(delay), "X1")
      #expect(try standing.run("import time\ntime.sleep_ms(300)\nprint('done')") == "done\n")
      #expect(standing.main.findings.count == 1, "\(standing.main.findings)")
      #expect(standing.main.findings.first?.contains("its delays are too short") == true)
    }
  }

  @Test(
    "mistakes in a model's file are messages with their place",
    arguments: [
      ("import nothing", "model.py:1: ImportError: no module named 'nothing'"),
      ("x = (", "SyntaxError"), ("x = 1", "it has no class that is derived from device.Device"),
      (
        "from device import Device\nclass A(Device): pass\nclass B(Device): pass",
        "it has more than one device: A, B"
      ),
      ("from device import Device\nclass A(Device): pins = 'now'", "a pin cannot be called 'now'"),
      (
        "from device import Device\nclass A(Device):\n    pins = 'a'\n    address = 5",
        "needs pins 'scl' and 'sda'"
      ),
      (
        "from device import *\nclass A(Device):\n    pins = 'a'\n    x = Control(5, 6, 7)",
        "x cannot be 5: it takes 6 to 7"
      ),
      (
        "from device import *\nclass A(Device):\n    pins = 'a'\n    def __init__(self):\n        self.b",
        "model.py:5: AttributeError"
      ),
    ])
  func mistakes(source: String, message: String) throws {
    do {
      _ = try Self.wire(source, "X1")
      Issue.record("not refused: \(source)")
    } catch let error as WiringError {
      #expect(error.message.contains(message), "\(error)")
    }
  }

  @Test("a file that is not there is one message") func missingFile() throws {
    do {
      _ = try Bench.wired(["nowhere.py@X1"], kinds: .withPython)
      Issue.record("not refused")
    } catch let error as WiringError {
      #expect(error.message == "nowhere.py cannot be read: No such file or directory")
    }
  }

  private static func demo(_ name: String) throws -> String {
    try String(contentsOfFile: "\(examples)/\(name)_demo.py", encoding: .utf8)
  }

  /// A board with a device whose model has this source, called `model`.

  @Test("Devices in Python may not hold more than their share of the host's memory together")
  func memoryOfMany() throws {
    let model =
      "from device import Device\nclass D(Device):\n    pins = 'a'\n    def start(self): self.x = [[i] for i in range(60000)]\n    def edge(self, *a): pass\n"
    let wired = try Self.wire(model, "X1", count: 12)
    _ = try wired.run(
      """
      from machine import Pin
      pin = Pin('X1', Pin.OUT)
      for _ in range(20): pin(not pin())
      """)
    #expect(
      wired.main.findings.contains {
        $0.contains("MemoryError: devices in Python hold more than 16 MiB together")
      })
  }

  @Test(
    "What waits for its time in a device in Python is bounded",
    arguments: [
      "while True: self.after_us(1000, self.start)", "while True: self.a.send(bytes(1000))",
      "while True: self.a.receive(9600, print)",
    ])
  func boundedQueues(_ work: String) throws {
    let wired = try Self.wire(
      "from device import Device\nclass D(Device):\n    pins = 'a'\n    def start(self):\n        \(work)\n",
      "X1")
    _ = try wired.run("import time\ntime.sleep_ms(1)")
    #expect(wired.main.findings.contains { $0.contains("RuntimeError: more than") })
  }

  private static func wire(_ source: String, _ pins: String, count: Int = 1) throws -> Bench {
    let folder = try TemporaryFolder(["model.py": source])
    defer { folder.remove() }
    let devices = (0..<count).map { "\(folder.path)model.py\($0 == 0 ? "" : ":model\($0)")@\(pins)" }
    return try Bench.wired(devices, kinds: .withPython)
  }
}
