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
    .enabled(if: hasSigrok != nil, noSigrok),
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
    let bytes = try decoded(
      tool, "uart:rx=X1:baudrate=\(baudRate):format=hex", "uart=rx-data"
    ).compactMap { UInt8($0, radix: 16) }
    var sent = Array("Hello, UU".utf8)
    sent += [0, 0xFF, UInt8(ascii: "!")]
    sent += 65...90
    #expect(bytes == sent)
  }

  /// What one of sigrok's decoders says of `run.vcd`: the last words of each line.
  private func decoded(
    _ tool: CommandLineTool, _ decoder: String, _ annotations: String, words: Int = 1
  ) throws -> [String] {
    let result = try tool.run(
      program: try #require(Self.hasSigrok), ["-i", "run.vcd", "-I", "vcd", "-P", decoder, "-A", annotations])
    return result.output.split(separator: "\n").map {
      $0.split(separator: " ").suffix(words).joined(separator: " ")
    }
  }

  private static let noSigrok: Comment = "sigrok-cli is not installed (apt-get install sigrok-cli)"

  @Test("gives a dump from which sigrok reads an I2C transfer", .enabled(if: hasSigrok != nil, noSigrok))
  func sigrokI2C() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = """
      from machine import I2C, I2CTarget
      target = I2CTarget(2, 0x42, mem=bytearray(b'abcdefgh'))
      bus = I2C(1, freq=100000)
      bus.writeto_mem(0x42, 1, b'XY')
      print(bus.readfrom_mem(0x42, 0, 4))
      """
    let run = try tool.run("run", "-c", code, "--trace", "run.vcd", "--wire", "X9-Y9", "--wire", "X10-Y10")
    #expect(run.output == "b'aXYd'\n")
    let words = try decoded(
      tool, "i2c:scl=X9:sda=X10", "i2c=address-read:address-write:data-read:data-write:ack:nack:start:stop")
    let expected =
      "Write 42 ACK 01 ACK 58 ACK 59 ACK Write 42 ACK 00 ACK Read 42 ACK 61 ACK 58 ACK 59 ACK 64 NACK"
    #expect(words.filter { !["Start", "repeat", "Stop"].contains($0) }.joined(separator: " ") == expected)
    #expect(words.first == "Start" && words.last == "Stop")
  }

  @Test(
    "gives a dump from which sigrok reads SPI in every mode", .enabled(if: hasSigrok != nil, noSigrok),
    arguments: [0, 1], [0, 1])
  func sigrokSPI(polarity: Int, phase: Int) throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = """
      from machine import Pin, SPI
      select = Pin('X5', Pin.OUT, value=1)
      bus = SPI(1, baudrate=1000000, polarity=\(polarity), phase=\(phase))
      select(0)
      bus.write(b'\\x12\\xa5\\x00\\xff')
      select(1)
      """
    #expect(try tool.run("run", "-c", code, "--trace", "run.vcd", "--wire", "X8-X7").status == 0)
    let decoder = "spi:clk=X6:mosi=X8:miso=X7:cs=X5:cpol=\(polarity):cpha=\(phase)"
    #expect(try decoded(tool, decoder, "spi=mosi-data") == ["12", "A5", "00", "FF"])
    #expect(try decoded(tool, decoder, "spi=miso-data") == ["12", "A5", "00", "FF"])
  }

  @Test("gives a dump from which sigrok reads a one-wire bus", .enabled(if: hasSigrok != nil, noSigrok))
  func sigrokOneWire() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = """
      import machine, onewire
      bus = onewire.OneWire(machine.Pin('Y12'))
      bus.reset()
      bus.writebyte(0xcc)
      bus.writebyte(0xbe)
      room = bytearray(9)
      bus.readinto(room)
      print(*('%d' % byte for byte in b'\\xcc\\xbe' + room))
      """
    let run = try tool.run(
      "run", "-c", code, "--trace", "run.vcd", "--device", "ds18b20@Y12,temperature=21.5")
    let words = try decoded(tool, "onewire_link:owr=Y12", "onewire_link")
    let bits = words.compactMap { UInt8($0) }
    let bytes = stride(from: 0, to: bits.count - 7, by: 8).map { start in
      (0..<8).reduce(UInt8(0)) { $0 | bits[start + $1] << UInt8($1) }
    }
    #expect(bytes.map(String.init).joined(separator: " ") + "\n" == run.output)
    #expect(bytes.count == 11 && words.contains("true"))
  }

  @Test(
    "gives a dump in which sigrok measures a PWM of 1 kHz and 37 %", .enabled(if: hasSigrok != nil, noSigrok))
  func sigrokPWM() throws {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let code = """
      import pyb
      timer = pyb.Timer(2, freq=1000)
      timer.channel(3, pyb.Timer.PWM, pin=pyb.Pin('X3'), pulse_width_percent=37)
      pyb.delay(20)
      """
    #expect(try tool.run("run", "-c", code, "--trace", "run.vcd", "--for", "25ms").status == 0)
    // The first period began before the channel did.
    #expect(Set(try decoded(tool, "pwm:data=X3", "pwm=duty-cycle").dropFirst()) == ["37.000000%"])
    #expect(Set(try decoded(tool, "pwm:data=X3", "pwm=period", words: 2).dropFirst()) == ["1000.0 μs"])
  }
}
