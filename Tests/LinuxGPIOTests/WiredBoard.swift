import Bench
import LinuxGPIO
import Synchronization
import Testing

/// A board whose pins somebody outside can drive and watch: virtual pins, lines of a fake chip, or lines of a real kernel
/// through libgpiod.
final class WiredBoard {
  enum Pins: String, Sendable, CustomTestStringConvertible {
    case virtual
    case lines
    case kernel

    /// Those that this machine has: the kernel's are in the virtual machine of tools/test-gpio.
    static let all: [Pins] = SimulatedChip() == nil ? [.virtual, .lines] : [.virtual, .lines, .kernel]

    var testDescription: String { rawValue }
  }

  private let bench: Bench
  var board: Board { bench.board }
  var clock: Clock { bench.clock }
  let chip: FakeChip
  private let simulated: SimulatedChip?
  private let backend: GPIOBackend?
  private let gone = Texts()
  private var devices: [Int: NetDriver] = [:]
  private(set) var failures: [HostPinError] = []
  private var failureObservation: Observation?

  init(
    _ pins: Pins = .lines, chip: FakeChip = FakeChip(), canDebounce: Bool = true,
    uartDevice: String = "/dev/serial0", i2cDevice: String = "/dev/i2c-1",
    spiDevice: String = "/dev/spidev0.0",
    change: (inout HostPinBinding) -> Void = { _ in }
  ) throws {
    self.chip = chip
    var description = try BoardDescription.load("raspberry-pi")
    let devices = [uartDevice, i2cDevice, spiDevice]
    if devices != ["/dev/serial0", "/dev/i2c-1", "/dev/spidev0.0"] {
      let text = """
        board: wired
        extends: raspberry-pi
        uarts:
          0: {model: PL011, tx: GPIO14, rx: GPIO15, bus: apb1, device: \(uartDevice)}
        i2cs:
          1: {scl: GPIO3, sda: GPIO2, device: \(i2cDevice)}
        spis:
          0: {sck: GPIO11, mosi: GPIO10, miso: GPIO9, device: \(spiDevice)}
        """
      description = try BoardDescription(yaml: Array(text.utf8), file: "wired.yaml")
    }
    if var binding = description.hostPinBinding {
      change(&binding)
      description.hostPinBinding = binding
    }
    bench = try Bench(description, mode: .host)
    simulated = pins == .kernel ? SimulatedChip() : nil
    guard pins != .virtual else {
      backend = nil
      return
    }
    var fake = FakeLibrary(chips: [chip])
    fake.canDebounce = canDebounce
    let library: any GPIOLibrary = simulated == nil ? fake : Libgpiod()
    let backend = try GPIOBackend(
      board: description, chip: simulated?.label, diagnostics: bench.board.diagnostics, library: library
    ) { [gone] in gone.append($0.description) }
    self.backend = backend
    board.use(backend)
    failureObservation = board.hostPinFailures.add { [unowned self] in
      failures.append($0)
      return true
    }
  }

  deinit { backend?.release() }

  var reports: [String] { bench.main.findings }
  var chipFailures: [String] { gone.all }

  func pin(_ number: Int) throws -> Pin { try board.pins["GPIO\(number)"] }

  /// Somebody outside drives the pin, or lets go of it.
  func drive(_ number: Int, _ level: Level?) throws {
    if let simulated {
      // The simulator has one resistor for both sides: that of the pin comes back.
      return try simulated.drive(number, level ?? (try pin(number).pull == .up ? .high : .low))
    }
    guard backend == nil else { return chip.drive(number, level.map { $0 == .high }) }
    let device = devices[number] ?? NetDriver(name: "device")
    if devices[number] == nil { try pin(number).net.attach(device) }
    devices[number] = device
    if let level { device.drive(level) } else { device.release() }
  }

  /// What somebody outside measures.
  func seen(_ number: Int) throws -> Level {
    if let simulated { return try simulated.level(number) }
    return backend == nil ? try pin(number).net.level : chip.line(number).isHigh ? .high : .low
  }

  /// Lets the board run until something is so; a second at most.
  func wait(until condition: () -> Bool) {
    for _ in 0..<1000 where !condition() { clock.busy(for: .milliseconds(1)) }
  }

  func run(for interval: Interval) { clock.busy(for: interval) }

  func release() { backend?.release() }
}

/// Texts from any thread.
final class Texts: Sendable {
  private let contents = Mutex<[String]>([])
  var all: [String] { contents.withLock { $0 } }
  func append(_ text: String) { contents.withLock { $0.append(text) } }
}
