/// The break input of a timer with complementary outputs: while a pin is at one level, the outputs are let go of, and stay so until a
/// channel is started again (RM0090, 17.3.12). It reads low while no pin is switched to it.
final class TimerBreak {
  let activeLevel: Level
  /// Whether the outputs are off.
  private(set) var isBroken = false
  private var inputs: [PinInput] = []
  private let broke: () -> Void

  init(of timer: HardwareTimer, activeLevel: Level, broke: @escaping () -> Void) {
    self.activeLevel = activeLevel
    self.broke = broke
    let signal = "TIM\(timer.number)_BKIN"
    inputs = timer.context.pins.filter { $0.carries(signal) }
      .map { $0.follow(signal) { [weak self] _ in self?.inputChanged() } }
    isBroken = isActive
  }

  deinit {
    for input in inputs { input.cancel() }
  }

  private var isActive: Bool { (inputs.contains { $0.level == .high } ? .high : .low) == activeLevel }

  private func inputChanged() {
    guard isActive, !isBroken else { return }
    isBroken = true
    broke()
  }

  /// Lets the outputs be driven again, if the input is not active.
  func rearm() { isBroken = isActive }
}
