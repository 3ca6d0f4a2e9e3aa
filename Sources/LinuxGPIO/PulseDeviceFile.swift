import Glibc
import Machine
import Synchronization

/// A pulse-width output of this machine: a folder as `/sys/class/pwm/pwmchip0/pwm0`, which the board file names
/// (the kernel's Documentation/driver-api/pwm.rst).
///
/// The board's thread and the thread that ends the run use it; a lock keeps them apart.
final class PulseDeviceFile: HostPulseOutput, Sendable {
  private struct State {
    /// Settings that the kernel has; `nil` while the output is not this run's.
    var settings: (period: Int, pulse: Int, isInverted: Bool)?
    var isReleased = false
  }

  /// Of the chip that has the output, and the output's.
  private let chip: String
  private let path: String
  private let number: String
  private let state = Mutex(State())

  /// - Parameter path: ends with `/pwmN`.
  init(path: String) {
    self.path = path
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    chip = parts.dropLast().joined(separator: "/")
    number = String(parts.last?.drop { !$0.isNumber } ?? "")
  }

  func set(period: Int, pulse: Int, isInverted: Bool) throws(HostPinError) {
    let failure = state.withLock { (state) -> HostPinError? in
      guard !state.isReleased else { return nil }
      do throws(HostPinError) {
        if state.settings == nil { try take() }
        try change(
          state.settings ?? (0, 0, false), to: (period, pulse, isInverted), isNew: state.settings == nil)
        state.settings = (period, pulse, isInverted)
        return nil
      } catch { return error }
    }
    if let failure { throw failure }
  }

  func stop() { state.withLock { giveBack(&$0) } }

  /// Stops it for good. Callable from any thread.
  func release() {
    state.withLock { state in
      giveBack(&state)
      state.isReleased = true
    }
  }

  private func giveBack(_ state: inout State) {
    guard state.settings != nil else { return }
    state.settings = nil
    _ = try? write("0", to: "\(path)/enable")
    _ = try? write(number, to: "\(chip)/unexport")
  }

  /// The kernel makes the output's folder when it is asked to, and udev gives it to its group a moment later.
  private func take() throws(HostPinError) {
    do throws(SystemError) { try write(number, to: "\(chip)/export") } catch { throw refusal(error.number) }
    for _ in 0..<100 where access("\(path)/enable", W_OK) != 0 { usleep(10_000) }
  }

  /// The kernel refuses a pulse that is longer than the period, and another polarity while there are pulses.
  private func change(
    _ before: (period: Int, pulse: Int, isInverted: Bool),
    to now: (period: Int, pulse: Int, isInverted: Bool),
    isNew: Bool
  ) throws(HostPinError) {
    do throws(SystemError) {
      if isNew || before.isInverted != now.isInverted {
        try write("0", to: "\(path)/enable")
        if !isNew || now.isInverted {
          try write(now.isInverted ? "inversed" : "normal", to: "\(path)/polarity")
        }
      }
      if before.pulse > now.period {
        try write("\(now.pulse)", to: "\(path)/duty_cycle")
        try write("\(now.period)", to: "\(path)/period")
      } else {
        try write("\(now.period)", to: "\(path)/period")
        try write("\(now.pulse)", to: "\(path)/duty_cycle")
      }
      try write("1", to: "\(path)/enable")
    } catch { throw refusal(error.number) }
  }

  private func write(_ text: String, to file: String) throws(SystemError) {
    let descriptor = open(file, O_WRONLY | O_TRUNC | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError(number: errno) }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    if Glibc.write(descriptor, bytes, bytes.count) < 0 { throw SystemError(number: errno) }
  }

  private func refusal(_ number: Int32) -> HostPinError {
    DeviceRefusal(
      path: path, kind: "PWM output",
      remedy: "add dtoverlay=pwm-2chan to /boot/firmware/config.txt and restart", key: "gpio: lines: pwm",
      ownedFile: "\(chip)/export", whenBusy: "end what uses it, or unexport it",
      whenUnfit: "that frequency or polarity", verb: ""
    ).error(number)
  }
}
