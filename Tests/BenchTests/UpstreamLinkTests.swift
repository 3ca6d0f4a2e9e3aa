import Bench
import Drivers
import Foundation
import Synchronization
import Testing

/// Links in Swift on one board against those of micropython-async, unmodified, on the other. They run where a checkout of it is at hand:
/// `MICROPYTHON_ASYNC` names its folder v3.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["MICROPYTHON_ASYNC"] != nil))
struct UpstreamLinkTests {
  /// Boards `main` and `b` with these wires between them, with a program on `b` that finds the drivers.
  private func bench(_ wires: [(String, String)], _ source: String) throws -> (Bench, BenchBoard) {
    let upstream = URL(filePath: ProcessInfo.processInfo.environment["MICROPYTHON_ASYNC"] ?? "")
      .appending(path: "as_drivers")
    let folder = FileManager.default.temporaryDirectory.appending(path: "links-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: upstream, to: folder.appending(path: "as_drivers"))
    try FileManager.default.copyItem(
      at: upstream.appending(path: "syncom/syncom.py"), to: folder.appending(path: "syncom.py"))
    try Data(source.utf8).write(to: folder.appending(path: "main.py"))
    let bench = try Bench()
    let b = try bench.add("b")
    for (from, to) in wires { try bench.wire(from, "b.\(to)") }
    try b.start(file: folder.path())
    // It has imported them by then.
    try bench.advance(until: .powerOn + .milliseconds(100))
    return (bench, b)
  }

  private static let bus = [("X9", "X9"), ("X10", "X10"), ("Y11", "Y11"), ("Y12", "Y12")]

  private final class Log: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
  }

  /// Sends three words over an I2C link to a program that answers each in capital letters.
  private func talk(
    to python: String, as end: I2CLink.End, own: String, remote: String, within interval: Interval
  ) throws {
    let (bench, b) = try bench(Self.bus, python)
    let log = Log()
    bench.main.start { board in
      let link = try I2CLink(end, on: board.i2c(1), own: board.pins[own], remote: board.pins[remote])
      try await link.ready()
      let (reader, writer) = (StreamReader(link.stream), StreamWriter(link.stream))
      for word in ["one", "two", "three"] {
        try writer.write("\(word)\n")
        try await writer.drain()
        log.add(String(decoding: try await reader.readLine(), as: UTF8.self))
      }
    }
    try bench.advance(until: .powerOn + interval)
    #expect(
      log.all == ["ONE\n", "TWO\n", "THREE\n"], "\(b.state) \(bench.main.state) \(bench.main.findings)")
  }

  @Test("an I2C link talks to asi2c's Responder") func responder() throws {
    let python = """
      import asyncio
      from machine import I2C, Pin
      from as_drivers.i2c.asi2c import Responder
      chan = Responder(I2C(1), Pin('Y11'), Pin('Y12'), verbose=False)
      async def main():
          await chan.ready()
          reader, writer = asyncio.StreamReader(chan), asyncio.StreamWriter(chan, {})
          for _ in range(3):
              line = await reader.readline()
              writer.write(line.upper())
              await writer.drain()
          await asyncio.sleep(1)
      asyncio.run(main())
      """
    try talk(to: python, as: .target, own: "Y11", remote: "Y12", within: .seconds(5))
  }

  @Test("an I2C link talks to asi2c's Initiator") func initiator() throws {
    let python = """
      import asyncio
      from machine import Pin
      from pyb import I2C
      from as_drivers.i2c.asi2c_i import Initiator
      async def main():
          chan = Initiator(I2C(1, mode=I2C.SLAVE), Pin('Y11'), Pin('Y12'), verbose=False)
          await chan.ready()
          reader, writer = asyncio.StreamReader(chan), asyncio.StreamWriter(chan, {})
          for _ in range(3):
              line = await reader.readline()
              writer.write(line.upper())
              await writer.drain()
          await asyncio.sleep(1)
      asyncio.run(main())
      """
    try talk(to: python, as: .controller, own: "Y12", remote: "Y11", within: .seconds(8))
  }

  @Test("a synchronous link talks to SynCom in its string mode", arguments: [false, true]) func syncom(
    isPassive: Bool
  ) throws {
    let python = """
      import asyncio
      from machine import Pin
      from syncom import SynCom
      dout, ckout = Pin('Y5', Pin.OUT, value=0), Pin('Y6', Pin.OUT, value=0)
      chan = SynCom(\(isPassive ? "False" : "True"), Pin('Y8', Pin.IN), ckout, Pin('Y7', Pin.IN), dout, string_mode=True, verbose=False)
      async def answer(chan):
          for _ in range(3):
              chan.send((await chan.await_obj()).upper())
          await asyncio.sleep(1)
      asyncio.run(chan.start(answer))
      """
    let (bench, b) = try bench([("Y5", "Y7"), ("Y6", "Y8"), ("Y7", "Y5"), ("Y8", "Y6")], python)
    let log = Log()
    bench.main.start { board in
      let link = try SynchronousLink(
        isPassive ? .passive : .initiator, clockIn: board.pins["Y8"], clockOut: board.pins["Y6"],
        dataIn: board.pins["Y7"], dataOut: board.pins["Y5"])
      try await link.ready()
      for word in ["one", "two", "three"] {
        try link.send(word)
        log.add(try await link.receive())
      }
    }
    try bench.advance(until: .powerOn + .seconds(3))
    #expect(log.all == ["ONE", "TWO", "THREE"], "\(b.state) \(bench.main.state) \(bench.main.findings)")
  }
}
