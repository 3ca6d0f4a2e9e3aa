import Foundation
import Synchronization
import Testing
import Timebase

@testable import Asyncio

/// Servers and clients on the host's loopback.
@Suite struct ConnectionTests {
  /// Sends every line back in capitals.
  @Firmware private static func startEcho() async throws -> Server {
    try await startServer("localhost", 0) { reader, writer in
      while true {
        let line = try await reader.readLine()
        if line.isEmpty { break }
        try writer.write(String(decoding: line, as: UTF8.self).uppercased())
        try await writer.drain()
      }
      writer.close()
    }
  }

  @Test func anEchoServerServesSeveralClientsAtOnce() throws {
    let answers = try virtualBoard().run {
      let server = try await Self.startEcho()
      let clients = (0..<5).map { number in
        createTask {
          let (reader, writer) = try await openConnection("127.0.0.1", Int(server.address.port))
          var answers: [String] = []
          for word in ["one", "two"] {
            try writer.write("\(word) \(number)\n")
            try await writer.drain()
            answers.append(String(decoding: try await reader.readLine(), as: UTF8.self))
          }
          writer.close()
          return answers
        }
      }
      let answers = try await gather(clients)
      try server.close()
      try await server.waitClosed()
      return answers
    }
    #expect(answers == (0..<5).map { ["ONE \($0)\n", "TWO \($0)\n"] })
  }

  @Test func aClientThatGetsNoAnswerRunsIntoItsTimeout() throws {
    let (isTimeout, instant) = try virtualBoard().run {
      let server = try await startServer("localhost", 0) { reader, _ in _ = try await reader.readToEnd() }
      let (reader, writer) = try await openConnection("localhost", Int(server.address.port))
      try writer.write("hello\n")
      let began = try boardTime()
      let error = await thrown { try await withTimeout(.milliseconds(50)) { try await reader.readLine() } }
      return (error is TimeoutError, try boardTime() - began)
    }
    #expect(isTimeout)
    #expect(instant >= .milliseconds(49))
  }

  @Test func aCancelledServerTakesNoMoreConnections() throws {
    let number = try virtualBoard().run {
      let server = try await Self.startEcho()
      try server.close()
      try await server.waitClosed()
      let error = await thrown { try await openConnection("localhost", Int(server.address.port)) }
      return (error as? SocketError)?.number
    }
    #expect(number == ECONNREFUSED)
  }

  @Test func aCancelledClientClosesItsConnection() throws {
    let isEndSeen = try virtualBoard().run {
      let isEndSeen = Box(false)
      let server = try await startServer("localhost", 0) { reader, _ in
        isEndSeen.value = try await reader.readToEnd().isEmpty
      }
      let client = createTask {
        let (reader, writer) = try await openConnection("localhost", Int(server.address.port))
        _ = try await reader.readLine()
        try writer.write("never")
      }
      try await sleepMs(10)
      try client.cancel()
      _ = await thrown { try await client.value }
      try await sleepMs(20)
      return isEndSeen.value
    }
    #expect(isEndSeen)
  }

  @Test func theEndOfAConnectionIsTheEndOfItsStream() throws {
    let (bytes, peer, error) = try virtualBoard().run {
      let server = try await startServer("", 0) { _, writer in
        try writer.write([1, 2, 3])
        try await writer.drain()
        writer.close()
      }
      let (reader, writer) = try await openConnection("localhost", Int(server.address.port))
      var buffer: [UInt8] = [0, 0, 0, 0]
      let count = try await reader.read(into: &buffer)
      #expect(try await reader.read(into: &buffer) == 0)
      writer.close()
      let error = await thrown { try await reader.read(1) }
      return (Array(buffer.prefix(count)), writer.peer, error)
    }
    #expect(bytes == [1, 2, 3])
    #expect(peer?.hostText == "127.0.0.1")
    #expect((error as? SocketError)?.number == EBADF)
  }

  @Test(arguments: ["example.org", "192.168.0.1"])
  func nothingButThisMachineCanBeReached(host: String) throws {
    let error = try virtualBoard().run { await thrown { try await openConnection(host, 80) } }
    #expect((error as? SocketError)?.number == EHOSTUNREACH)
  }

  @Test func anotherProgramOfTheHostCanConnect() throws {
    let scheduler = virtualBoard()
    let text = try scheduler.run {
      let received = Box("")
      let isOver = Event()
      let server = try await startServer("localhost", 0) { reader, writer in
        received.value = String(decoding: try await reader.readLine(), as: UTF8.self)
        try writer.write("bye\n")
        try await writer.drain()
        isOver.set()
      }
      let port = server.address.port
      Thread.detachNewThread { Self.sayHello(to: port) }
      try await isOver.wait()
      return received.value
    }
    #expect(text == "hello\n")
  }

  /// A client that knows nothing of boards.
  private static func sayHello(to port: UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    let address = SocketAddress(host: SocketAddress.loopback, port: port)
    guard address.withNative({ connect(descriptor, $0, $1) }) == 0 else { return }
    let bytes = Array("hello\n".utf8)
    _ = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    var room = [UInt8](repeating: 0, count: 8)
    _ = room.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
  }
}
