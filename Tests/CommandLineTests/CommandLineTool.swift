import Foundation
import Testing

/// Runs a built executable of this package as a user would, in an empty folder of its own.
struct CommandLineTool {
  /// What a run left behind.
  struct Result {
    var status: Int32
    var output: String
    var errors: String
    /// Wall time from start to exit, in seconds.
    var duration: Double
  }

  let name: String
  /// The folder that it runs in; deleted with `cleanUp`.
  let folder: URL

  /// The package's own folder.
  static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Where executables are built: the test runner lies there too. Others can be tested in their place (tools/test-pi).
  static let products: URL = {
    if let others = ProcessInfo.processInfo.environment["VPYBOARD_PRODUCTS"] { return URL(filePath: others) }
    let runner = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    return runner.deletingLastPathComponent()
  }()

  /// How many times as long as otherwise things may take: programs are slow on an emulated processor (tools/test-pi), and with
  /// a sanitizer (tools/test-threads).
  static let patience =
    ProcessInfo.processInfo.environment["VPYBOARD_PATIENCE"].flatMap { Double($0) } ?? 1

  init(_ name: String = "vpyboard") throws {
    self.name = name
    folder = FileManager.default.temporaryDirectory.appending(path: "vpyboard-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func cleanUp() { try? FileManager.default.removeItem(at: folder) }

  /// Writes a file into the folder.
  func write(_ text: String, to path: String) throws {
    let url = folder.appending(path: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  /// What a file of the folder holds.
  func read(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appending(path: path)), as: UTF8.self)
  }

  /// Runs to the end.
  /// - Parameter limit: seconds after which it is ended, and fails the test; `patience` lengthens them.
  func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:], limit: Double = 60
  ) throws -> Result {
    let (process, files) = try start(arguments, input: input, environment: environment)
    return try finish(process, files, limit: limit)
  }

  func run(_ arguments: String..., input: String = "") throws -> Result { try run(arguments, input: input) }

  /// Runs another program in the folder.
  /// - Parameter limit: seconds after which it is ended, and fails the test; `patience` lengthens them.
  func run(
    program: String, _ arguments: [String], environment: [String: String] = [:], limit: Double = 60
  ) throws -> Result {
    let (process, files) = try start(
      arguments, of: URL(filePath: program), environment: environment)
    return try finish(process, files, limit: limit)
  }

  /// Starts a run whose output goes to files in the folder.
  /// - Parameter program: another than the executable of this package.
  func start(
    _ arguments: [String], of program: URL? = nil, input: String = "", environment: [String: String] = [:]
  ) throws -> (Process, RunFiles) {
    let files = try RunFiles(folder: folder, input: input)
    let process = Process()
    process.executableURL = program ?? Self.products.appending(path: name)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = files.input
    process.standardOutput = files.output
    process.standardError = files.errors
    files.started = .now
    try process.run()
    return (process, files)
  }

  func finish(_ process: Process, _ files: RunFiles, limit: Double = 60) throws -> Result {
    // Weak, because a work item that is cancelled stays in the queue until its time, with what it holds: descriptors here.
    let guardian = DispatchWorkItem { [weak process] in process?.terminate() }
    DispatchQueue.global().asyncAfter(deadline: .now() + limit * Self.patience, execute: guardian)
    process.waitUntilExit()
    let duration = ContinuousClock.now - files.started
    guardian.cancel()
    files.close()
    // A run that had to be ended shows as such.
    let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    return Result(
      status: status, output: try files.text("stdout"), errors: try files.text("stderr"),
      duration: Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18)
  }

  /// The files that a run is connected to.
  final class RunFiles {
    let input: FileHandle
    let output: FileHandle
    let errors: FileHandle
    var started = ContinuousClock.now
    private let folder: URL

    fileprivate init(folder: URL, input text: String) throws {
      let folder = folder.appending(path: ".run-\(UUID().uuidString)")
      self.folder = folder
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      func file(_ name: String, _ content: String = "") throws -> URL {
        let url = folder.appending(path: name)
        try Data(content.utf8).write(to: url)
        return url
      }
      input = try FileHandle(forReadingFrom: file("stdin", text))
      output = try FileHandle(forWritingTo: file("stdout"))
      errors = try FileHandle(forWritingTo: file("stderr"))
    }

    func close() { for file in [input, output, errors] { try? file.close() } }

    func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
    }
  }
}
