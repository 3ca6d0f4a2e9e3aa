import ArgumentParser

/// The backend behind a board's pins.
public enum PinBackendChoice: String, Sendable, CaseIterable, ExpressibleByArgument {
  /// Nets inside the emulator.
  case virtual
  /// GPIO lines of this machine.
  case gpiod
}
