import Foundation
import Testing

/// What devices put on their lines, read from value change dumps by decoders that nobody here wrote.
@Suite(
  .enabled(if: TraceFileTests.hasSigrok != nil, "sigrok-cli is not installed (apt-get install sigrok-cli)"))
struct SigrokTests {
  /// Runs firmware with a device and lets a decoder read the dump.
  /// - Returns: its annotations, each without the decoder's name.
  private func decoded(
    _ code: String, _ devices: [String], _ decoder: String, _ annotations: String, options: [String] = []
  ) throws -> [String] {
    let tool = try CommandLineTool()
    defer { tool.cleanUp() }
    let devices = devices.flatMap { ["--device", $0] }
    let run = try tool.run(["run", "-c", code, "--trace", "run.vcd", "--for", "3s"] + devices + options)
    #expect(run.status == 0, "\(run.errors)")
    let result = try tool.run(
      program: try #require(TraceFileTests.hasSigrok),
      ["-i", "run.vcd", "-I", "vcd", "-P", decoder, "-A", annotations])
    return result.output.split(separator: "\n").map { line in
      line.firstRange(of: ": ").map { String(line[$0.upperBound...]) } ?? String(line)
    }
  }

  @Test("a DHT22 sends what it measures", arguments: [("21.5", "40"), ("-7.3", "99.9")])
  func dht22(temperature: String, humidity: String) throws {
    let lines = try decoded(
      "import dht, machine; dht.DHT22(machine.Pin('X1')).measure()",
      ["dht22@X1,temperature=\(temperature),humidity=\(humidity)"], "am230x:sda=X1:device=am230x", "am230x",
      options: ["--trace-step", "1us"])
    #expect(lines.contains("Temperature: \(temperature) °C"), "\(lines)")
    #expect(lines.contains { $0.hasPrefix("Humidity: \(humidity)") })
    #expect(lines.last == "Checksum: OK")
  }

  @Test("DS18B20s answer commands, and are found on one line") func ds18b20() throws {
    let code = """
      import onewire, machine
      line = onewire.OneWire(machine.Pin('X1'))
      for command in (0xCC, 0x44):
          if command == 0xCC: line.reset()
          line.writebyte(command)
      line.scan()
      """
    let lines = try decoded(
      code, ["ds18b20:a@X1,rom=0123456789ab", "ds18b20:b@X1,rom=ba9876543210"],
      "onewire_link:owr=X1,onewire_network", "onewire_network", options: ["--trace-step", "1us"])
    #expect(lines.prefix(3) == ["Reset/presence: true", "ROM command: 0xcc 'Skip ROM'", "Data: 0x44"])
    #expect(lines.filter { $0.hasPrefix("ROM: 0x") }.count == 2, "\(lines)")
    for rom in ["0123456789ab28", "ba987654321028"] {
      #expect(lines.contains { $0.hasPrefix("ROM: 0x") && $0.hasSuffix(rom) }, "\(lines)")
    }
    let warnings = try decoded(
      code, ["ds18b20:a@X1"], "onewire_link:owr=X1", "onewire_link=warnings",
      options: ["--trace-step", "1us"])
    #expect(warnings == [])
  }

  @Test("an HTU21D is read over I2C", arguments: [100_000, 400_000]) func i2c(frequency: Int) throws {
    let lines = try decoded(
      """
      import machine, time
      bus = machine.I2C('X', freq=\(frequency))
      bus.writeto(0x40, b'\\xf3')
      time.sleep_ms(60)
      bus.readfrom(0x40, 3)
      """, ["htu21d@X9,X10,temperature=21.5"], "i2c:scl=X9:sda=X10",
      "i2c=address-write:data-write:address-read:data-read:warnings")
    // The data sheet's formula, the other way round.
    let raw = (21.5 + 46.85) / 175.72 * 65536
    let bytes = lines.filter { $0.hasPrefix("Data read: ") }.compactMap { UInt8($0.suffix(2), radix: 16) }
    #expect(lines.prefix(3).contains("Address write: 40") && lines.contains("Data write: F3"))
    try #require(bytes.count == 3, "\(lines)")
    #expect(abs(Double(Int(bytes[0]) << 8 | Int(bytes[1] & 0xFC)) - raw) <= 4, "\(lines)")
  }

  @Test("an SD card answers over SPI") func spi() throws {
    let lines = try decoded(
      """
      from machine import SPI, Pin
      select = Pin('X5', Pin.OUT, value=1)
      bus = SPI('X', baudrate=1000000)
      bus.write(b'\\xff' * 10)
      select(0)
      bus.write(b'\\x40\\x00\\x00\\x00\\x00\\x95')
      bus.read(3, 0xff)
      select(1)
      """, ["sdcard@X6,X8,X7,X5"], "spi:clk=X6:mosi=X8:miso=X7:cs=X5", "spi=miso-data:mosi-data")
    // Where nothing is selected the decoder is silent.
    #expect(lines.contains("40") && lines.contains("95"), "\(lines)")
    #expect(lines.suffix(6).contains("01"), "\(lines)")
  }

  @Test("an infrared receiver puts out what a remote control sends, with its repeats") func infrared() throws
  {
    let lines = try decoded(
      "import time; time.sleep(1)", ["ir_receiver:ir@X3,address=0"], "ir_nec:ir=X3:polarity=active-low",
      "ir_nec",
      options: ["--at", "100ms:ir.command=162,300ms", "--trace-step", "1us"])
    #expect(lines.contains("Address: 0x00") && lines.contains("Address#: 0xFF"), "\(lines)")
    #expect(lines.contains("Command: 0xA2") && lines.contains("Command#: 0x5D"))
    #expect(lines.filter { $0 == "Repeat code" }.count == 2)
    #expect(!lines.contains { $0.lowercased().contains("error") })
  }

  @Test("a serial peer sends characters that a decoder reads") func serial() throws {
    let lines = try decoded(
      "import time; time.sleep(1)", ["serial:peer@tx:X4,baud=115200"],
      "uart:rx=X4:baudrate=115200:format=ascii", "uart=rx-data", options: ["--at", "2ms:peer.send=Hello!"])
    #expect(lines.joined() == "Hello!", "\(lines)")
  }
}
