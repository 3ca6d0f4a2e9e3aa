import Diagnostics
import Glibc
import Machine

/// Pins that are lines of one GPIO chip of this machine, and UARTs and controllers of buses that are its ports and buses.
public final class GPIOBackend: PinBackend {
  /// Gives every line back, outputs in their safe states, and stops pulses. Callable from any thread, more than once.
  public let release: @Sendable () -> Void

  let chip: any GPIOChip
  private let lines: LineRequests
  /// By the processor's name for the pin.
  private let pulses: [String: PulseDeviceFile]
  private let library: any GPIOLibrary
  private let binding: HostPinBinding
  private let diagnostics: DiagnosticSink
  private let offsets: [String: Int]
  private var isDebounceReported = false

  /// Finds the chip; lines are taken when they are first used.
  /// - Parameters:
  ///   - chip: its label, name or device file; `nil` for what the board file says.
  ///   - chipGone: called on another thread when there is no chip any more.
  public init(
    board: BoardDescription, chip name: String?, diagnostics: DiagnosticSink,
    library: any GPIOLibrary = Libgpiod(), chipGone: @escaping @Sendable (GPIOError) -> Void
  ) throws(GPIOError) {
    guard let binding = board.hostPinBinding else { throw .boardHasNoLines(board: board.name) }
    let search = ChipSearch(library: library)
    let chip: any GPIOChip
    if let name { chip = try search.find(name) } else { chip = try search.find(labels: binding.chipLabels) }
    self.chip = chip
    self.library = library
    self.binding = binding
    self.diagnostics = diagnostics
    var offsets: [String: Int] = [:]
    for offset in 0..<chip.lineCount {
      guard let name = (try? chip.info(offset))?.name, !name.isEmpty, offsets[name] == nil else { continue }
      offsets[name] = offset
    }
    self.offsets = offsets
    let title = ChipSearch.title(chip)
    let lines = LineRequests(
      watch: EdgeWatch {
        do throws(SystemError) {
          _ = try chip.info(0)
          return true
        } catch { return error.number != ENODEV && error.number != ENOENT }
      } chipGone: {
        chipGone(.chipGone(chip: title))
      })
    self.lines = lines
    let pulses = Dictionary(
      uniqueKeysWithValues: binding.lines.compactMap { name, line in
        line.pulseOutput.map { (name, PulseDeviceFile(path: $0)) }
      })
    self.pulses = pulses
    release = {
      lines.releaseAll()
      for output in pulses.values { output.release() }
    }
  }

  deinit { release() }

  public func line(for pin: Pin) -> (any HostPin)? {
    GPIOPin(pin: pin.name, binding.line(of: pin.cpuName), backend: self)
  }

  public func serialPort(for uart: UART) -> (any HostSerialPort)? {
    uart.device.map { SerialDeviceFile(path: $0) }
  }

  public func i2cBus(for controller: I2CController) -> (any HostI2CBus)? {
    controller.device.map { I2CDeviceFile(path: $0) }
  }

  public func spiBus(for controller: SPIController) -> (any HostSPIBus)? {
    controller.device.map { SPIDeviceFile(path: $0) }
  }

  public func pulseOutput(for pin: Pin) -> (any HostPulseOutput)? { pulses[pin.cpuName] }

  /// Takes a line.
  func hold(
    _ binding: HostPinBinding.Line, for pin: String, _ settings: LineSettings
  ) throws(GPIOError) -> (line: LineRequest, name: String) {
    guard let name = binding.names.first(where: { offsets[$0] != nil }), let offset = offsets[name] else {
      let available = PinNameSummary(offsets.sorted { $0.value < $1.value }.map(\.key))
      throw .noSuchLine(
        pin: pin, names: binding.names, chip: ChipSearch.title(chip),
        available: offsets.isEmpty ? "\(chip.lineCount) lines without names" : available.description)
    }
    let title = "\(name) (line \(offset) of \(ChipSearch.title(chip)))"
    do throws(SystemError) {
      let line = try request(offset, settings)
      return (try lines.add(line, settings, safeState: binding.safeState), title)
    } catch {
      throw explain(error, of: title, settings, offset: offset)
    }
  }

  private func request(_ offset: Int, _ settings: LineSettings) throws(SystemError) -> any GPIOLine {
    do throws(SystemError) {
      return try chip.request(offset, settings, consumer: "vpyboard")
    } catch {
      guard let simpler = settings.withoutSwitchingPullsOff(after: error) else { throw error }
      return try chip.request(offset, simpler, consumer: "vpyboard")
    }
  }

  /// Explains the kernel's refusal.
  func explain(
    _ error: SystemError, of line: String, _ settings: LineSettings, offset: Int? = nil
  ) -> GPIOError {
    switch error.number {
    case EBUSY:
      let consumer = offset.flatMap { try? chip.info($0) }?.consumer
      return .lineInUse(line: line, consumer: consumer ?? "")
    case EACCES, EPERM: return .noPermission(DeviceOwner(of: chip.path))
    case ENODEV: return .chipGone(chip: ChipSearch.title(chip))
    case EINVAL, ENOTSUP, LineSettings.kernelsOwnNotSupported:
      if let feature = settings.specialFeature {
        return .unsupported(line: line, feature: feature.name, advice: feature.advice, error)
      }
      return .lineFailed(line: line, error)
    default: return .lineFailed(line: line, error)
    }
  }

  /// Whether inputs can be debounced; reports once when they cannot although the board file requests it.
  func canDebounce(_ line: String) -> Bool {
    if library.canDebounce { return true }
    if !isDebounceReported {
      isDebounceReported = true
      diagnostics.report(
        Diagnostic(
          .noDebounce, place: Diagnostic.Place(),
          message:
            "\(line) is not debounced: \(library.version ?? "the library") cannot ask the kernel for it",
          advice: "install libgpiod 2, or debounce with a capacitor"))
    }
    return false
  }
}
