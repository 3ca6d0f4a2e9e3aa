/// A peripheral's input from a pin while the pin's alternate function is the peripheral's.
final class PinInput {
  /// The number of the alternate function.
  let function: Int?
  /// Nil when the pin has gone. Not weak, as that would make every other reference to the pin slower.
  unowned var pin: Pin?
  private let onlyInterrupts: Bool
  private let changed: (Net.Edge) -> Void
  private var listening: NetListening?

  fileprivate init(
    pin: Pin, function: Int?, onlyInterrupts: Bool, changed: @escaping (Net.Edge) -> Void
  ) {
    self.pin = pin
    self.function = function
    self.onlyInterrupts = onlyInterrupts
    self.changed = changed
  }

  /// Whether the pin is switched to the peripheral.
  var isSelected: Bool { listening != nil }

  /// The level that the peripheral reads; low while the pin is not the peripheral's.
  var level: Level { isSelected ? pin?.net.level ?? .low : .low }

  /// The pin was set up, or is followed from now on.
  func review() {
    guard let pin, pin.isAlternate, pin.alternateFunction == function else {
      listening = nil
      return
    }
    if listening == nil { listening = pin.net.listen(onlyInterrupts: onlyInterrupts, changed) }
  }

  /// Hears no more of the pin.
  func cancel() {
    listening = nil
    pin?.remove(self)
  }
}

extension Pin {
  /// Reports each edge of the pin to a peripheral while the pin's alternate function is `signal`.
  /// - Parameter onlyInterrupts: see `NetListener.onlyInterrupts`.
  /// - Returns: the input, which the peripheral keeps, and cancels when it wants no more edges.
  func follow(
    _ signal: String, onlyInterrupts: Bool = false, _ changed: @escaping (Net.Edge) -> Void
  ) -> PinInput {
    let input = PinInput(
      pin: self, function: alternateFunction(for: signal), onlyInterrupts: onlyInterrupts, changed: changed)
    add(input)
    input.review()
    return input
  }

  var isAlternate: Bool { mode == .alternatePushPull || mode == .alternateOpenDrain }
}
