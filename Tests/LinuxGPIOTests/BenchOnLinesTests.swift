import Bench
import Foundation
import LinuxGPIO
import Synchronization
import Testing

@Suite("Tests of firmware on real lines") struct BenchOnLinesTests {
  @Test("They run as far as lines allow; what those cannot do is skipped with its reason")
  func lines() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "lines-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(
      """
      import asyncio, bench, time
      from machine import Pin

      def test_output():
          pin = Pin("GPIO17", Pin.OUT, value=0)
          pulse = bench.pulse("GPIO17", within="1s")
          pin(1)
          time.sleep_ms(2)
          pin(0)
          assert 2000 <= pulse.wait() < 500_000
          pin(1)

      def test_input():
          pin = Pin("GPIO24", Pin.IN)
          bench.level("GPIO24", 1, within="1s").wait()
          assert pin() == 1 and bench.get("GPIO24") == 1

      async def test_task():
          await bench.time("5ms")
          await asyncio.sleep_ms(1)

      def test_late():
          Pin("GPIO23", Pin.IN, Pin.PULL_UP)
          bench.edge("GPIO23", "rising", within="20ms").wait()

      def test_press():
          bench.set("GPIO24.pressed", True)

      def test_wire():
          bench.wire("GPIO17", "GPIO24")

      def test_device():
          bench.device("button@GPIO24")

      def test_load():
          bench.load(source="print(1)")
      """.utf8
    ).write(to: folder.appending(path: "test_lines.py"))
    let chip = FakeChip()
    chip.drive(24, true)
    var settings = TestSettings(board: try .load("raspberry-pi"))
    settings.lines = FakeLines(chip)
    let runner = TestRunner(settings: settings)
    let results = try runner.run(try TestCollection([folder.path()]).tests) { _ in }
    #expect(
      results.map(\.outcome) == [
        .passed, .passed, .passed, .failed("Timeout: a rising edge on GPIO23 did not happen within 20 ms"),
        .skipped("real lines: GPIO24.pressed cannot be set, as what is wired to the pin drives it"),
        .skipped("real lines: GPIO17 and GPIO24 are connected by hand"),
        .skipped("real lines: devices are wired to them by hand"),
        .skipped("real lines: another board cannot be wired to them"),
      ], "\(results.map(\.details))")
    // All lines have been given back.
    #expect(chip.line(17).settings == nil && chip.line(24).settings == nil)
  }

  private final class FakeLines: TestLines {
    private let chip: FakeChip
    init(_ chip: FakeChip) { self.chip = chip }

    func join(_ board: Board) throws -> JoinedLines {
      let backend = try GPIOBackend(
        board: board.description, chip: nil, diagnostics: board.diagnostics,
        library: FakeLibrary(chips: [chip]), chipGone: { _ in })
      board.use(backend)
      return JoinedLines(owner: backend, release: backend.release)
    }
  }
}
