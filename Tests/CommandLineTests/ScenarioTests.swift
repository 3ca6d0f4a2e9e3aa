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
    let timedOut = try tool.run(arguments)
    #expect(timedOut.status == 42)
    #expect(timedOut.errors.contains("within 5000 ms of board time; step 1: wait-serial is not done"))

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
}
