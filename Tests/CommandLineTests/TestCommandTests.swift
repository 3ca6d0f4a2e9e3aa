import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("vpyboard test") struct TestCommandTests {
  private static let tests = """
    import bench, random

    def test_good():
        pass

    def test_bad():
        print("printed")
        bench.set("X1.level", 1)
        assert bench.get("X1") == 0

    def test_error():
        1 / 0

    def test_skipped():
        bench.skip("not today")
    """

  @Test("Exit statuses: 0 passed, 1 failed, 2 usage, 5 nothing to run")
  func statuses() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let nothing = try tool.run("test")
    #expect(nothing.status == 5)
    #expect(nothing.output == "no tests found: functions test_… in files test_*.py\n")
    try tool.write(Self.tests, to: "tests/test_it.py")
    #expect(try tool.run("test", "-k", "good or skipped").status == 0)
    #expect(try tool.run("test").status == 1)
    #expect(try tool.run("test", "-k", "nothing").status == 5)
    for (arguments, message) in [
      (["nowhere"], "nowhere: there is no such file or folder"),
      (["tests/test_it.py::test_x"], "there is no test test_x"),
      (["--shard", "3/2"], "give a part and how many there are, as in 2/8"),
      (["-k", "and"], "is no choice of names"),
      (["-k", String(repeating: "(", count: 50_000)], "is no choice of names"),
      (["--limit", "5"], "is no board time"),
      (["--wire", "X1-X99"], "--wire X1-X99: "),
      (["--board", "nonsense"], "no board of this name"),
      (["--flash", "nowhere"], "--flash: nowhere is no folder"),
    ] {
      let result = try tool.run(["test"] + arguments)
      #expect(result.status == 2, "\(arguments)")
      #expect(result.errors.contains(message), "\(arguments): \(result.errors)")
    }
  }

  @Test("The report says what failed, and the folder of a failure has everything about it")
  func report() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(Self.tests, to: "test_it.py")
    let result = try tool.run("test")
    #expect(result.output.hasPrefix("test_it.py .FEs\n\nFAILED test_it.py::test_bad after "))
    for text in [
      "  test_it.py:9: in test_bad\n      assert bench.get(\"X1\") == 0\n      which was: assert 1 == 0\n  E AssertionError\n",
      "  output:\n    printed\n", "  pins:\n    X1  ",
      "  again: vpyboard test 'test_it.py::test_bad' --seed 0\n",
      "  E ZeroDivisionError: divide by zero\n", "\n1 passed, 1 failed, 1 in error, 1 skipped in ",
    ] {
      #expect(result.output.contains(text), "\(text)\n\(result.output)")
    }
    let folder = "vpyboard-failures/test_it.py-test_bad"
    #expect(try tool.read(folder + "/trace.txt").contains(" pin X1 high\n"))
    #expect(try tool.read(folder + "/board.vcd").hasPrefix("$"))
    #expect(try tool.read(folder + "/output.txt") == "printed\n")
    #expect(try tool.read(folder + "/repeat.sh") == "vpyboard test 'test_it.py::test_bad' --seed 0\n")
    let again = try tool.run("test", "test_it.py::test_bad", "-v")
    #expect(again.status == 1)
    #expect(again.output.hasPrefix("test_it.py::test_bad FAILED\n"))
  }

  @Test("-x, --shard, --repeat and --jobs choose what runs; results come in order")
  func choice() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let tests = (0..<8).map { "def test_\($0)():\n    assert \($0) != 5\n" }.joined()
    try tool.write(tests, to: "test_many.py")
    func ran(_ arguments: String...) throws -> [String] {
      try tool.run(["test", "-v"] + arguments).output.split(separator: "\n")
        .filter { $0.hasPrefix("test_many.py::") }.map { String($0.dropFirst(14)) }
    }
    let all = (0..<8).map { "test_\($0) \($0 == 5 ? "FAILED" : "passed")" }
    #expect(try ran("--jobs", "4") == all)
    #expect(try ran("-x", "--jobs", "1") == Array(all[...5]))
    #expect(try ran("--shard", "2/3") == [all[1], all[4], all[7]])
    #expect(
      try ran("--repeat", "2", "-k", "test_1") == ["test_1 passed", "test_1 (run 2) passed"])
  }

  @Test("Devices are wired to the board of each test, by an option or by the test itself")
  func devices() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(
      """
      import bench, dht, time
      from machine import Pin

      def measure(pin):
          sensor = dht.DHT22(Pin(pin))
          sensor.measure()
          return sensor.temperature()

      def test_of_the_option():
          bench.advance("2s")
          assert abs(measure("X1") - 21.5) < 0.05
          bench.set("room.temperature", 30)
          bench.advance("3s")
          assert abs(measure("X1") - 30) < 0.05

      def test_of_the_test():
          assert bench.device("dht22:other@X2,temperature=-5") == "other"
          bench.advance("2s")
          assert abs(measure("X2") + 5) < 0.05
      """, to: "test_room.py")
    let result = try tool.run("test", "--device", "dht22:room@X1,temperature=21.5")
    #expect(result.status == 0, "\(result.output)")
    #expect(try tool.run("test", "--device", "nonsense@X1").status == 2)
  }

  @Test("A device in Python stands beside the test or is named from the command line")
  func pythonDevice() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(
      """
      from device import Device

      class Inverter(Device):
          pins = ("a", "y")
          def start(self): self.y.drive(1)
          def edge(self, pin, level, time):
              if pin is self.a: self.y.drive(1 - level)
      """, to: "parts/inverter.py")
    try tool.write(
      """
      import bench
      from machine import Pin

      def check(a, y):
          a, y = Pin(a, Pin.OUT), Pin(y, Pin.IN)
          for level in (0, 1, 0):
              a(level)
              assert y() != level

      def test_of_the_option():
          check("X1", "X2")

      def test_of_the_test():
          bench.device("inverter.py:other@X3,X4")
          check("X3", "X4")
      """, to: "parts/tests/test_inverter.py")
    let result = try tool.run("test", "--device", "parts/inverter.py:inv@X1,X2")
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    try tool.write("devices:\n  inv: {kind: parts/inverter.py, a: X1, y: X2}\n", to: "wiring.yaml")
    let wired = try tool.run("test", "--wiring", "wiring.yaml")
    #expect(wired.status == 0, "\(wired.output)\(wired.errors)")
    #expect(try tool.run("test", "--device", "nowhere.py@X1").status == 2)
  }

  @Test("Results that cannot be written are an error", .enabled(if: access("/dev/full", F_OK) == 0))
  func fullDevice() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write("def test_a(): pass\n", to: "test_it.py")
    let program = CommandLineTool.products.appending(path: "vpyboard").path
    let result = try tool.run(program: "/bin/sh", ["-c", "exec \(program) test >/dev/full"])
    #expect(result.status == 1)
    #expect(result.errors == "vpyboard: standard output could not be written: No space left on device\n")
  }

  @Test("JUnit's XML has each test with its outcome")
  func junit() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(Self.tests + "\ndef test_text():\n    assert '<&\"\\x01' == ''\n", to: "tests/test_it.py")
    _ = try tool.run("test", "--junit", "report.xml")
    let text = try tool.read("report.xml")
    let document = try XMLDocument(xmlString: text)
    let suite = try #require(try document.nodes(forXPath: "/testsuites/testsuite").first as? XMLElement)
    #expect(suite.attribute(forName: "tests")?.stringValue == "5")
    #expect(suite.attribute(forName: "failures")?.stringValue == "2")
    #expect(suite.attribute(forName: "errors")?.stringValue == "1")
    #expect(suite.attribute(forName: "skipped")?.stringValue == "1")
    let failed = try document.nodes(forXPath: "//testcase[failure]").compactMap { $0 as? XMLElement }
    #expect(failed.map { $0.attribute(forName: "name")?.stringValue } == ["test_bad", "test_text"])
    #expect(failed[0].attribute(forName: "classname")?.stringValue == "tests.test_it")
    // Jenkins's schema has no other attributes of a test, and properties of suites alone.
    #expect(Set(failed[0].attributes?.compactMap(\.name) ?? []) == ["classname", "name", "time"])
    #expect(try document.nodes(forXPath: "//testcase/properties").isEmpty)
    let failure = try #require(failed[0].elements(forName: "failure").first?.stringValue)
    #expect(failure.contains("again: vpyboard test 'tests/test_it.py::test_bad' --seed 0"), "\(failure)")
    let times = try document.nodes(forXPath: "//testsuite/properties/property[@name='test_bad.board_time']")
    #expect(times.count == 1)
    #expect(try document.nodes(forXPath: "//testcase/skipped").count == 1)
  }

  @Test("Drivers pass their tests under Examples, and each run gives the same results")
  func drivers() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try FileManager.default.copyItem(
      at: CommandLineTool.package.appending(path: "Examples/drivers"),
      to: tool.folder.appending(path: "drivers"))
    func results(_ arguments: String...) throws -> String {
      let result = try tool.run(["test", "--repeat", "3", "--junit", "results.xml"] + arguments)
      #expect(result.status == 0, "\(result.output)")
      return try tool.read("results.xml").replacing(#/ (time|timestamp)="[^"]*"/#, with: "")
    }
    let first = try results("--jobs", "1")
    #expect(first.contains("test_turned_fast_both_ways"))
    #expect(try results("--jobs", "3") == first)
  }

  @Test("Ctrl-C ends a run with what has been found so far, and names what ran")
  func interruption() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    try tool.write(
      """
      def test_a(): pass
      def test_b(): assert 1 == 2
      def test_endless():
          while True: pass
      """, to: "test_it.py")
    let (process, files) = try tool.start([
      "test", "test_it.py", "--limit", "10h", "--jobs", "1", "--junit", "it.xml",
    ])
    let patience = CommandLineTool.patience
    for _ in 0..<Int(200 * patience) where try !files.text("stdout").contains(".F") { usleep(50_000) }
    // The third test begins at once.
    Thread.sleep(forTimeInterval: 0.5 * patience)
    process.interrupt()
    let result = try tool.finish(process, files)
    #expect(result.status == 130)
    #expect(result.output.contains("1 passed, 1 failed"))
    #expect(result.errors == "vpyboard: interrupted while test_it.py::test_endless ran\n")
    #expect(try tool.read("it.xml").contains("test_b"))
  }

  @Test("Every file and command of docs/testing.md does what the page says")
  func guide() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let page = try String(
      contentsOf: CommandLineTool.package.appending(path: "docs/testing.md"), encoding: .utf8)
    var commands = 0
    for block in page.components(separatedBy: "\n```").enumerated().filter({ $0.offset % 2 == 1 }).map(
      \.element)
    {
      let lines = block.components(separatedBy: "\n")
      let words = lines[0].split(separator: " ")
      // Those for pytest: ServeTests.
      if words.count == 2, words[0] == "python", !words[1].hasPrefix("pytest/") {
        try tool.write(lines.dropFirst().joined(separator: "\n") + "\n", to: String(words[1]))
      } else if words == ["console"], lines[1].hasPrefix("$ vpyboard ") {
        commands += 1
        let result = try tool.run(lines[1].dropFirst(11).split(separator: " ").map(String.init))
        let shown = result.output.components(separatedBy: "\n")
        for (number, line) in lines.dropFirst(2).enumerated() {
          let start = line.components(separatedBy: "…")[0]
          let found = number < shown.count ? shown[number] : "nothing"
          #expect(
            line.contains("…") ? found.hasPrefix(start) : found == line, "\(lines[1]): \(result.output)")
        }
      }
    }
    #expect(commands == 4)
  }
}
