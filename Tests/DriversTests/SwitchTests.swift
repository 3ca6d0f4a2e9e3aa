import Asyncio
import Drivers
import Machine
import Testing

@Suite struct SwitchTests {
  @Test func aSwitchCallsFunctionsAndRunsCoroutines() throws {
    let lines = try drive(presses(of: "X1", (at: 120, for: 100), (at: 420, for: 60)), for: 1000) {
      board, log in
      let pin = try board.pins["X1"]
      pin.configure(.input, pull: .up)
      let contact = DebouncedSwitch(pin)
      contact.onClose { try log.add("closed \(contact.level)") }
      contact.onOpen {
        try log.add("open")
        try await sleepMs(30)
        try log.add("later")
        try contact.end()
      }
    }
    #expect(lines == ["150 closed low", "250 open", "280 later"])
  }

  @Test func anESwitchSetsEvents() throws {
    let lines = try drive(presses(of: "X1", (at: 120, for: 100)), for: 1000) { board, log in
      let pin = try board.pins["X1"]
      pin.configure(.input, pull: .up)
      let contact = ESwitch(pin)
      try log.add("\(contact.isClosed)")
      try await contact.close.wait()
      try log.add("\(contact.isClosed)")
      try await contact.open.wait()
      try log.add("\(contact.isClosed)")
      try contact.end()
      #expect(!contact.close.isSet && !contact.open.isSet)
    }
    #expect(lines == ["0 false", "150 true", "250 false"])
  }

  /// What happens to a button, and what its events say.
  @Test(arguments: [
    (false, ["50 press", "150 release"], ["50 press", "1050 long", "1550 release"]),
    (true, ["450 press", "450 release"], ["1050 long", "1550 release"]),
  ])
  func anEButtonTellsShortFromLong(suppress: Bool, short: [String], long: [String]) throws {
    for (held, expected) in [(80, short), (1480, long)] {
      let lines = try drive(presses(of: "X1", (at: 30, for: held)), for: 3000) { board, log in
        try watch(try eButton(board, suppress: suppress), log)
      }
      #expect(lines == expected)
    }
  }

  @Test(arguments: [
    (false, ["50 press", "150 release", "250 press", "250 double", "350 release"]),
    (true, ["250 double", "350 release"]),
  ])
  func anEButtonTellsDoublePresses(suppress: Bool, expected: [String]) throws {
    let lines = try drive(presses(of: "X1", (at: 30, for: 80), (at: 230, for: 80)), for: 3000) { board, log in
      try watch(try eButton(board, suppress: suppress), log)
    }
    #expect(lines == expected)
  }

  /// Of a normally closed button: pressed is high.
  @Test func aButtonsRestLevelIsWhatItBeginsWith() throws {
    let lines = try drive(["100ms:pin=X1:1", "200ms:pin=X1:0"], for: 1000) { board, log in
      let pin = try board.pins["X1"]
      pin.configure(.input, pull: .down)
      let button = Pushbutton(pin)
      button.onPress { try log.add("press \(button.isPressed) \(button.isPressedNow)") }
      button.onRelease { try log.add("release") }
    }
    #expect(lines == ["100 press true true", "200 release"])
  }

  @Test(arguments: [
    (
      false,
      ["50 press", "150 release", "750 press", "850 release", "950 press", "950 double", "1050 release"]
    ),
    (true, ["50 press", "450 release", "750 press", "950 press", "950 double"]),
  ])
  func aPushbuttonTellsDoublePresses(suppress: Bool, expected: [String]) throws {
    let stimuli = presses(of: "X1", (at: 30, for: 80), (at: 730, for: 80), (at: 930, for: 80))
    let lines = try drive(stimuli, for: 3000) { board, log in
      let button = try pushbutton(board, suppress: suppress)
      button.onPress { try log.add("press") }
      button.onRelease { try log.add("release") }
      button.onDouble { try log.add("double") }
    }
    #expect(lines == expected)
  }

  @Test(arguments: [
    (false, ["50 press", "150 release", "550 press", "1550 long", "2050 release"]),
    (true, ["50 press", "150 release", "550 press", "1550 long"]),
  ])
  func aPushbuttonTellsLongPresses(suppress: Bool, expected: [String]) throws {
    let lines = try drive(presses(of: "X1", (at: 30, for: 80), (at: 530, for: 1480)), for: 3000) {
      board, log in
      let button = try pushbutton(board, suppress: suppress)
      let (press, release) = (button.pressEvent(), button.releaseEvent())
      for (name, event) in [("press", press), ("release", release)] {
        createTask {
          while true {
            try await event.wait()
            event.clear()
            try log.add(name)
          }
        }
      }
      button.onLong { try log.add("long") }
    }
    #expect(lines == expected)
  }

  @Test("A Pushbutton sets events at double and long presses, until they are ignored")
  func aPushbuttonSetsEvents() throws {
    let stimuli = presses(
      of: "X1", (at: 30, for: 80), (at: 230, for: 80), (at: 1030, for: 1200), (at: 3030, for: 80),
      (at: 3230, for: 80), (at: 4030, for: 1200))
    let lines = try drive(stimuli, for: 7000) { board, log in
      let button = try pushbutton(board, suppress: false)
      let (double, long) = (button.doubleEvent(), button.longEvent())
      try await double.wait()
      try log.add("double")
      try await long.wait()
      try log.add("long")
      double.clear()
      long.clear()
      button.ignoreDouble()
      button.ignoreLong()
      try await sleepMs(4000)
      try log.add("\(double.isSet) \(long.isSet)")
    }
    #expect(lines == ["250 double", "2050 long", "6050 false false"])
  }

  @Test func aPushbuttonThatEndedCallsNothing() throws {
    let lines = try drive(presses(of: "X1", (at: 30, for: 80)), for: 1000) { board, log in
      let button = try pushbutton(board, suppress: false)
      button.onPress { try log.add("press") }
      try button.end()
    }
    #expect(lines == [])
  }
}

@Firmware private func pushbutton(_ board: Board, suppress: Bool) throws -> Pushbutton {
  let pin = try board.pins["X1"]
  pin.configure(.input, pull: .up)
  return Pushbutton(pin, suppress: suppress)
}

@Firmware private func eButton(_ board: Board, suppress: Bool) throws -> EButton {
  let pin = try board.pins["X1"]
  pin.configure(.input, pull: .up)
  return EButton(pin, suppress: suppress)
}

/// Writes down what the button's events say.
@Firmware private func watch(_ button: EButton, _ log: Log) throws {
  for (name, event) in [
    ("press", button.press), ("double", button.double), ("long", button.long), ("release", button.release),
  ] {
    createTask {
      while true {
        try await event.wait()
        event.clear()
        try log.add(name)
      }
    }
  }
}
