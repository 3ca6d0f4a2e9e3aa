import Bench
import Devices
import Machine
import Testing
import Timebase

/// Mistakes of wiring that a real board would punish or only be silent about.
@Suite struct ElectricalTests {
  @Test("a UART that sends and waits with nothing wired to it is told, with the wire that it lacks")
  func unheard() throws {
    let code = """
      from machine import UART
      uart = UART(4, 9600, timeout=600)
      for _ in range(3):
          uart.write('hello')
          uart.read(5)
      """
    let alone = try Bench.wired()
    try alone.run(code)
    #expect(alone.main.findings.count == 1)
    #expect(
      alone.main.findings.first?.contains(
        "uart-unheard: UART 4 sends on X1 and waits for an answer on X2, and nothing is wired to either; "
          + "to let it hear itself wire them together: --wire X1-X2") == true, "\(alone.main.findings)")
    for (devices, wires) in [([], ["X1-X2"]), (["serial@tx:X2,rx:X1"], [])] {
      let wired = try Bench.wired(devices, wires: wires)
      try wired.run(code)
      #expect(wired.main.findings == [])
    }
    let spokenTo = try Bench.wired(events: ["30s:uart4.rx=late"])
    try spokenTo.run(code)
    #expect(spokenTo.main.findings == [])
  }

  @Test(
    "a UART with one of its two wires, or with TX wired to TX, is told which",
    arguments: [
      (
        ["serial@rx:X1"], "nothing is wired to X2, where the answer would come; wire X2 to the other end's TX"
      ),
      (
        ["serial@tx:X2"],
        "nothing is wired to X1: what it sends reaches nobody; wire X1 to the other end's RX"
      ),
      (
        ["serial:peer@tx:X1,rx:X2"],
        "peer.tx, which sends too, is wired to X1: nobody sends to X2; TX goes to RX: change the two wires over"
      ),
    ])
  func halfWired(devices: [String], words: String) throws {
    let wired = try Bench.wired(devices)
    try wired.run(
      "from machine import UART\nuart = UART(4, 9600, timeout=600)\n"
        + "for _ in range(3):\n    uart.write('hello')\n    uart.read(5)")
    let told = wired.main.findings.filter { $0.contains("uart-unheard") }
    #expect(told.count == 1)
    #expect(told.first?.contains(words) == true, "\(wired.main.findings)")
  }

  @Test("5 V wired to 3.3 V are told", arguments: [["5V-3V3"], ["X1-5V", "X1-3V3"]])
  func suppliesTogether(wires: [String]) throws {
    let wired = try Bench.wired(wires: wires)
    #expect(wired.main.findings.count == 1)
    #expect(wired.main.findings.first?.contains("net-conflict: 5V and 3V3 are wired together") == true)
  }

  @Test("a UART that only sends, only waits, or is listened to is none of it") func heard() throws {
    for code in ["uart.write('log')\ntime.sleep(5)", "uart.read(5)\ntime.sleep(5)"] {
      let wired = try Bench.wired()
      try wired.run("from machine import UART\nimport time\nuart = UART(4, 9600, timeout=600)\n" + code)
      wired.board.finish()
      #expect(wired.main.findings == [])
    }
    let watched = try Bench.wired()
    let observation = watched.board.signal("uart4.tx")?.observe { _, _ in }
    try watched.run(
      "from machine import UART\nuart = UART(4, 9600, timeout=600)\nuart.write('a')\nuart.read(1)")
    watched.board.finish()
    #expect(watched.main.findings == [])
    observation?.end()
  }

  @Test("what is waited for in vain is told at the end, however short the run") func unheardAtEnd() throws {
    let wired = try Bench.wired()
    try wired.run("from machine import UART\nuart = UART(4, 9600, timeout=10)\nuart.write('a')\nuart.read(1)")
    #expect(wired.main.findings == [])
    wired.board.finish()
    #expect(wired.main.findings.count == 1)
  }

  @Test("5 V on a pin that does not stand them are told", arguments: [("X5", true), ("X3", false)])
  func fiveVolts(pin: String, isTold: Bool) throws {
    let wired = try Bench.wired(wires: ["\(pin)-5V"])
    #expect(wired.main.findings.count == (isTold ? 1 : 0))
    if isTold {
      #expect(
        wired.main.findings[0].contains("five-volts: X5 is wired to 5 V, and PA4 stands 4 V"),
        "\(wired.main.findings)")
    }
    // FT pins stand them only while they are digital.
    try wired.run("from pyb import ADC, Pin\nADC(Pin('\(pin)')).read()")
    #expect(wired.main.findings.count == 1)
    #expect(wired.main.findings[0].contains("\(pin) is wired to 5 V, and "))
  }

  @Test("a light on a pin that is written to as an input is told") func lightOnInput() throws {
    let wired = try Bench.wired(["led:lamp@X1"])
    try wired.run("from machine import Pin\nimport time\nPin('X1', Pin.IN).value(1)\ntime.sleep(1)")
    #expect(wired.main.findings.count == 1)
    #expect(
      wired.main.findings.first?.contains(
        "main.py:3: light-on-input: lamp: the firmware writes to X1, which is an input") == true,
      "\(wired.main.findings)")
    for code in [
      "pin = Pin('X1', Pin.IN)\npin.value(1)\npin.init(Pin.OUT)", "Pin('X1', Pin.OUT, value=1)",
      "pin = Pin('X1', Pin.OUT)\npin.on()\npin.init(Pin.IN)",
    ] {
      let right = try Bench.wired(["led:lamp@X1"])
      try right.run("from machine import Pin\nimport time\n" + code + "\ntime.sleep(1)")
      #expect(right.main.findings == [], "\(code)")
    }
  }

  @Test("an output against an output, and an I2C bus without pull-ups, are told") func conflicts() throws {
    let wired = try Bench.wired(wires: ["X1-X2"])
    try wired.run("from machine import Pin\nPin('X1', Pin.OUT, value=1)\nPin('X2', Pin.OUT, value=0)")
    #expect(
      wired.main.findings.contains {
        $0.contains("net-conflict: X1 drives high and X2 drives low on one net")
      })
    let bus = try Bench.wired(["htu21d@Y9,Y10,pullups=0"])
    try bus.run("from pyb import I2C\ntry: I2C(2, I2C.CONTROLLER).scan()\nexcept OSError: pass")
    #expect(
      bus.main.findings.contains { $0.contains("i2c-no-pull-up: nothing pulls Y9 up") },
      "\(bus.main.findings)")
  }
}
