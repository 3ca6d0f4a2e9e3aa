import Asyncio
import Machine
import Session
import Timebase

/// A half-duplex line as modems with AT commands use it: the master on UART 2 sends a command, the device on UART 4 answers
/// with some lines, and a pause of four seconds tells the master that no more will come. In Python: auart_hd.py
@main struct AUARTHalfDuplex: FirmwareProgram {
  static let abstract = "A half-duplex line with an AT-style device; run with --wire X1-X4 --wire X2-X3."

  @Firmware static func run(on board: Board) async throws {
    print("This test takes 10s to complete.")
    let device = try Line(board.uart(4))
    createTask { try await answer(on: device) }
    let master = Master(try Line(board.uart(2)))
    for command in ["Run", nil] {
      print()
      let answer = try await master.send(command: command)
      guard !answer.isEmpty else {
        print("Timed out waiting for result.")
        continue
      }
      print("Result is:")
      for line in answer { print(line) }
    }
  }

  /// The device: answers whatever it is sent.
  @Firmware private static func answer(on line: Line) async throws {
    while true {
      _ = try await line.receive()
      for text in ["Line 1", "Line 2", "Line 3", "Goodbye"] {
        try await line.send(text)
        try await sleepMs(300)  // it takes its time
      }
    }
  }
}

/// One end of a serial line that carries lines of text.
@Firmware private final class Line {
  private let reader: StreamReader
  private let writer: StreamWriter

  init(_ uart: UART) throws {
    try uart.start(UARTSettings(baudRate: 9600))
    reader = StreamReader(uart)
    writer = StreamWriter(uart)
  }

  func send(_ text: String) async throws {
    try writer.write(text + "\r\n")
    try await writer.drain()
  }

  /// The next line, without its end.
  func receive() async throws -> String {
    let bytes = try await reader.readLine()
    return String(decoding: bytes.filter { $0 != 0x0D && $0 != 0x0A }, as: UTF8.self)
  }
}

@Firmware private final class Master {
  private static let pause = Interval.seconds(4)

  private let line: Line
  private var answer: [String] = []
  private var deadline = Instant.powerOn

  init(_ line: Line) {
    self.line = line
    createTask { [self] in
      while true {
        answer.append(try await line.receive())
        try extendDeadline()
      }
    }
  }

  /// Sends a command, or nothing, and returns the lines of the answer.
  func send(command: String?) async throws -> [String] {
    answer = []
    if let command {
      try await line.send(command)
      print("Command sent:", command)
    } else {
      print("Timeout test.")
    }
    try extendDeadline()
    while try boardTime() < deadline { try await sleepMs(100) }
    return answer
  }

  private func extendDeadline() throws { deadline = try boardTime() + Self.pause }
}
