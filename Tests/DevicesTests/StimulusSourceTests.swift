import Bench
import Devices
import Foundation
import Machine
import Testing
import Timebase

/// Events from files, ramps.
@Suite struct StimulusSourceTests {
  @Test("a ramp goes from one value to the other, in the time that it is given") func ramp() throws {
    let ramp = try StimulusSource(parsing: "1s..2s:pot.position=0.0..1.0").stimuli
      .sorted { $0.time < $1.time }
    #expect(ramp.count == 101)
    #expect(ramp.first?.time == .powerOn + .seconds(1) && ramp.first?.value == "0.0")
    #expect(ramp[50].time == .powerOn + .milliseconds(1500) && ramp[50].value == "0.5")
    #expect(ramp.last?.time == .powerOn + .seconds(2) && ramp.last?.value == "1.0")
    let whole = try StimulusSource(parsing: "0s..40ms:x.y=0..2").stimuli
      .sorted { $0.time < $1.time }
    #expect(
      whole.map(\.value) == ["0", "1", "1", "2", "2"] || whole.map(\.value) == ["0", "0", "1", "2", "2"])
  }

  @Test("a ramp moves a device") func rampMovesDevice() throws {
    let wired = try Bench.wired(["pot@X5"])
    try wired.board.schedule(try StimulusSource(parsing: "1s..3s:pot.position=0.0..1.0").stimuli)
    wired.clock.busy(for: .milliseconds(2005))
    guard case .real(let position)? = wired.board.signal("pot.position")?.value else { return }
    #expect((0.49...0.51).contains(position))
  }

  @Test("times that no board reaches are refused", arguments: ["1e300", "inf", "nan", "-1"])
  func impossibleTimes(time: String) throws {
    let folder = try TemporaryFolder(["day.csv": "0,20.5\n\(time),21\n"])
    defer { folder.remove() }
    #expect(throws: WiringError.self) {
      _ = try StimulusSource(parsing: "3s:room.temperature=@day.csv", folder: folder.path)
    }
  }

  @Test("an event of a file has its line, and may have a space behind the time") func places() throws {
    let folder = try TemporaryFolder(["events.txt": "# first\n1s: X4.level=z\n2s:X9z.level=1\n"])
    defer { folder.remove() }
    let events = try StimulusSource(parsing: "@events.txt", folder: folder.path).events
    #expect(events.map(\.place) == ["\(folder.path)events.txt:2", "\(folder.path)events.txt:3"])
    #expect(events.map(\.stimulus.part) == ["X4", "X9z"])
  }

  @Test("values come from a file, with or without a heading and units") func values() throws {
    let folder = try TemporaryFolder([
      "day.csv": "time,temperature\r\n0,20.5\n# a comment\n1.5, 21\n2000ms,22\n"
    ])
    defer { folder.remove() }
    let stimuli = try StimulusSource(parsing: "3s:room.temperature=@day.csv", folder: folder.path).stimuli
    #expect(stimuli.map(\.time.milliseconds) == [3000, 4500, 5000])
    #expect(stimuli.map(\.value) == ["20.5", "21", "22"])
  }

  @Test("a file has a line for each event, and a mistake is named with its line") func events() throws {
    let folder = try TemporaryFolder([
      "good.txt": "# morning\n1s:room.temperature=20\n\n  2s..3s:room.humidity=40..50\n",
      "bad.txt": "1s:a.b=1\n2q:a.b=1\n",
      "loop.txt": "@loop.txt\n", "bad.csv": "0,1\nx\n",
    ])
    defer { folder.remove() }
    #expect(try StimulusSource(parsing: "@good.txt", folder: folder.path).stimuli.count == 102)
    for (text, message) in [
      ("@bad.txt", "bad.txt:2: \"2q\" is not a time ("), ("@loop.txt", "loop.txt:1: "),
      ("1s:a.b=@bad.csv", "bad.csv:2: \"x\" is not a value and its time"),
      ("@none.txt", "none.txt: could not be read"),
    ] {
      let error = #expect(throws: WiringError.self) { try StimulusSource(parsing: text, folder: folder.path) }
      #expect(
        error?.description.replacing(folder.path, with: "").hasPrefix(message) == true,
        "\(error?.description ?? "")")
    }
  }

  @Test(
    "what is no ramp is refused",
    arguments: ["1s..:a.b=0..1", "2s..1s:a.b=0..1", "1s..2s:a.b=1", "1s..2s:a.b=x..y", "1s..2s"])
  func refuses(text: String) {
    #expect(throws: WiringError.self) { try StimulusSource(parsing: text) }
  }
}
