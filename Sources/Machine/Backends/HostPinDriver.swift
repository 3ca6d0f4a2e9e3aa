import Glibc
import Timebase

/// Ties a pin to a real line: one more driver of the pin's net, which drives what the line is at while the pin does not.
final class HostPinDriver {
  /// Whether interrupts come from the line's edges, not from those of the net.
  private(set) var hearsEdges = false

  private let line: any HostPin
  private unowned let pin: Pin
  private let driver: NetDriver
  private let context: PartContext
  private var isTaken = false
  /// For whom the line's edges are, while the pin is an input.
  private var edgeInput: HostEdgeInput?

  init(_ line: any HostPin, pin: Pin, context: PartContext) {
    self.line = line
    self.pin = pin
    self.context = context
    driver = NetDriver(name: "line \(pin.cpuName)")
    pin.net.attach(driver)
  }

  /// The pin's mode, pull or output has changed.
  func configure() { do throws(HostPinError) { try claim() } catch { fail(error) } }

  /// As `configure()`, for a caller that deals with a refusal itself.
  func claim() throws(HostPinError) {
    guard let use else {
      throw HostPinError(
        errorNumber: ENOTSUP, "\(pin.name) is a GPIO line of this machine, \(Self.refusal(of: pin.mode))")
    }
    let wanted = use == .input ? edgeInput : nil
    do throws(HostPinError) {
      hearsEdges = wanted != nil
      try line.configure(HostPinSetup(use, pull: pin.pull), edges: wanted)
      isTaken = true
      follow()
    } catch {
      // The next use of the pin asks for the line again.
      hearsEdges = false
      isTaken = false
      throw error
    }
  }

  /// The pin's edge handler changed.
  func setEdgeInput(_ edgeInput: HostEdgeInput?) {
    guard edgeInput !== self.edgeInput else { return }
    self.edgeInput = edgeInput
    if isTaken || edgeInput != nil { configure() }
  }

  /// The pin is about to drive its net: one edge, no glitch and no conflict with what the line was at.
  func yield(to level: Level) { if driver.level != nil { driver.drive(level) } }

  /// The pin drives its net.
  func letGo() { driver.release() }

  /// Whether the line is a push-pull output, so that writing is all that there is to do.
  var isOutput: Bool { isTaken && driver.settledLevel == nil }

  /// Sets a line that is an output.
  func write(_ level: Level) { do throws(HostPinError) { try line.write(level) } catch { fail(error) } }

  /// The pin's output register was written.
  /// - Parameter mode: the pin's.
  func write(_ level: Level, in mode: PinMode) {
    switch mode {
    case .input: return
    case .outputPushPull, .outputOpenDrain: break
    case .alternatePushPull, .alternateOpenDrain, .analog: return configure()
    }
    guard isTaken else { return configure() }
    write(level)
    if mode == .outputOpenDrain { follow() }
  }

  /// Returns the line's level; `nil` when it could not be read.
  func read() -> Level? {
    if !isTaken { configure() }
    guard isTaken else { return nil }
    do throws(HostPinError) {
      let level = try line.read()
      if !hearsEdges { follow(level) }
      return level
    } catch {
      fail(error)
      return nil
    }
  }

  /// The kernel saw an edge.
  func edge(_ level: Level, at time: Instant) {
    // One that was lost, or was not asked for, lies between two of a kind.
    guard pin.net.level != level else {
      context.trace.record(.pin(pin.name, level), at: time)
      return
    }
    driver.drive(level, at: time)
  }

  /// Returns the message for a mode that a line of the kernel cannot have, with an alternative. Software sets
  /// such a line, some tens of microseconds late now and then: too late for the bits of a UART or the pulses
  /// of a servo, so those are refused rather than sent wrong.
  private static func refusal(of mode: PinMode) -> String {
    if mode == .analog {
      return
        "which is digital: measure with a converter that is wired to it by I2C or SPI, or run on a virtual board"
    }
    return
      "which software switches, too late now and then for a UART's bits or a timer's pulses: use it as an input or an "
      + "output, with a task or a timer that switches it, or use the machine's own UART or PWM; or run on a virtual board"
  }

  private var use: HostPinSetup.Use? {
    switch pin.mode {
    case .input: .input
    case .outputPushPull: .pushPull(pin.outputLevel)
    case .outputOpenDrain: .openDrain(pin.outputLevel)
    case .alternatePushPull, .alternateOpenDrain, .analog: nil
    }
  }

  /// Lets the net follow the line where the pin does not drive it.
  private func follow() {
    switch use {
    case .input, .openDrain(.high): if let level = try? line.read() { follow(level) }
    default: driver.release()
    }
  }

  private func follow(_ level: Level) {
    switch use {
    case .input, .openDrain(.high): driver.drive(level)
    default: break
    }
  }

  private func fail(_ error: HostPinError) { context.fail(error) }
}
