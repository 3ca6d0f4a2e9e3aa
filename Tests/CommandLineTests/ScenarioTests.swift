import Foundation
import Testing

@Suite("Runs that are expected to do something") struct ScenarioTests {
  @Test("--expect-text, --fail-text and --timeout decide how a run ends")
  func texts() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(
      "import time\nwhile True:\n    print('tick', time.ticks_ms() // 100)\n    time.sleep_ms(100)\n",
      to: "main.py")
    func run(_ arguments: String...) throws -> (Int32, String) {
      let result = try tool.run(["run", "main.py"] + arguments)
      return (result.status, result.errors)
    }
    #expect(
      try run("--expect-text", "tick 3") == (0, "vpyboard: TEST PASSED: the firmware printed \"tick 3\"\n"))
    #expect(
      try run("--expect-text", "tick 9", "--fail-text", "tick 2")
        == (1, "vpyboard: TEST FAILED: the firmware printed \"tick 2\"\n"))
    #expect(
      try run("--expect-text", "never", "--timeout", "500")
        == (42, "vpyboard: TIMEOUT: nothing decided the run within 500 ms of board time\n"))
    #expect(
      try run("--expect-text", "never", "--for", "1s")
        == (1, "vpyboard: TEST FAILED: the run ended before the firmware printed \"never\"\n"))
    #expect(try run("--timeout", "nonsense").0 == 2)
    // A last line has no end.
    let prompt = try tool.run("run", "-c", "print('name?', end='')", "--expect-text", "name?")
    #expect(prompt.status == 0)
    #expect(prompt.errors == "vpyboard: TEST PASSED: the firmware printed \"name?\"\n")
    let bad = try tool.run(
      "run", "-c", "import time\nprint('bad', end='')\ntime.sleep(9)", "--fail-text", "bad", "--timeout", "1s"
    )
    #expect(bad.status == 1)
    #expect(try tool.run("run", "-c", "print('x')", "--timeout", "1s").status == 0)
    #expect(try tool.run("run", "-c", "print('x')", "--expect-text", "x").status == 0)
  }

  @Test("A scenario of Wokwi's is done step by step, on a Pico with its diagram")
  func scenario() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(
      """
      import sys, time
      from machine import Pin
      led = Pin(15, Pin.OUT)
      button = Pin(14, Pin.IN, Pin.PULL_UP)
      print('ready')
      while button.value(): time.sleep_ms(1)
      led(1)
      print('pressed')
      print('got', sys.stdin.readline().strip())
      while True: time.sleep_ms(10)
      """, to: "main.py")
    try tool.write(
      """
      {"version": 1, "author": "x", "editor": "wokwi",
       "parts": [{"id": "pico", "type": "wokwi-pi-pico", "attrs": {}},
                 {"id": "btn1", "type": "wokwi-pushbutton", "attrs": {"bounce": "0"}}],
       "connections": [["btn1:1.l", "pico:GP14", "green", []], ["btn1:2.l", "pico:GND.1", "black", []]]}
      """, to: "diagram.json")
    let steps = """
      name: Button
      version: 1
      author: somebody
      at: [1ms after GP15=1: GP2.level=1]
      steps:
        - wait-serial: ready
        - expect-pin: {part-id: pico, name: GP15, expected: 0}
        - name: press it
          set-control:
            part-id: btn1
            control: pressed
            value: 1
        - wait-serial: pressed
        - delay: 10ms
        - expect-pin: {part-id: pico, pin: GP15, value: 1}
        - expect-pin: {part-id: pico, pin: GP2, value: 1}
        - write-serial: "hello\\n"
        - wait-serial: got hello

      """
    try tool.write(steps, to: "test.yaml")
    let arguments = [
      "run", "main.py", "--wiring", "diagram.json", "--scenario", "test.yaml", "--timeout", "5000",
    ]
    let result = try tool.run(arguments)
    #expect(result.output == "ready\npressed\ngot hello\n")
    #expect(result.errors.contains("TEST PASSED: the scenario has been done"))
    #expect(result.status == 0)

    try tool.write(steps.replacing("pin: GP15, value: 1", with: "pin: GP15, value: 0"), to: "test.yaml")
    let failed = try tool.run(arguments)
    #expect(failed.status == 1)
    #expect(
      failed.errors.contains("test.yaml:15: step 6: expect-pin: pico:GP15 is 1, not 0"), "\(failed.errors)")

    try tool.write(steps.replacing("wait-serial: ready", with: "wait-serial: nothing"), to: "test.yaml")
    let late = try tool.run(arguments)
    #expect(late.status == 42)
    #expect(
      late.errors.contains(
        "TIMEOUT: nothing decided the run within 5000 ms of board time; test.yaml:6: step 1: wait-serial is not done"
      ), "\(late.errors)")

    for (step, message) in [
      ("- jump: 3", "test.yaml:3: \"jump\" is no command"), ("- delay: soon", "\"soon\" is no time"),
      ("- take-screenshot: {part-id: x}", "test.yaml:3: take-screenshot takes part-id and save-to"),
      ("- touch: {part-id: x}", "touch is not supported"),
      (
        "- expect-pin: {part-id: btn1, pin: Q, value: 1}",
        "test.yaml:3: step 1: expect-pin: there is no pin btn1:Q (pin, other)"
      ),
      (
        "- set-control: {part-id: btn2, control: pressed, value: 1}",
        "test.yaml:3: step 1: set-control: no part \"btn2\" on this board"
      ),
      (
        "- set-control: {part-id: btn1, control: pressed, value: 2}",
        "btn1.pressed cannot be \"2\": it takes 0 or 1"
      ),
      ("- name: x", "a step needs a command"),
      ("- delay: 1ms\nat: [1s: GP99.level=1]", "test.yaml:4: no part \"GP99\" on this board"),
      ("- delay: 1ms\nat: [soon]", "test.yaml:4: \"soon\" is not a stimulus"),
    ] {
      try tool.write("name: x\nsteps:\n  \(step)\n", to: "test.yaml")
      let refused = try tool.run(arguments)
      #expect(refused.status == 2)
      #expect(refused.errors.contains(message), "\(refused.errors)")
    }
  }

  @Test("Waveforms, transfers, faults, edges and repetition are steps too, each with a timeout of its own")
  func superset() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(
      """
      import time
      from machine import I2C, Pin, Timer
      out = Pin('X1', Pin.OUT, value=0)
      Timer(-1).init(period=5, callback=lambda t: out(1) or time.sleep_us(1000) or out(0))
      bus = I2C('X', freq=100_000)
      while True:
          try:
              bus.writeto(0x40, b'\\xf3')
          except OSError:
              print('nobody')
          time.sleep_ms(20)
      """, to: "main.py")
    func run(_ steps: String) throws -> CommandLineTool.Result {
      try tool.write("steps:\n\(steps)\n", to: "test.yaml")
      return try tool.run(
        "run", "main.py", "--device", "htu21d:room@X9,X10", "--scenario", "test.yaml", "--timeout", "5s")
    }
    let good = try run(
      """
        - wait-pin: {part-id: board, pin: X1, edge: rising}
        - wait-pin-change: {part-id: board, pin: X1}
        - expect-waveform: {part-id: board, pin: X1, for: 500ms, period: 5ms, duty: 20, pulse: 1ms, tolerance: 5}
        - expect-waveform: {part-id: board, pin: X1, never: high, longer-than: 2ms}
        - expect-waveform: {part-id: board, pin: X2, always: low, for: 10ms}
        - repeat:
            times: 2
            steps:
              - expect-i2c: {bus: i2c1, address: 0x40, write: [0xf3]}
              - fault: {part-id: room, control: nak, for: 50ms}
              - wait-serial: {text: nobody, timeout: 100ms}
              - expect-i2c: {address: 0x40, nack: write}
              - expect-i2c: {address: 64, write: "0xf3"}
                timeout: 100ms
        - fault: {part-id: room, control: stuck, value: "sda:low", for: 50ms}
        - delay: 10ms
        - expect-pin: {part-id: board, pin: X10, value: 0}
        - delay: 50ms
        - expect-i2c: {address: 0x40, write: [0xf3]}
          timeout: 100ms
      """)
    #expect(good.status == 0, "\(good.errors)")
    for (step, message) in [
      (
        "- wait-pin: {part-id: b, pin: X2, value: 1, }\n    timeout: 20ms",
        "test.yaml:2: step 1: wait-pin: it was not done within 20 ms"
      ),
      (
        "- expect-waveform: {part-id: b, pin: X1, blinking: 100}",
        "step 1: expect-waveform: b:X1 blinks at 200.0 Hz, not at 100.0 Hz (within 2.0 %)"
      ),
      ("- expect-waveform: {part-id: b, pin: X1, duty: 40, for: 100ms}", "b:X1 has a duty of 2"),
      (
        "- expect-waveform: {part-id: b, pin: X1, pulse: 10us, for: 20ms}",
        "b:X1 has no pulse of 10 µs (within 2.0 %): "
      ),
      ("- expect-waveform: {part-id: b, pin: X1, always: low, for: 20ms}", "b:X1 is high for 1.0"),
      (
        "- expect-i2c: {address: 0x41, write: [1]}\n    timeout: 50ms",
        "step 1: expect-i2c: it was not done within 50 ms"
      ),
      (
        "- repeat: {times: 2, steps: [{expect-pin: {part-id: b, pin: X2, value: 1}}]}",
        "step 1.1, round 1: expect-pin: b:X2 is 0, not 1"
      ),
    ] {
      let failed = try run("  " + step)
      #expect(failed.status == 1, "\(step)")
      #expect(failed.errors.contains(message), "\(step): \(failed.errors)")
    }
    for (step, message) in [
      ("- expect-waveform: {part-id: b, pin: X1}", "expect-waveform takes blinking, duty"),
      ("- expect-i2c: {write: [1]}", "expect-i2c takes address"),
      ("- repeat: {times: 0, steps: [{delay: 1ms}]}", "repeat takes times and steps"),
      ("- repeat: {times: 20000, steps: [{delay: 1ms}]}", "a scenario has at most 10000 steps"),
      (
        "- repeat: {times: 9000, steps: [{write-serial: \(String(repeating: "x", count: 500))}]}",
        "what a repeat types is at most 4194304 bytes"
      ),
      ("- wait-pin: {part-id: b, pin: X1, edge: up}", "wait-pin takes"),
      (
        "- expect-waveform: {part-id: b, pin: X1, duty: 400}",
        "duty cannot be \"400\": it is a number, 0.0 to 100.0"
      ),
      ("- expect-waveform: {part-id: b, pin: X1, duty: 20, for: 0ms}", "for cannot be 0"),
      ("- expect-waveform: {part-id: b, pin: X1, duty: 20, tolerance: -1}", "tolerance cannot be \"-1\""),
      ("- expect-waveform: {part-id: b, pin: X1, period: 0ms}", "period cannot be 0"),
      (
        "- fault: {part-id: room, control: temperature, value: 20}",
        "room.temperature is no fault (nak, slow, temperature_noise, "
      ),
      ("- fault: {part-id: room, control: nak, for: 0ms}", "a fault lasts for some time: for cannot be 0"),
      ("- fault: {part-id: room, control: nak, value: 7}", "room.nak cannot be \"7\": it takes 0 or 1"),
    ] {
      let refused = try run("  " + step)
      #expect(refused.status == 2, "\(step)")
      #expect(refused.errors.contains(message), "\(step): \(refused.errors)")
    }
  }

  @Test("A scenario for a diagram has pressures in pascal, as Wokwi has them") func pressure() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(
      """
      {"parts": [{"id": "pico", "type": "wokwi-pi-pico"},
        {"id": "bmp1", "type": "board-bmp180", "attrs": {"pressure": "100000"}}],
       "connections": [["pico:GP4", "bmp1:SDA", "", []], ["pico:GP5", "bmp1:SCL", "", []]]}
      """, to: "diagram.json")
    for (value, status, message) in [
      ("99000", 0, "TEST PASSED"), ("9900000", 2, "bmp1.pressure cannot be \"99000.0\""),
    ] {
      try tool.write(
        "steps: [{set-control: {part-id: bmp1, control: pressure, value: \(value)}}]", to: "test.yaml")
      let result = try tool.run(
        "run", "-c", "import time; time.sleep(1)", "--wiring", "diagram.json", "--scenario", "test.yaml",
        "--trace", "trace.txt")
      #expect(result.status == status, "\(result.errors)")
      #expect(result.errors.contains(message), "\(result.errors)")
      if status == 0 { #expect(try tool.read("trace.txt").contains("bmp1.pressure 990.0")) }
    }
  }

  @Test(
    "A part of a diagram that has the name of one of the board's is meant by its id, and supplies are parts")
  func names() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(
      """
      import time
      from machine import Pin
      led, button = Pin(2, Pin.OUT), Pin(26, Pin.IN, Pin.PULL_UP)
      while True:
          led(not button())
          time.sleep_ms(1)
      """, to: "main.py")
    try tool.write(
      """
      {"version": 1, "parts": [
        {"id": "pico", "type": "board-pi-pico-w"}, {"id": "r1", "type": "wokwi-resistor", "attrs": {"value": "1000"}},
        {"id": "led1", "type": "wokwi-led"}, {"id": "btn1", "type": "wokwi-pushbutton"}, {"id": "gnd1", "type": "wokwi-gnd"}],
       "connections": [["pico:GP2", "r1:2", "", []], ["r1:1", "led1:A", "", []], ["pico:GND.3", "led1:C", "", []],
        ["pico:GP26", "btn1:1.l", "", []], ["btn1:2.r", "gnd1:GND", "", []]]}
      """, to: "diagram.json")
    try tool.write(
      """
      version: 1
      steps:
        - delay: 10 ms
        - expect-pin: {part-id: led1, pin: A, value: 0}
        - set-control: {part-id: btn1, control: pressed, value: 1}
        - delay: 10ms
        - expect-pin: {part-id: led1, pin: A, value: 1}
        - set-control: {part-id: btn1, control: pressed, value: 0}
        - wait-pin: {part-id: led1, pin: A, value: 0}
      """, to: "test.yaml")
    let result = try tool.run(
      "run", "main.py", "--wiring", "diagram.json", "--scenario", "test.yaml", "--timeout", "1s")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("wireless chip of a Pico W"))
  }
}
