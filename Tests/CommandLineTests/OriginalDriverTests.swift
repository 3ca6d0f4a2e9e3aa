import Foundation
import Testing

/// The upstream repository's drivers and their demos (`v3/as_drivers`), unmodified, with what they drive wired to the board. They
/// run where a checkout of it is at hand, as `OriginalDemoTests` do.
@Suite(.enabled(if: originals != nil))
struct OriginalDriverTests {
  @Test("htu21d: temperature and humidity") func humidity() throws {
    let output = try run(
      "import as_drivers.htu21d.htu_test",
      [
        "--device", "htu21d@X9,X10,temperature=21.5,humidity=40", "--at", "3s:htu21d.temperature=-8.2",
        "--for", "12s",
      ])
    #expect(
      output == """
        Temp  21.5 Humidity  40.0
        Temp  -8.2 Humidity  40.0
        Temp  -8.2 Humidity  40.0

        """)
  }

  @Test("hd44780: a countdown on the display") func display() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let trace = tool.folder.appending(path: "trace.txt").path()
    _ = try run(
      "import as_drivers.hd44780.alcdtest",
      ["--device", "hd44780:lcd@Y1,Y2,Y6,Y5,Y4,Y3", "--trace", trace])
    let texts = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n")
      .filter { $0.contains(" lcd.text ") }
    for second in [20, 7, 0] {
      #expect(texts.contains { $0.contains("MicroPython \(second) ") && $0.hasSuffix("uS   ") }, "\(second)")
    }
  }

  @Test("nec_ir: codes, with repeats while the key is held") func remote() throws {
    let output = try run(
      "from as_drivers.nec_ir.art import test\ntest()",
      [
        "--device", "ir_receiver:ir@X3", "--at", "1s:ir.command=162,300ms", "--at", "2s:ir.command=7",
        "--for",
        "4s",
      ])
    #expect(output.hasSuffix("\n0xa2 0x0\nRepeat\nRepeat\n0x7 0x0\n"), "\(output)")
  }

  @Test("as_GPS: sentences decoded, none with a wrong check sum") func position() throws {
    let output = try run(
      "import as_drivers.as_GPS.ast_pb", ["--device", "gps@X2,latitude=47.5,longitude=-8.25", "--for", "45s"])
    for line in [
      "Latitude [47.5, 'N']", "Longitude: [8.25, 'W']", "Date: June 15th, 2018", "CRC_Fails: 0",
    ] {
      #expect(output.contains(line), "\(output)")
    }
  }

  @Test("as_GPS, read-write: commands are answered and heard") func commands() throws {
    let output = try run(
      "import as_drivers.as_GPS.ast_pbrw", ["--device", "gps@X2,X1,X3", "--for", "30s"])
    #expect(output.contains("Message received: ['PMTK001', '314', '3']"))
    #expect(output.contains("***** baudrate 19200 *****"))
    #expect(output.components(separatedBy: "***** NAVIGATION DATA *****").count > 4)
  }

  @Test("as_GPS with a pulse each second: times to the millisecond") func pulses() throws {
    let output = try run(
      "from as_drivers.as_GPS.as_GPS_time import *\ntime(1)", ["--device", "gps@X2,X1,X3", "--for", "80s"])
    let times = output.split(separator: "\n").filter { $0.contains("ms Time: 13:00:") }
      .compactMap { $0.split(separator: "m").first.flatMap { Int($0) } }
    #expect(times.count > 10 && zip(times, times.dropFirst()).allSatisfy { $1 - $0 == 1000 }, "\(times)")
  }

  private func run(_ code: String, _ options: [String]) throws -> String {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let originals = try #require(originals)
    for folder in ["as_drivers", "primitives"] {
      try FileManager.default.copyItem(
        at: originals.appending(path: folder), to: tool.folder.appending(path: folder))
    }
    try tool.write(code, to: "main.py")
    let result = try tool.run(["run", "main.py"] + options)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.isEmpty, "\(result.errors)")
    return result.output
  }
}
