import MicroPython

/// One test that was found in a file.
public struct TestCase: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case function
    case coroutine
    /// A method of a `unittest.TestCase`.
    case method(className: String, isAsync: Bool)
  }

  /// As the user named it, or below the folder that was named.
  public var file: String
  /// The function's or method's.
  public var function: String
  public var line: Int
  public var kind: Kind
  /// Counted from 1, with `--repeat`.
  public var round = 1

  /// `test_button.py::TestPress::test_short`
  public var id: String { "\(file)::\(name)" }

  /// Within its file.
  public var name: String {
    if case .method(let className, _) = kind { "\(className)::\(function)" } else { function }
  }
}

/// A file of tests that could not be read, or has nothing that could run.
public struct CollectionProblem: Error, Sendable, CustomStringConvertible {
  public var file: String
  public var line: Int?
  public var message: String
  public var description: String { "\(file)\(line.map { ":\($0)" } ?? ""): \(message)" }
}

/// Finds tests: `test_*.py` in folders, and in them `test_*` functions and the `test*` methods of `unittest` classes. Nothing is
/// run for that.
public struct TestCollection: Sendable {
  public private(set) var tests: [TestCase] = []
  public private(set) var problems: [CollectionProblem] = []

  /// - Parameter paths: files, whatever they are called, and folders, with all below them.
  /// - Throws: for a path at which nothing is.
  public init(_ paths: [String]) throws(CollectionProblem) {
    for path in paths {
      // FILE::NAME, as a failure names a test.
      let parts = path.split(separator: ":", omittingEmptySubsequences: true).map(String.init)
      let file = parts.first ?? path
      let names = parts.dropFirst().joined(separator: "::")
      if HostFile.isFolder(file) {
        collect(folder: file)
      } else if HostFile.isFile(file) {
        let before = tests.count
        collect(file: file)
        if !names.isEmpty {
          tests =
            tests[..<before] + tests[before...].filter { $0.name == names || $0.name.hasPrefix(names + "::") }
          if tests.count == before, problems.isEmpty {
            throw CollectionProblem(file: file, message: "there is no test \(names)")
          }
        }
      } else {
        throw CollectionProblem(file: path, message: "there is no such file or folder")
      }
    }
    keepLast()
  }

  private mutating func collect(folder: String) {
    let prefix = folder == "." ? "" : folder.hasSuffix("/") ? folder : folder + "/"
    for name in HostFile.names(in: folder) ?? [] where !name.hasPrefix(".") {
      let path = prefix + name
      if HostFile.isFolder(path) {
        collect(folder: path)
      } else if name.hasPrefix("test_"), name.hasSuffix(".py") {
        collect(file: path)
      }
    }
  }

  private mutating func collect(file: String) {
    guard let source = HostFile.read(file) else {
      return problems.append(CollectionProblem(file: file, message: "could not be read"))
    }
    let outline: SourceOutline
    do throws(SourceOutlineError) { outline = try SourceOutline(source, file: file) } catch {
      return problems.append(
        CollectionProblem(file: file, line: error.line, message: "SyntaxError: \(error.message)"))
    }
    for function in outline.functions where function.name.hasPrefix("test_") {
      guard function.requiredParameters.isEmpty else {
        let names = function.requiredParameters.joined(separator: ", ")
        problems.append(
          CollectionProblem(
            file: file, line: function.line,
            message:
              "\(function.name) takes parameters (\(names)); a test takes none: `import bench` gives it what it needs"
          ))
        continue
      }
      add(function, function.isAsync ? .coroutine : .function, file)
    }
    for type in outline.classes where Self.isTestCase(type, outline) {
      for method in Self.methods(of: type, outline) {
        add(method, .method(className: type.name, isAsync: method.isAsync), file)
      }
    }
  }

  /// Leaves the last of those that have the same name: a file may define a function again, and be named twice.
  private mutating func keepLast() {
    var seen: Set<String> = []
    tests = tests.reversed().filter { seen.insert($0.id).inserted }.reversed()
  }

  private mutating func add(_ function: SourceOutline.Function, _ kind: TestCase.Kind, _ file: String) {
    tests.append(TestCase(file: file, function: function.name, line: function.line, kind: kind))
  }

  private static func isTestCase(_ type: SourceOutline.Class, _ outline: SourceOutline, depth: Int = 0)
    -> Bool
  {
    type.bases.contains { base in
      if base == "TestCase" || base.hasSuffix(".TestCase") { return true }
      guard depth < 20, let known = outline.classes.last(where: { $0.name == base }) else { return false }
      return isTestCase(known, outline, depth: depth + 1)
    }
  }

  /// Its own, after those that it inherits from classes of the file.
  private static func methods(
    of type: SourceOutline.Class, _ outline: SourceOutline, depth: Int = 0
  ) -> [SourceOutline.Function] {
    var methods: [SourceOutline.Function] = []
    for base in type.bases where depth < 20 {
      guard let known = outline.classes.last(where: { $0.name == base }) else { continue }
      methods += self.methods(of: known, outline, depth: depth + 1)
    }
    for method in type.methods where method.name.hasPrefix("test") {
      methods.removeAll { $0.name == method.name }
      methods.append(method)
    }
    return methods
  }
}
