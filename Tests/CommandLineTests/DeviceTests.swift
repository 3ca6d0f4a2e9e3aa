import Foundation
import Testing

/// What is wired to a board from the command line.
@Suite struct DeviceTests {
  @Test("a run reads a sensor, and --at changes what it measures") func readsSensor() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = """
      import dht, machine, time
      sensor = dht.DHT22(machine.Pin('X1'))
      for _ in range(2):
          sensor.measure()
          print(sensor.temperature())
          time.sleep(3)
      """
    let result = try tool.run([
      "run", "-c", code, "--device", "dht22:room@X1,temperature=21.5", "--at", "2s:room.temperature=25",
      "--trace", "-",
    ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors == "21.5\n25.0\n")
    #expect(result.output.contains("2.000000000 room.temperature 25.0\n"))
  }

  @Test("a device that is there and does not answer is named") func silentDevice() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = "from machine import I2C; I2C(1).writeto(0x3c, b'')"
    let result = try tool.run("run", "-c", code, "--device", "ssd1306:oled@X9,X10,address=0x3d")
    #expect(
      result.errors.contains("no answer from I2C address 0x3c on X9 and X10, where oled is wired"),
      "\(result.errors)")
  }

  @Test("a device that answers itself without delay is told, and does not hold the run") func oscillates()
    throws
  {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(
      """
      from device import Device
      class Inverter(Device):
          pins = "a", "y"
          def start(self): self.y.drive(not self.a.level)
          def edge(self, pin, level, time):
              if pin is self.a: self.y.drive(not level)
      """, to: "inverter.py")
    let result = try tool.run("run", "-c", "print('done')", "--device", "inverter.py:i@a:X2,y:X2")
    #expect(result.output == "done\n")
    #expect(result.errors.contains("net-oscillates: the net that "), "\(result.errors)")
  }

  @Test("lists kinds of device, and says what one has") func listsKinds() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let list = try tool.run("devices")
    #expect(list.status == 0)
    #expect(list.output.contains(/^dht22 +data +temperature/.anchorsMatchLineEndings()))
    let kind = try tool.run(["devices", "hcsr04"])
    #expect(kind.status == 0)
    for text in ["trig", "echo", "distance", "Elecfreaks"] { #expect(kind.output.contains(text)) }
    let unknown = try tool.run(["devices", "hcsr05"])
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("no kind of device \"hcsr05\", did you mean \"hcsr04\"?"))
  }

  @Test(
    "a mistake is one message and status 2",
    arguments: [
      (["--device", "dht22@X99"], "Error: --device dht22@X99: pin \"X99\" is not on this board ("),
      (
        ["--device", "button@X1", "--wire", "button.pi-X2"],
        "Error: --wire button.pi-X2: button has no pin \"pi\", did you mean \"pin\"?"
      ),
      (["--pull", "X1"], "Error: --pull X1: \"X1\" is not a resistor: PIN:up or PIN:down"),
      (
        ["--device", "button@X1", "--at", "1s:button.presed=1"],
        "Error: --at: button has no control \"presed\""
      ),
      (
        ["--backend", "gpiod", "--board", "raspberry-pi", "--device", "button@GPIO17"],
        "Error: --device button@GPIO17: the pins are real ones"
      ),
    ])
  func refuses(options: [String], message: String) throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let result = try tool.run(["run", "-c", "print('ran')"] + options)
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix(message), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
  }

  @Test("a wiring file names firmware, board and devices; options add to it") func takesWiringFile() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(
      """
      import machine, sys
      print(sys.implementation._machine)
      for name in (3, 4): print(machine.Pin(name, machine.Pin.IN).value())
      """, to: "bench/main.py")
    try tool.write(
      """
      board: pico
      firmware: main.py
      devices:
        key: {kind: button, pin: GP3, other: 3V3, pressed: 1}
      """, to: "bench/bench.yaml")
    let result = try tool.run(["run", "--wiring", "bench/bench.yaml", "--pull", "GP4:up"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output == "Raspberry Pi Pico with RP2040\n1\n1\n")
    let wrong = try tool.run(["run", "--wiring", "bench/none.yaml"])
    #expect(wrong.status == 2)
    #expect(
      wrong.errors == "Error: --wiring: bench/none.yaml: could not be read: No such file or directory\n")
  }

  @Test("what a Wokwi diagram has and the emulator has not is a warning") func warnsOfDiagram() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(
      """
      {"version": 1, "parts": [{"id": "pico", "type": "wokwi-pi-pico"}, {"id": "m", "type": "wokwi-stepper-motor"}],
       "connections": [["pico:GP2", "m:A+", "", []]]}
      """, to: "diagram.json")
    let result = try tool.run(["run", "-c", "print('ran')", "--wiring", "diagram.json"])
    #expect(result.status == 0)
    #expect(result.output == "ran\n")
    #expect(
      result.errors.hasPrefix("diagram.json:1: not-modelled: m, a wokwi-stepper-motor, is not modelled"))
  }

  @Test(
    "what is at the other end of a serial line can be a program, at a pseudo-terminal that is named first")
  func serialPeer() throws {
    let firmware = """
      from machine import UART
      import time
      uart = UART(2, 115200, timeout=5000, rxbuf=2000)
      while True:
          line = uart.readline()
          if line: uart.write(b'got ' + line)
      """
    let board = try SerialClient(
      ["run", "main.py", "--device", "serial@tx:X4,rx:X3,baud=115200,to=pty:line"], serial: nil,
      files: ["main.py": firmware])
    #expect(board.name.hasPrefix("/dev/pts/"))
    try board.connect(to: board.folder.appending(path: "line").path())
    let lines = (0..<40).map { "line \($0) \(String(repeating: "x", count: 20))\n" }
    try board.send(lines.joined())
    for line in lines { try board.read(until: "got \(line)") }
    #expect(board.end() == 143)
    #expect(!FileManager.default.fileExists(atPath: board.folder.appending(path: "line").path()))
  }

  @Test("forty devices at once are used as each alone") func everything() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let folder = CommandLineTool.package.appending(path: "Benchmarks/python/devices").path()
    let result = try tool.run([
      "run", "--wiring", "\(folder)/everything.yaml", "\(folder)/everything.py", "--", "3",
    ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors == "")
    #expect(result.output.hasPrefix("20 64 0 "), "\(result.output)")
  }

  @Test(
    "a module that is not on the board's flash is told where it comes from",
    arguments: [
      (
        "ssd1306",
        "ssd1306 is not on the board: it is in micropython/drivers of github.com/micropython/micropython-lib; copy"
      ),
      ("as_drivers.hd44780", "it is a folder of github.com/peterhinch/micropython-async, v3"),
      ("bench", "bench is a module of tests, and this is no test; run it with `vpyboard test FILE`"),
      ("device", "device is a module of device models"),
    ])
  func missingModule(name: String, message: String) throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let result = try tool.run(["run", "-c", "import \(name)"])
    #expect(result.status == 1)
    #expect(result.errors.contains("module-not-there: "), "\(result.errors)")
    #expect(result.errors.contains(message), "\(result.errors)")
    let unknown = try tool.run(["run", "-c", "import no_such_thing"])
    #expect(!unknown.errors.contains("module-not-there"))
  }
}
