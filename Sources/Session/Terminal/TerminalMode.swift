import Glibc
import Synchronization

/// Reads single keys from a terminal: no echo and no waiting for Enter, while Ctrl-C, Ctrl-Z and the terminal's
/// treatment of output stay as they are.
final class TerminalMode: Sendable {
  private struct State {
    /// What the terminal was set to before; nil while nothing is changed.
    var original: termios?
  }

  private let descriptor: Int32
  private let state = Mutex(State())

  init(descriptor: Int32 = STDIN_FILENO) { self.descriptor = descriptor }

  /// Whether the descriptor is a terminal and this process is in its foreground, so that keys are meant for it.
  var isAvailable: Bool { isatty(descriptor) == 1 && tcgetpgrp(descriptor) == getpgrp() }

  /// Switches to single keys. Does nothing when the terminal does not allow it or belongs to another process group.
  func enter() {
    guard isAvailable else { return }
    state.withLock { state in
      guard state.original == nil else { return }
      var settings = termios()
      guard tcgetattr(descriptor, &settings) == 0 else { return }
      state.original = settings
      settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
      tcsetattr(descriptor, TCSADRAIN, &settings)
    }
  }

  /// Sets the terminal to what it was; safe to call more than once.
  func restore() {
    state.withLock { state in
      guard var original = state.original else { return }
      tcsetattr(descriptor, TCSANOW, &original)
      state.original = nil
    }
  }
}
