import Asyncio
import Drivers
import Machine
import Testing

/// Links between boards, with both ends on one board.
@Suite struct BoardLinkTests {
  @Test("an I2C link carries bytes both ways, more than go at once, and ends when the other end does")
  func i2cLink() throws {
    let lines = try drive([], for: 6000) { board, log in
      for wire in ["X9-Y9", "X10-Y10", "Y1-Y2", "Y3-Y4"] { try board.connect(wire: wire) }
      let controller = try I2CLink(
        .controller, on: board.i2c(1), own: board.pins["Y1"], remote: board.pins["Y4"])
      let target = try I2CLink(.target, on: board.i2c(2), own: board.pins["Y3"], remote: board.pins["Y2"])
      try await controller.ready()
      try await target.ready()
      let sent = (0..<450).map { UInt8($0 % 251) }
      for (from, to) in [(controller, target), (target, controller)] {
        let (writer, reader) = (StreamWriter(from.stream), StreamReader(to.stream))
        try writer.write(sent)
        let sending = createTask { try await writer.drain() }
        #expect(try await reader.readExactly(sent.count) == sent)
        try await sending.value
      }
      try log.add("sent")
      try controller.end()
      #expect(try await StreamReader(target.stream).read(1) == [])
      #expect(target.failure as? I2CLink.Failure == .noAnswer)
      #expect(throws: I2CLink.Failure.ended) { try StreamWriter(target.stream).write("x") }
      await #expect(throws: I2CLink.Failure.noAnswer) { try await target.ready() }
    }
    #expect(lines.count == 1)
  }

  @Test("a synchronous link carries messages both ways at once, in order, and times out")
  func synchronousLink()
    throws
  {
    _ = try drive([], for: 6000) { board, _ in
      for wire in ["Y1-Y2", "Y3-Y4", "Y5-Y6", "Y7-Y8"] { try board.connect(wire: wire) }
      let first = try SynchronousLink(
        .initiator, clockIn: board.pins["Y4"], clockOut: board.pins["Y1"], dataIn: board.pins["Y8"],
        dataOut: board.pins["Y5"], timeout: .milliseconds(100))
      let second = try SynchronousLink(
        .passive, clockIn: board.pins["Y2"], clockOut: board.pins["Y3"], dataIn: board.pins["Y6"],
        dataOut: board.pins["Y7"])
      try await first.ready()
      try await second.ready()
      let messages = ["one", "\u{7F}\u{1}", String(repeating: "long ", count: 30)]
      for message in messages {
        try first.send(message)
        try second.send(message + "!")
      }
      for message in messages {
        #expect(try await second.receive() == message)
        #expect(try await first.receive() == message + "!")
      }
      #expect(throws: SynchronousLink.Failure.notASCII("é")) { try first.send("é") }
      try second.end()
      await #expect(throws: SynchronousLink.Failure.noAnswer) { try await first.receive() }
      await #expect(throws: SynchronousLink.Failure.ended) { try await second.receive() }
    }
  }
}
