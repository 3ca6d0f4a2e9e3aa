import Glibc
import LinuxGPIO
import Machine
import Testing
import Timebase

/// A pulse-width output of the host: here a folder with the files that the kernel has.
@Suite("A pulse-width output of the host", .serialized)
struct PulseDeviceTests {
  @Test("gets period, pulse and polarity, and stops when it is given back")
  func pulses() throws {
    let chip = try PulseChip()
    let bench = try WiredBoard { $0.lines["GPIO18"]?.pulseOutput = chip.path + "/pwm0" }
    let pulses = try #require(bench.board.hostPulses["GPIO18"])
    #expect(bench.board.hostPulses["GPIO17"] == nil)
    pulses.set(period: 20_000_000, pulse: 1_500_000, isInverted: false)
    #expect(chip.read("export") == "0")
    #expect(chip.output == ["20000000", "1500000", "", "1"])
    pulses.set(period: 1_000_000, pulse: 2_000_000, isInverted: true)
    #expect(chip.output == ["1000000", "1000000", "inversed", "1"])
    bench.release()
    #expect(chip.read("pwm0/enable") == "0")
    #expect(chip.read("unexport") == "0")
    pulses.set(period: 20_000_000, pulse: 1_500_000, isInverted: false)
    #expect(chip.read("pwm0/enable") == "0")
    #expect(bench.failures.isEmpty)
  }

  @Test("says what was looked for and what to do when it is not there")
  func missing() throws {
    let bench = try WiredBoard { $0.lines["GPIO18"]?.pulseOutput = "/sys/class/pwm/no-such-chip/pwm0" }
    try #require(bench.board.hostPulses["GPIO18"]).set(period: 1000, pulse: 500, isInverted: false)
    #expect(bench.failures.first?.errorNumber == ENOENT)
    let advice = "this machine has no PWM output /sys/class/pwm/no-such-chip/pwm0: add dtoverlay=pwm-2chan"
    #expect(bench.failures.first?.description.hasPrefix(advice) == true)
  }
}

private final class PulseChip {
  let path: String
  private static let files = [
    "export", "unexport", "pwm0/period", "pwm0/duty_cycle", "pwm0/polarity", "pwm0/enable",
  ]

  init() throws {
    var template = Array("/tmp/pwmchip.XXXXXX".utf8CString)
    path = String(cString: try #require(mkdtemp(&template)))
    mkdir(path + "/pwm0", 0o700)
    for file in Self.files { close(open("\(path)/\(file)", O_CREAT | O_WRONLY, 0o600)) }
  }

  deinit {
    for file in Self.files { unlink("\(path)/\(file)") }
    rmdir(path + "/pwm0")
    rmdir(path)
  }

  /// Period, pulse, polarity, and whether it is on.
  var output: [String] { ["period", "duty_cycle", "polarity", "enable"].map { read("pwm0/" + $0) } }

  func read(_ file: String) -> String {
    let descriptor = open("\(path)/\(file)", O_RDONLY)
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}
