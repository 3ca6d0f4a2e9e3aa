import Foundation
import MicroPythonPort
import Testing

/// docs/compatibility.md is complete: what a Pyboard V1.1 has and the emulator has not stands there.
@Suite struct BoardNameTests {
  /// The names of the table "Names that are missing", as `module.name` or `module.Class.name`.
  private func documentedNames() throws -> Set<String> {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../docs/compatibility.md").standardizedFileURL
    let text = try String(contentsOf: file, encoding: .utf8)
    let section = text.components(separatedBy: "## Names that are missing").last ?? ""
    var names: Set<String> = []
    for line in section.split(separator: "\n").prefix(while: { !$0.hasPrefix("## ") })
    where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count >= 2 else { continue }
      let owner = cells[0].trimmingCharacters(in: ["`"])
      for name in cells[1].split(separator: " ") {
        names.insert(owner + "." + name.trimmingCharacters(in: ["`", ","]))
      }
    }
    return names
  }

  @Test("docs/compatibility.md and the line behind a traceback know the same missing names")
  func table() throws {
    var names: Set<String> = []
    for (owner, list) in MissingNames.all {
      for name in list.split(whereSeparator: \.isWhitespace) { names.insert("\(owner).\(name)") }
    }
    #expect(names.symmetricDifference(try documentedNames()).sorted() == [])
  }

  @Test(
    "a name that a Pyboard has and the emulator has not is told behind the traceback",
    arguments: [
      ("import lwip", "lwip"), ("from lwip import reset", "lwip"),
    ])
  func diagnostic(statement: String, name: String) throws {
    let run = try FirmwareRun(statement)
    #expect(
      run.diagnostics.contains { $0.contains("not-emulated") && $0.contains("a Pyboard has \(name),") },
      "\(run.diagnostics) \(run.end)")
    #expect(try FirmwareRun("import pyb; pyb.Nonsense").diagnostics == [])
  }

  /// `dir()` of a module or class, empty when it is missing.
  private func names(of owners: [String]) throws -> [String: Set<String>] {
    let run = try FirmwareRun(
      """
      for path in \(owners.description.replacing("\"", with: "'")):
          parts = path.split('.')
          try:
              found = __import__(parts[0])
              for part in parts[1:]:
                  found = getattr(found, part)
              print(path, ' '.join(dir(found)))
          except (ImportError, AttributeError):
              pass
      """)
    var names: [String: Set<String>] = [:]
    for line in run.output.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      names[words[0]] = Set(words.dropFirst())
    }
    return names
  }

  @Test("Every name that a Pyboard V1.1 has is there, or docs/compatibility.md says that it is missing")
  func completeness() throws {
    let documented = try documentedNames()
    let found = try names(of: BoardNames.pyboard.map(\.key))
    var undocumented: [String] = []
    for (owner, list) in BoardNames.pyboard {
      // A class that is missing as a whole is missing in its module.
      guard let names = found[owner] else {
        if !owner.contains(".") { undocumented.append(owner) }
        continue
      }
      for name in list.split(whereSeparator: \.isWhitespace).map(String.init)
      where !names.contains(name) && !documented.contains(owner + "." + name) {
        undocumented.append(owner + "." + name)
      }
    }
    #expect(undocumented.sorted() == [])
  }

  @Test(
    "Every module that a Pyboard V1.1 has can be imported, or docs/compatibility.md says that it is missing")
  func modules() throws {
    let modules = BoardNames.modules.split(whereSeparator: \.isWhitespace).map(String.init)
    let documented = try documentedNames()
    let found = try names(of: modules)
    #expect(modules.filter { found[$0] == nil && !documented.contains("modules." + $0) } == [])
  }
}
