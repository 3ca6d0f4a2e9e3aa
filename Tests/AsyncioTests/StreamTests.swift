import Foundation
import Testing
import Timebase

@testable import Asyncio

/// A wire that carries one byte each millisecond and takes four at a time.
private final class Wire: ByteStream {
  private var arrived: [UInt8] = []
  private var isClosed = false
  private(set) var written: [UInt8] = []
  private var space = 4

  init(clock: Clock, carrying text: String) {
    var instant = clock.now
    for byte in text.utf8 {
      instant += .milliseconds(1)
      clock.schedule(at: instant) { self.arrived.append(byte) }
    }
    clock.schedule(at: instant + .milliseconds(1)) { self.isClosed = true }
    clock.schedule(at: instant + .milliseconds(2)) { self.space = 100 }
  }

  func poll(_ wanted: PollEvents) -> PollEvents {
    var ready: PollEvents = []
    if !arrived.isEmpty || isClosed { ready.insert(.readable) }
    if space > 0 { ready.insert(.writable) }
    return ready.intersection(wanted)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    if arrived.isEmpty { return isClosed ? 0 : nil }
    let count = min(buffer.count, arrived.count)
    buffer.copyBytes(from: arrived.prefix(count))
    arrived.removeFirst(count)
    return count
  }

  func write(_ bytes: UnsafeRawBufferPointer) -> Int? {
    if space == 0 { return nil }
    let count = min(space, bytes.count)
    written += bytes.prefix(count)
    space -= count
    return count
  }
}

@Suite struct StreamTests {
  @Test func readersWaitForBytesAndLines() throws {
    let scheduler = virtualBoard()
    nonisolated(unsafe) let wire = Wire(clock: scheduler.clock, carrying: "ab\ncde")
    let lines = try scheduler.run {
      let log = Log()
      let reader = StreamReader(wire)
      try log.add(String(decoding: try await reader.readLine(), as: UTF8.self))
      try log.add(String(decoding: try await reader.readExactly(2), as: UTF8.self))
      try log.add(String(decoding: try await reader.readToEnd(), as: UTF8.self))
      let errorAtEnd = await thrown { try await reader.readExactly(1) }
      #expect(errorAtEnd is EndOfStreamError)
      return log.lines
    }
    #expect(lines == ["3 ab\n", "5 cd", "7 e"])
  }

  @Test func drainWaitsForTheDevice() throws {
    let scheduler = virtualBoard()
    nonisolated(unsafe) let wire = Wire(clock: scheduler.clock, carrying: "")
    let time = try scheduler.run {
      let writer = StreamWriter(wire)
      try writer.write("123456")
      #expect(wire.written == Array("1234".utf8))
      try await writer.drain()
      return try boardTime().milliseconds
    }
    #expect(time == 2)
    #expect(wire.written == Array("123456".utf8))
  }

  @Test func oneReaderAtATime() throws {
    let scheduler = virtualBoard()
    nonisolated(unsafe) let wire = Wire(clock: scheduler.clock, carrying: "x")
    try scheduler.run {
      let first = createTask { try await StreamReader(wire).read(1) }
      try await sleepMs(0)
      let secondError = await thrown { try await StreamReader(wire).read(1) }
      #expect(secondError as? SchedulerError == .streamBusy)
      #expect(try await first.value == [0x78])
    }
  }

  @Test func aFlagSetByAnEventWakesOneTaskAndClearsItself() throws {
    let scheduler = virtualBoard()
    let flag = ThreadSafeFlag()
    for time in [10, 11, 30] {
      scheduler.clock.schedule(at: .powerOn + .milliseconds(time)) { flag.set() }
    }
    let lines = try scheduler.run {
      let log = Log()
      for _ in 0..<3 {
        try await flag.wait()
        try log.add("woken")
      }
      flag.set()
      flag.clear()
      let errorWhenLate = await thrown { try await waitForMs(5) { try await flag.wait() } }
      #expect(errorWhenLate is TimeoutError)
      return log.lines
    }
    #expect(lines == ["10 woken", "11 woken", "30 woken"])
  }

  @Test func aFlagIsSetFromAnotherThread() throws {
    let scheduler = Scheduler(clock: Clock(mode: .host))
    let flag = ThreadSafeFlag()
    let isOver = ThreadSafeFlag()
    Thread.detachNewThread { while !isOver.isSet { flag.set() } }
    defer { isOver.set() }
    try scheduler.run { for _ in 0..<100 { try await flag.wait() } }
  }
}
