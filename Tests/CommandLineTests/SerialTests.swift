import Foundation
import Testing

/// A board's console at a pseudo-terminal or a socket, and clients of all kinds at the other end.
@Suite struct SerialTests {
  @Test("the pseudo-terminal is named first, and answers as the board's prompt does")
  func prompt() throws {
    let board = try SerialClient(["repl"])
    #expect(board.name.hasPrefix("/dev/pts/"))
    try board.connect()
    try board.send("\r\u{3}6*7\r")
    try board.read(until: "42\r\n>>> ")
    #expect(board.end() == 143)
  }

  @Test("a link gives the pseudo-terminal a name of its own, which goes with the board")
  func link() throws {
    let board = try SerialClient(["repl"], serial: "pty:tty")
    let link = board.folder.appending(path: "tty").path()
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == board.name)
    try board.connect(to: link)
    try board.send("\r1+1\r")
    try board.read(until: "2\r\n>>> ")
    board.disconnect()
    _ = board.end()
    #expect(!FileManager.default.fileExists(atPath: link))
  }

  @Test("the program runs first; its output and its prompt are at the serial port")
  func program() throws {
    let board = try SerialClient(
      ["run", "main.py"], files: ["main.py": "import time\ntime.sleep(1)\nprint('done')\nx = 5\n"])
    try board.connect()
    try board.send("\rx\r")
    try board.read(until: "5\r\n>>> ")
  }

  @Test("connections, soft resets and interrupts at any time neither hang the board nor lose a byte")
  func endurance() throws {
    let board = try SerialClient(["repl"])
    var random = Randomness(state: 15)
    for round in 0..<60 {
      try board.connect()
      switch random.next(4) {
      case 0:
        try board.send("\r\u{3}\u{2}for i in range(100000): print(i)\r\r")
        usleep(random.next(20_000))
        try board.send("\u{3}")
      case 1: try board.send("\u{1}while True: pass\u{4}")
      case 2: try board.send((0..<random.next(300)).map { _ in UInt8(truncatingIfNeeded: random.next(256)) })
      default: try board.send("\u{1}\u{5}A\u{1}print('half a comm")
      }
      usleep(random.next(20_000))
      if random.next(2) == 0 { try board.connect() }
      // However it was left, a client that does as tools do finds a board that works.
      try board.send("\r\u{3}")
      usleep(1000)
      try board.send("\u{3}")
      try board.enterRawPrompt()
      let text = String(repeating: "0123456789", count: 300)
      let answer = try board.run("print('\(text)', \(round))")
      #expect(answer.output == "\(text) \(round)\r\n")
      #expect(answer.errors == "")
      try board.send("\r\u{2}")
    }
  }

  @Test("a client that never reads does not hold the board up, and the next one finds it")
  func absentReader() throws {
    let board = try SerialClient(["repl"])
    try board.connect()
    try board.send("\r\u{3}\u{1}")
    try board.read(until: "raw REPL; CTRL-B to exit\r\n>")
    try board.send("for i in range(60000): print('0123456789' * 10)\nopen('/flash/done', 'w').close()\u{4}")
    usleep(200_000)
    try board.connect()
    try board.send("\r\u{3}")
    usleep(200_000)
    try board.enterRawPrompt()
    #expect(try board.run("print(1)").output == "1\r\n")
  }

  @Test("a slow client gets every byte")
  func slowReader() throws {
    let board = try SerialClient(["repl"])
    try board.connect()
    try board.enterRawPrompt()
    try board.read(until: ">")
    try board.send("for i in range(20000): print(i)\u{4}")
    try board.read(until: "OK")
    for number in stride(from: 0, to: 20000, by: 1) {
      let line = try board.read(until: "\r\n")
      if line != "\(number)\r\n" {
        #expect(line == "\(number)\r\n")
        break
      }
      if number % 4000 == 0 { usleep(100_000) }
    }
  }

  @Test("rubbish and pastes of megabytes are taken without harm")
  func rubbish() throws {
    let board = try SerialClient(["repl"])
    try board.connect()
    var random = Randomness(state: 7)
    try board.send("\r\u{3}\u{1}")
    try board.send((0..<300_000).map { _ in UInt8(truncatingIfNeeded: 32 + random.next(90)) })
    try board.send("\u{4}")
    try board.read(until: "MemoryError")
    try board.send("\r\u{3}\u{2}\u{5}")
    try board.read(until: "=== ")
    try board.send("x = [" + String(repeating: "1,\r", count: 1_000) + "]\u{4}")
    try board.send("len(x)\r")
    try board.read(until: "1000\r\n>>> ")
  }

  @Test("a socket of this machine is a serial port as well")
  func socket() throws {
    let board = try SerialClient(["repl"], serial: "tcp:0")
    #expect(board.name.hasPrefix("socket://127.0.0.1:"))
    let port = try #require(UInt16(board.name.split(separator: ":").last ?? ""))
    for _ in 0..<3 {
      let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(descriptor) }
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      let isConnected = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
      }
      #expect(isConnected)
      _ = write(descriptor, "\r6*7\r", 5)
      var answer = ""
      var chunk = [UInt8](repeating: 0, count: 4096)
      while !answer.contains("42\r\n>>> ") {
        let count = read(descriptor, &chunk, chunk.count)
        try #require(count > 0)
        answer += String(decoding: chunk[..<count], as: UTF8.self)
      }
    }
  }

  @Test("wrong addresses are told")
  func wrongAddresses() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    for address in ["pty:", "tcp:", "tcp:70000", "usb"] {
      #expect(try tool.run("repl", "--serial", address).status == 2, "\(address)")
    }
  }
}

/// Numbers that are the same in every run.
private struct Randomness {
  var state: UInt64

  mutating func next<Number: BinaryInteger>(_ limit: Number) -> Number {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Number(truncatingIfNeeded: (state >> 33) % UInt64(limit))
  }
}
