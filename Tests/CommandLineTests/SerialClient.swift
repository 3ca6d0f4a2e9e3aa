import Foundation
import Testing

/// A board that runs as a process of its own, and one client at its serial port.
final class SerialClient {
  private let tool: CommandLineTool
  private let process: Process
  private let output = Pipe()
  private let errors: FileHandle
  /// `/dev/pts/N`, or the address of a socket.
  let name: String
  private var descriptor: Int32 = -1
  private var pending: [UInt8] = []

  /// Starts `vpyboard` with a serial port.
  /// - Parameters:
  ///   - serial: where its console is; nil where a device has the port.
  ///   - files: in the folder that it runs in, by path.
  init(_ arguments: [String], serial: String? = "pty", files: [String: String] = [:]) throws {
    tool = try CommandLineTool()
    for (path, text) in files { try tool.write(text, to: path) }
    let log = tool.folder.appending(path: ".errors")
    try Data().write(to: log)
    errors = try FileHandle(forWritingTo: log)
    process = Process()
    process.executableURL = CommandLineTool.products.appending(path: "vpyboard")
    process.arguments = arguments + (serial.map { ["--serial", $0] } ?? [])
    process.currentDirectoryURL = tool.folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    var line: [UInt8] = []
    while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != 0x0a {
      line.append(byte)
    }
    name = String(decoding: line, as: UTF8.self)
  }

  deinit {
    disconnect()
    if process.isRunning { process.terminate() }
    process.waitUntilExit()
    tool.cleanUp()
  }

  var folder: URL { tool.folder }

  /// What the board's process has reported.
  var report: String {
    (try? String(contentsOf: tool.folder.appending(path: ".errors"), encoding: .utf8)) ?? ""
  }

  /// The status with which the process ends; it is asked to end unless it does so by itself.
  func end(asking: Bool = true) -> Int32 {
    if asking { process.terminate() }
    process.waitUntilExit()
    return process.terminationStatus
  }

  func connect(to path: String? = nil) throws {
    disconnect()
    descriptor = open(path ?? name, O_RDWR | O_NOCTTY | O_NONBLOCK)
    try #require(descriptor >= 0, "\(path ?? name): \(String(cString: strerror(errno)))")
    var settings = termios()
    tcgetattr(descriptor, &settings)
    cfmakeraw(&settings)
    tcsetattr(descriptor, TCSANOW, &settings)
    // As pyserial does.
    tcflush(descriptor, TCIFLUSH)
    pending = []
  }

  func disconnect() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  /// Sends everything, and takes in what is answered meanwhile.
  func send(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    let deadline = ContinuousClock.now + .seconds(60 * CommandLineTool.patience)
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, min($0.count, 4096)) }
      if count > 0 { rest = rest.dropFirst(count) } else { wait(for: Int16(POLLOUT | POLLIN)) }
      take()
      try #require(
        ContinuousClock.now < deadline, "the board takes nothing more; \(rest.count) bytes are left")
    }
  }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  /// Reads up to and with a text.
  @discardableResult
  func read(until end: String, seconds: Int = 20) throws -> String {
    let wanted = Array(end.utf8)
    let deadline = ContinuousClock.now + .seconds(Double(seconds) * CommandLineTool.patience)
    var searched = 0
    while true {
      take()
      if let range = pending[max(0, searched - wanted.count)...].firstRange(of: wanted) {
        defer { pending.removeFirst(range.upperBound) }
        return String(decoding: pending[..<range.upperBound], as: UTF8.self)
      }
      searched = pending.count
      try #require(
        ContinuousClock.now < deadline,
        "\(end.debugDescription) did not come, but \(String(decoding: pending.suffix(500), as: UTF8.self).debugDescription); \(report)"
      )
      wait(for: Int16(POLLIN))
    }
  }

  /// Enters the raw prompt with a soft reset, as mpremote does.
  func enterRawPrompt() throws {
    try send("\r\u{3}")
    take()
    pending = []
    try send("\r\u{1}")
    try read(until: "raw REPL; CTRL-B to exit\r\n>")
    try send("\u{4}")
    try read(until: "soft reboot\r\n")
    try read(until: "raw REPL; CTRL-B to exit\r\n")
  }

  /// Runs a command at the raw prompt.
  /// - Returns: what it printed, and its traceback.
  func run(_ command: String) throws -> (output: String, errors: String) {
    try read(until: ">")
    try send(command + "\u{4}")
    try read(until: "OK")
    return (String(try read(until: "\u{4}").dropLast()), String(try read(until: "\u{4}").dropLast()))
  }

  private func wait(for events: Int16) {
    var watched = pollfd(fd: descriptor, events: events, revents: 0)
    _ = poll(&watched, 1, 100)
  }

  private func take() {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      guard count > 0 else { return }
      pending += chunk[..<count]
    }
  }
}
