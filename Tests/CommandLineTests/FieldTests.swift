import Foundation
import Testing

/// Programs made from public bug reports, and programs that walk through a kind of fault, print what a board prints. The right
/// outputs are worked out from the port's sources and documentation, or come from MicroPython's unix port.
///
/// Each is `Fixtures/Field/NAME.py`, or a folder with `main.py`, beside `NAME.txt`; a first line `# run: OPTIONS` has its options.
@Suite struct FieldTests {
  private static let fixtures = CommandLineTool.package.appending(
    path: "Tests/CommandLineTests/Fixtures/Field")

  private static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: fixtures.path())) ?? []
    return files.filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) }.sorted()
  }()

  @Test(arguments: names)
  func printsWhatABoardPrints(name: String) throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let isFolder = FileManager.default.fileExists(atPath: Self.fixtures.appending(path: name).path())
    let program = isFolder ? name : name + ".py"
    // A copy, because programs write files beside themselves.
    try FileManager.default.copyItem(
      at: Self.fixtures.appending(path: program), to: tool.folder.appending(path: program))
    let source = try tool.read(isFolder ? name + "/main.py" : program)
    let result = try tool.run(
      ["run", program, "--speed", "max", "--diagnostics", "off"] + options(in: source))
    let expected = try String(contentsOf: Self.fixtures.appending(path: name + ".txt"), encoding: .utf8)
    #expect(result.output == expected, "\(result.errors)")
  }

  private func options(in source: String) -> [String] {
    guard let line = source.split(separator: "\n").first, line.hasPrefix("# run: --") else { return [] }
    return line.dropFirst("# run: ".count).split(separator: " ").map(String.init)
  }
}
