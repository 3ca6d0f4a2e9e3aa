import Machine

/// The line behind one pin; taken when the pin is first used.
final class GPIOPin: HostPin {
  private let pin: String
  private let binding: HostPinBinding.Line
  private unowned let backend: GPIOBackend
  private var held: Held?

  /// Cannot be copied: a write borrows it, where a reference would be retained and released.
  private struct Held: ~Copyable {
    let line: LineRequest
    let name: String
    var settings: LineSettings

    @inline(__always) borrowing func write(_ level: Level) throws(SystemError) {
      try line.write(level == .high)
    }
  }

  init(pin: String, _ binding: HostPinBinding.Line, backend: GPIOBackend) {
    self.pin = pin
    self.binding = binding
    self.backend = backend
  }

  func configure(_ setup: HostPinSetup, edges edgeInput: HostEdgeInput?) throws(HostPinError) {
    let settings = settings(setup, edgeInput)
    do throws(GPIOError) {
      if let line = held?.line {
        try reconfigure(line, settings, edgeInput)
        held?.settings = settings
      } else {
        let (line, name) = try backend.hold(binding, for: pin, settings)
        held = Held(line: line, name: name, settings: settings)
        line.listen(settings, edgeInput)
      }
    } catch {
      throw HostPinError(errorNumber: error.errorNumber, error.description)
    }
  }

  private func reconfigure(
    _ line: LineRequest, _ settings: LineSettings, _ edgeInput: HostEdgeInput?
  ) throws(GPIOError) {
    do throws(SystemError) {
      do throws(SystemError) {
        try line.configure(settings, edges: edgeInput)
      } catch {
        guard let simpler = settings.withoutSwitchingPullsOff(after: error) else { throw error }
        try line.configure(simpler, edges: edgeInput)
      }
    } catch {
      // With libgpiod 1.6 the line may be gone; the next use of the pin asks for it again.
      let name = held?.name ?? pin
      line.release()
      held = nil
      throw backend.explain(error, of: name, settings)
    }
  }

  func write(_ level: Level) throws(HostPinError) {
    do throws(SystemError) { try held?.write(level) } catch { throw explain(error) }
  }

  func read() throws(HostPinError) -> Level {
    guard let line = held?.line else { return .low }
    do throws(SystemError) { return try line.read() ? .high : .low } catch { throw explain(error) }
  }

  private func explain(_ error: SystemError) -> HostPinError {
    let settings = held?.settings ?? LineSettings()
    let error = backend.explain(error, of: held?.name ?? pin, settings)
    return HostPinError(errorNumber: error.errorNumber, error.description)
  }

  private func settings(_ setup: HostPinSetup, _ edgeInput: HostEdgeInput?) -> LineSettings {
    var settings = LineSettings()
    settings.isActiveLow = binding.isActiveLow
    switch setup.use {
    case .input:
      settings.direction = .input
      // Many lines have a pull after power-on.
      settings.bias = .disabled
      if let edgeInput {
        settings.rising = edgeInput.trigger.matches(.high)
        settings.falling = edgeInput.trigger.matches(.low)
      }
      let microseconds = UInt32(clamping: binding.debounce.microseconds)
      if microseconds > 0, backend.canDebounce(pin) { settings.debounce = microseconds }
    case .pushPull(let level):
      settings.direction = .output(level == .high, binding.isOpenSource ? .openSource : .pushPull)
    case .openDrain(let level): settings.direction = .output(level == .high, .openDrain)
    }
    switch setup.pull {
    case .none: break
    // An active-low line is turned round; its resistors are not.
    case .up: settings.bias = .pullUp
    case .down: settings.bias = .pullDown
    }
    return settings
  }
}
