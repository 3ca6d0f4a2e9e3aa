import Synchronization

/// Strings from any thread.
final class Lines: Sendable {
  private let contents = Mutex<[String]>([])
  var all: [String] { contents.withLock { $0 } }
  func append(_ line: String) { contents.withLock { $0.append(line) } }
}
