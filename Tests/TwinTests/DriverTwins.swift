import Asyncio
import Drivers
import Machine

@Firmware func buttonsTwin(_ board: Board, _ out: Output) async throws {
  @Firmware func say(_ words: Any...) throws {
    let time = (try boardTime().milliseconds + 25) / 50 * 50
    out.print(([time] + words).map { "\($0)" }.joined(separator: " "))
  }
  @Firmware func watch(_ name: String, _ event: Event) {
    createTask {
      while true {
        try await event.wait()
        event.clear()
        try say(name)
      }
    }
  }
  let pin = try board.pins["X1"]
  pin.configure(.input, pull: .up)
  let contact = DebouncedSwitch(pin)
  contact.onClose { try say("switch closed") }
  contact.onOpen {
    try await sleepMs(100)
    try say("switch opened")
  }
  try await sleepMs(3)
  let eswitch = ESwitch(pin)
  watch("eswitch close", eswitch.close)
  watch("eswitch open", eswitch.open)
  var buttons: [(Pushbutton, EButton)] = []
  for suppress in [false, true] {
    let mark = suppress ? 1 : 0
    try await sleepMs(3)
    let button = Pushbutton(pin, suppress: suppress)
    button.onPress { try say("pushbutton press", mark) }
    button.onRelease { try say("pushbutton release", mark) }
    button.onDouble { try say("pushbutton double", mark) }
    button.onLong { try say("pushbutton long", mark) }
    try await sleepMs(3)
    let ebutton = EButton(pin, suppress: suppress)
    let events = [
      ("press", ebutton.press), ("release", ebutton.release), ("double", ebutton.double),
      ("long", ebutton.long),
    ]
    for (name, event) in events { watch("ebutton \(name) \(mark)", event) }
    buttons.append((button, ebutton))
  }
  try await sleep(8)
  let (button, ebutton) = buttons[1]
  out.print(
    contact.level == .high ? 1 : 0, eswitch.isClosed ? 1 : 0, button.isPressed, button.isPressedNow,
    ebutton.isPressed)
}

@Firmware func arraysTwin(_ board: Board, _ out: Output) async throws {
  let rows = [try board.pins["X1"]]
  rows[0].configure(.outputOpenDrain)
  let columns = try ["X5", "X6", "X7"].map { try board.pins[$0] }
  for column in columns { column.configure(.input, pull: .up) }
  let seen = (0..<4).map { _ in Output() }
  let keyboard = Keyboard(rows: rows, columns: columns)
  createTask { for try await code in keyboard { seen[0].print(code, keyboard[code]) } }
  let all: SwArray.Events = [.close, .open, .long, .double]
  for (number, wanted) in [[.close, .open], all, all.union(.suppress)].enumerated() {
    let array = SwArray(rows: rows, columns: columns, events: wanted)
    createTask { for try await (code, event) in array { seen[number + 1].print(code, event.rawValue) } }
  }
  try await sleep(6)
  // Which of them looks first after an edge is chance.
  for output in seen { for line in output.lines { out.print(line) } }
}

@Firmware func encoderTwin(_ board: Board, _ out: Output) async throws {
  let (x, y) = (try board.pins["X1"], try board.pins["X2"])
  x.configure(.input, pull: .up)
  y.configure(.input, pull: .up)
  let limited = try Encoder(x, y, value: 1, division: 4, minimum: -1, maximum: 3) { value, change in
    out.print("callback", value, change)
  }
  createTask { for try await value in limited { out.print("value", value, limited.value) } }
  try await sleep(3)
  out.print(limited.value)
  do { _ = try Encoder(x, y, value: 5, maximum: 3) } catch is EncoderRangeError { out.print("refused") }
}
