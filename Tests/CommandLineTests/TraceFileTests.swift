import Foundation
import Testing

/// The files of `--trace`.
@Suite("--trace")
struct TraceFileTests {
  @Test("may be given several times; the name's end chooses between lines and a value change dump")
  func several() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = "import pyb\npyb.LED(1).on()\nprint('done')"
    let result = try tool.run("run", "-c", code, "--trace", "a.txt", "--trace", "run.vcd", "--trace", "b.txt")
    #expect(result.status == 0)
    #expect(result.output == "done\n")
    let text = try tool.read("a.txt")
    #expect(text.hasPrefix("0.000000000 board pyboard-v1.1\n0.000000000 pin X1 low\n"))
    #expect(text.hasSuffix(" led 1 on\n"))
    #expect(text == (try tool.read("b.txt")))
    #expect(try tool.read("run.vcd").contains("$timescale 100 ns $end\n"))
  }

  @Test("with - puts the lines on standard output, and what the firmware prints on standard error")
  func standardOutput() throws {
    for (name, arguments) in [
      ("vpyboard", ["run", "-c", "import pyb\npyb.LED(1).on()\nprint('done')"]),
      ("Blink", ["--for", "100ms"]),
    ] {
      let tool = try CommandLineTool(name)
      defer { tool.cleanUp() }
      let traced = try tool.run(arguments + ["--trace", "-"])
      let plain = try tool.run(arguments)
      #expect(traced.status == 0)
      #expect(traced.output.hasPrefix("0.000000000 board pyboard-v1.1\n"))
      #expect(traced.output.split(separator: "\n").allSatisfy { $0.contains(#/^\d+\.\d{9} /#) })
      #expect(traced.errors == plain.output)
    }
  }

  @Test("takes a time step in powers of ten")
  func step() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let right = try tool.run("run", "-c", "pass", "--trace", "run.vcd", "--trace-step", "1ns")
    #expect(right.status == 0)
    #expect(try tool.read("run.vcd").contains("$timescale 1 ns $end\n"))
    let wrong = try tool.run("run", "-c", "pass", "--trace", "run.vcd", "--trace-step", "3ns")
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("1ns, 10ns, 100ns"))
  }

  @Test("shows the tasks of firmware")
  func tasks() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = """
      import asyncio
      async def work():
          await asyncio.sleep_ms(5)
      async def main():
          await asyncio.gather(work(), work())
      asyncio.run(main())
      """
    #expect(try tool.run("run", "-c", code, "--trace", "run.vcd").status == 0)
    let dump = try tool.read("run.vcd")
    #expect(dump.contains("\nswork "))
    #expect(dump.contains("\nsmain "))
  }

  static let hasSigrok = ["/usr/bin/sigrok-cli", "/usr/local/bin/sigrok-cli"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test(
    "gives a dump from which sigrok's decoder reads the very bytes that the firmware sent",
    .enabled(if: hasSigrok != nil, "sigrok-cli is not installed (apt-get install sigrok-cli)"),
    arguments: [9600, 115_200])
  func sigrok(baudRate: Int) throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = """
      import pyb, time
      pyb.LED(1).on()
      uart = pyb.UART(4, \(baudRate))
      time.sleep_ms(1)
      uart.write(b'Hello, UU\\x00\\xff!')
      time.sleep_ms(2)
      uart.write(bytes(range(65, 91)))
      """
    #expect(try tool.run("run", "-c", code, "--trace", "run.vcd").status == 0)
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: try #require(Self.hasSigrok))
    process.arguments = [
      "-i", "run.vcd", "-I", "vcd", "-P", "uart:rx=X1:baudrate=\(baudRate):format=hex", "-A", "uart=rx-data",
    ]
    process.currentDirectoryURL = tool.folder
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    let bytes = text.split(separator: "\n").compactMap {
      $0.split(separator: " ").last.flatMap { UInt8($0, radix: 16) }
    }
    #expect(bytes == Array("Hello, UU".utf8) + [0, 0xFF] + Array("!".utf8) + Array(65...90))
  }
}
