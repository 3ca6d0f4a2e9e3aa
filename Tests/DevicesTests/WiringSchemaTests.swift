import Bench
import Devices
import Foundation
import Testing
import YAML

/// The schema of wiring files, against files that are right and files that are not.
@Suite struct WiringSchemaTests {
  private static let package = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func schema() throws -> [String: Any] {
    let text = try WiringSchema.text(of: .standard)
    return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private static func problems(_ text: String) throws -> [String] {
    SchemaCheck.problems(of: try #require(try YAMLNode.parse(Array(text.utf8))), try schema())
  }

  @Test("it has every kind with its pins, keys and controls") func hasKinds() throws {
    let text = try WiringSchema.text(of: .standard)
    for name in DeviceRegistry.standard.names { #expect(text.contains("\"const\": \"\(name)\"")) }
    #expect(text.contains(#/"minimum": -40,\s*"maximum": 80,/#))
    // YAML has `kbit: 2` as a number.
    #expect(text.contains(#/"enum": \[\s*32,\s*1,\s*2,/#))
    let schema = try Self.schema()
    let forms = ["else", "then"].compactMap { schema[$0] as? [String: Any] }
    #expect(
      forms.map { ($0["properties"] as? [String: Any])?.keys.sorted() } == [
        ["at", "board", "devices", "firmware", "flash", "pulls", "wires"],
        ["at", "boards", "devices", "pulls", "wires"],
      ])
  }

  @Test("the wiring files of the examples and of the documentation are right") func examples() throws {
    let folder = Self.package.appending(path: "Examples")
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
      .compactMap { $0 as? URL }.filter { $0.pathExtension == "yaml" }
    #expect(!files.isEmpty)
    for file in files {
      #expect(try Self.problems(String(contentsOf: file, encoding: .utf8)) == [], "\(file.path())")
      _ = try WiringFile(contentsOf: file.path())
    }
    let page = try String(contentsOf: Self.package.appending(path: "docs/devices.md"), encoding: .utf8)
    let blocks = page.components(separatedBy: "```yaml\n").dropFirst()
      .compactMap { $0.components(separatedBy: "\n```").first }
    #expect(!blocks.isEmpty)
    for block in blocks {
      #expect(try Self.problems(block) == [], "\(block)")
      _ = try WiringFile(text: Array(block.utf8), file: "devices.md")
    }
  }

  @Test(
    "what a wiring file may not have is none of the schema",
    arguments: [
      "devices: {room: {kind: dht23, data: X1}}",
      "devices: {room: {kind: dht22, data: X1, temperature: 300}}",
      "devices: {room: {kind: dht22, dta: X1}}", "devices: {room: {data: X1}}", "wires: [X1]", "wires: X1-X2",
      "wires: [[X1, X2, X3]]", "pulls: {X1: sideways}", "pulls: {X1: up 4k7}", "device: {}", "at: 3",
      "devices: {key: {kind: button, pin: X1, pull: left}}", "boards: {}", "boards: {a: {bord: pico}}",
      "boards: {a: {}}\nboard: pico",
    ])
  func refuses(text: String) throws {
    #expect(try !Self.problems(text).isEmpty)
    #expect(throws: WiringError.self) {
      let file = try WiringFile(text: Array(text.utf8), file: "x.yaml")
      _ = try Bench.wired().board.wire(file.wiring)
    }
  }

  @Test(
    "a mistake in a device is one problem, which names the key",
    arguments: [
      ("temperature: 300", "is above 80"), ("dta: X1", "has no dta"), ("humidity: wet", "is not like"),
    ])
  func namesKey(key: String, problem: String) throws {
    let problems = try Self.problems("devices:\n  room:\n    kind: dht22\n    \(key)")
    #expect(problems.count == 1)
    #expect(problems.first?.contains(problem) == true, "\(problems)")
  }

  @Test("what a wiring file may have is of the schema")
  func takes() throws {
    for text in [
      "devices: {room: {kind: dht22, data: X1, temperature: \"21.5\"}}",
      "devices: {oled: {kind: ssd1306, clk: X9, sda: X10}}",
      "devices: {mine: {kind: ./my_sensor.py, data: X3, threshold: 3}}", "wires: [X1-X2, [X3, X4]]",
      "pulls: {X1: down}",
      "at: [\"1s:X1.level=1\", {after: X1 falls, delay: 450us, set: X2.level=1}]",
      "devices: {m: {kind: mpu6050, scl: X9, sda: X10, accelX: 0.5, address: 0x69}}",
    ] {
      #expect(try Self.problems(text) == [], "\(text)")
    }
  }
}
