import Bench
import Devices
import Machine
import Testing
import Timebase

/// What is said about devices and wires, and what they connect.
@Suite struct WiringTests {
  @Test(
    "each mistake is one message with its place and what there is instead",
    arguments: [
      (["dht23@X1"], "dht23@X1: no kind of device \"dht23\", did you mean \"dht22\"? ("),
      (["dht22"], "dht22: nothing is wired to its pin data: a dht22 needs data, as in dht22@X1"),
      (["dht22@X99"], "dht22@X99: pin \"X99\" is not on this board (X1–X12"),
      (["dht22@X1,X2"], "dht22@X1,X2: there is no pin for X2: a dht22 has data"),
      (["dht22@dta:X1"], "dht22@dta:X1: a dht22 has no pin \"dta\", did you mean \"data\"? (data, vcc, gnd)"),
      (["dht22@data:X1,data:X2"], "dht22@data:X1,data:X2: its pin data is there twice"),
      (
        ["dht22@X1,humdity=3"],
        "dht22@X1,humdity=3: a dht22 has no key \"humdity\", did you mean \"humidity\"? ("
      ),
      (
        ["dht22@X1,temperature=300"],
        "dht22@X1,temperature=300: temperature cannot be \"300\": it takes -40 to 80 °C, as in 24.0"
      ),
      (["button@X1,pull=left"], "button@X1,pull=left: pull cannot be \"left\": it takes none, up, down"),
      (["dht22:X2@X1"], "dht22:X2@X1: two parts are called \"X2\""),
      (["dht22:a.b@X1"], "dht22:a.b@X1: \"a.b\" cannot be a name: letters, digits and _ can"),
      (["dht22:a@X1", "dht11:a@X2"], "dht11:a@X2: two parts are called \"a\""),
      (
        ["ssd1306:one@X9,X10", "ssd1306:two@X9,X10"],
        "ssd1306:two@X9,X10: one and two are both at address 0x3c of one I2C bus: give one"
      ),
      (
        ["dht22@X1,temperature=1,temperature=2"],
        "dht22@X1,temperature=1,temperature=2: temperature is there twice"
      ),
      (["dht22@X1,=2"], "dht22@X1,=2: there is a = with no key in front of it"),
      (
        ["ssd1306@X9,X10,address=60x"],
        "ssd1306@X9,X10,address=60x: address cannot be \"60x\": it takes 0x3C to 0x3D"
      ),
      (["@X1"], "@X1: is not a device: KIND[:NAME]@[ROLE:]PIN,…[,KEY=VALUE…]"),
      (["ds18b20@X1,rom=12"], "ds18b20@X1,rom=12: rom cannot be \"12\": it takes 12 hexadecimal digits"),
    ])
  func refuses(devices: [String], message: String) throws {
    let refusal = try #require(refusalMessage(devices))
    #expect(refusal.hasPrefix(message), "\(refusal)")
  }

  @Test(
    "wires and resistors are refused with their place",
    arguments: [
      (["X1-5X"], [], "X1-5X: pin \"5X\" is not on this board (X1–X12"),
      (["X1"], [], "X1: \"X1\" is not a wire"),
      (["room.dat-X1"], [], "room.dat-X1: room has no pin \"dat\", did you mean \"data\"? (data, vcc, gnd)"),
      (["room.data-room.data"], [], "room.data-room.data: a wire from room.data to itself"),
      (
        [], ["X1:sideways"],
        "X1:sideways: \"sideways\" is no resistor: it is up or down, as in up, down or up 4.7k"
      ),
      ([], ["X1:up,"], "X1:up,: \"X1:up,\" is not a resistor: PIN:up or PIN:down"),
      ([], ["X1:up,inf"], "X1:up,inf: \"inf\" is not a resistance"),
      ([], ["X1:up,0x10"], "X1:up,0x10: \"0x10\" is not a resistance"),
      ([], ["GND:up"], "GND:up: GND is a supply: a resistor pulls a pin, as in X1:up"),
      (
        [], ["X1:up,4k7"],
        "X1:up,4k7: \"4k7\" is not a resistance: a number of ohms, 1 to 100M, as in 470, 4.7k or 1M"
      ),
    ])
  func refusesWires(wires: [String], pulls: [String], message: String) throws {
    let refusal = try #require(refusalMessage(["dht22:room@X5"], wires: wires, pulls: pulls))
    #expect(refusal.hasPrefix(message), "\(refusal)")
  }

  @Test("two devices of one kind get names of their own") func namesDevices() throws {
    let wired = try Bench.wired(["dht22@X1", "dht22@X2", "dht22:room@X3"])
    #expect(wired.board.devices.map(\.name) == ["dht22", "dht22_2", "room"])
  }

  @Test("pins with roles may stand behind keys, and values may have commas") func readsPinsBehindKeys() throws
  {
    var wiring = Wiring()
    try wiring.addDevice("gps:here@X2,speed=20,pps:X3")
    try wiring.addDevice("keypad@X1,key=5,2ms")
    #expect(wiring.devices[0].pins.map(\.end) == ["X2", "X3"])
    #expect(wiring.devices[1].values.map(\.text) == ["5,2ms"])
  }

  @Test("a contact between two pins of the board is a control of the pair") func pairOfPins() throws {
    let wired = try Bench.wired(events: ["1s:press=X2-X7", "2s:X2-X7.pressed=0"])
    try wired.main.pin("X2").configure(.outputPushPull, level: .high)
    wired.clock.busy(for: .milliseconds(500))
    #expect(try wired.main.pin("X7").level == .low)
    wired.clock.busy(for: .seconds(1))
    #expect(try wired.main.pin("X7").level == .high)
    wired.clock.busy(for: .seconds(1))
    #expect(try wired.main.pin("X7").level == .low)
  }

  @Test("two devices may have one address on different buses") func sharesAddress() throws {
    #expect(throws: Never.self) { try Bench.wired(["ssd1306@X9,X10", "ssd1306@Y9,Y10"]) }
    #expect(throws: Never.self) { try Bench.wired(["ssd1306@X9,X10", "ssd1306@X9,X10,address=0x3d"]) }
  }

  @Test("supplies and resistors hold pins") func holdsPins() throws {
    let wired = try Bench.wired(wires: ["X1-3V3", "X2-GND", "X3-5V"], pulls: ["X4:up,4.7k", "X5:down"])
    let levels = try ["X1", "X2", "X3", "X4", "X5"].map { try wired.main.pin($0).level }
    #expect(levels == [.high, .low, .high, .high, .low])
  }

  @Test("a device may be wired by its pins' names alone") func wiresByName() throws {
    let wired = try Bench.wired(["button:key"], wires: ["key.pin-X3"], pulls: ["X3:up"])
    try wired.board.set("key.pressed", to: "1")
    #expect(try wired.main.pin("X3").level == .low)
  }

  @Test("a button between two pins connects them, in both directions and while it is pressed")
  func connectsTwoPins() throws {
    let wired = try Bench.wired(["button@X1,other:X2"])
    let (first, second) = (try wired.main.pin("X1"), try wired.main.pin("X2"))
    first.configure(.outputPushPull, level: .high)
    #expect(second.level == .low)
    try wired.board.set("button.pressed", to: "1")
    #expect(second.level == .high)
    first.level = .low
    #expect(second.level == .low)
    second.configure(.input, pull: .up)
    first.configure(.input)
    #expect(first.level == .high)
    try wired.board.set("button.pressed", to: "0")
    #expect(first.level == .low)
    #expect(second.level == .high)
  }

  @Test("contacts that form a circle connect all their pins and let them go again") func ghostKeys() throws {
    let wired = try Bench.wired([
      "button:a@X1,other:X2", "button:b@X2,other:X3", "button:c@X3,other:X1", "button:d@X3,other:X4",
    ])
    let pins = try ["X1", "X2", "X3", "X4"].map { try wired.main.pin($0) }
    for name in ["a", "b", "c", "d"] { try wired.board.set("\(name).pressed", to: "1") }
    pins[0].configure(.outputPushPull, level: .high)
    #expect(pins.allSatisfy { $0.level == .high })
    try wired.board.set("c.pressed", to: "0")
    #expect(pins.allSatisfy { $0.level == .high })
    try wired.board.set("b.pressed", to: "0")
    #expect(pins.map(\.level) == [.high, .high, .low, .low])
  }

  @Test("a contact between two outputs that disagree is a conflict with both names") func reportsConflict()
    throws
  {
    let wired = try Bench.wired(["button@X1,other:X2"])
    try wired.main.pin("X1").configure(.outputPushPull, level: .high)
    try wired.main.pin("X2").configure(.outputPushPull, level: .low)
    try wired.board.set("button.pressed", to: "1")
    #expect(wired.main.findings.contains { $0.contains("X1 drives high and X2 drives low on one net") })
  }

  @Test("a UART is heard through a closed contact") func passesWaveforms() throws {
    let wired = try Bench.wired(["button@X1,other:X3"], events: ["0s:button.pressed=1"])
    let output = try wired.run(
      """
      from pyb import UART
      tx = UART(4, 9600)   # X1
      rx = UART(2, 9600, timeout=100)   # X4
      tx.write('through')
      """)
    #expect(output == "")
    #expect(try wired.main.pin("X3").level == .high)
  }

  @Test("what devices do is in the trace") func tracesSignals() throws {
    let wired = try Bench.wired(
      ["dht22:room@X1", "button@X3"], pulls: ["X3:up"],
      events: ["3s:room.temperature=25", "4s:button.pressed=1"],
      isTraced: true)
    wired.clock.busy(for: .seconds(5))
    #expect(wired.trace(of: "room.") == ["3.000000000 room.temperature 25.0"])
    #expect(wired.trace(of: "button.") == ["4.000000000 button.pressed 1"])
    #expect(wired.trace(of: "pin X3").last == "4.000000000 pin X3 low")
  }

  @Test("every kind can be described, and its text names its pins") func describesKinds() throws {
    for name in DeviceRegistry.standard.names {
      let text = try DeviceSummary.text(of: name, in: .standard)
      #expect(text.hasPrefix("\(name): "))
      #expect(text.contains("Pins, in this order"))
    }
  }

  @Test("every control takes its own example") func examplesAreTaken() throws {
    for type in DeviceRegistry.standard.types {
      let pins = type.kind.placedPins.filter { !$0.isOptional }
      let ends = zip(pins, 1...12).map { "\($0.name):Y\($1)" }.joined(separator: ",")
      let wired = try Bench.wired(["\(type.kind.name):thing" + (ends.isEmpty ? "" : "@\(ends)")])
      for control in wired.board.devices[0].allControls {
        #expect(throws: Never.self, "\(type.kind.name).\(control.name)") {
          try wired.board.set("thing.\(control.name)", to: control.example)
        }
      }
      wired.clock.busy(for: .seconds(2))
    }
  }
}
