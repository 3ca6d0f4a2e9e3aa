import Synchronization

/// Compiled modules that several interpreters share, so that each source is compiled once: the tests of a file run on a board each.
/// Their boards must be of one kind, as the compiler knows the board (`CompilerTarget`).
package final class CompiledCodeCache: Sendable {
  /// Everything that decides what a module is compiled to.
  struct Key: Hashable {
    var source: [UInt8]
    var file: String
    var singlePrecision: Bool
    var watchesSharedState: Bool
    var notesAssertions: Bool
    var optimisationLevel: Int

    init(source: [UInt8], file: String, _ options: CompilerOptions) {
      self.source = source
      self.file = file
      singlePrecision = options.singlePrecision
      watchesSharedState = options.watchesSharedState
      notesAssertions = options.notesAssertions
      optimisationLevel = options.optimisationLevel
    }
  }

  /// Bytes of source that are kept: tests may write modules that they import.
  private static let capacity = 8 << 20

  private struct Contents {
    var codes: [Key: CompiledCode] = [:]
    var size = 0
  }

  private let contents = Mutex(Contents())

  package init() {}

  /// The code that is kept, or else what `compile` makes.
  func code(
    _ key: Key, compile: () throws(SyntaxProblem) -> CompiledCode
  ) throws(SyntaxProblem) -> CompiledCode {
    if let known = contents.withLock({ $0.codes[key] }) { return known }
    let code = try compile()
    contents.withLock { contents in
      guard contents.size + key.source.count <= Self.capacity else { return }
      contents.size += key.source.count
      contents.codes[key] = code
    }
    return code
  }
}
