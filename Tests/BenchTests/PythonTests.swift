import Bench
import Foundation
import Machine
import Testing
import Timebase

/// What came of tests in Python that stand in a folder of their own.
struct PythonTests {
  let results: [TestResult]
  let problems: [CollectionProblem]
  private let folder: URL

  init(
    _ files: [String: String], repeats: Int = 1, jobs: Int = 2, seed: UInt64 = 0,
    limit: Interval = .seconds(5),
    updatesGoldens: Bool = false, in folder: URL? = nil
  ) throws {
    let place = folder ?? FileManager.default.temporaryDirectory.appending(path: "bench-\(UUID().uuidString)")
    self.folder = place
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    for (name, text) in files { try Data(text.utf8).write(to: place.appending(path: name)) }
    defer { if folder == nil { try? FileManager.default.removeItem(at: place) } }
    let collection = try TestCollection([place.path()])
    problems = collection.problems
    var settings = TestSettings(board: try .load("pyboard-v1.1"))
    settings.seed = seed
    settings.limit = limit
    settings.updatesGoldens = updatesGoldens
    var runner = TestRunner(settings: settings)
    runner.jobs = jobs
    let tests = (0..<repeats).flatMap { _ in collection.tests }
    results = try runner.run(tests) { _ in }
  }

  /// The only test.
  init(_ source: String, seed: UInt64 = 0, limit: Interval = .seconds(5)) throws {
    try self.init(["test_it.py": "import bench\n" + source], seed: seed, limit: limit)
  }

  var outcomes: [TestResult.Outcome] { results.map(\.outcome) }

  /// What kept the tests from passing.
  var failures: [String] {
    results.compactMap {
      switch $0.outcome {
      case .passed: nil
      case .failed(let text), .error(let text), .skipped(let text): "\($0.test.name): \(text) \($0.details)"
      }
    } + problems.map(\.description)
  }
}
