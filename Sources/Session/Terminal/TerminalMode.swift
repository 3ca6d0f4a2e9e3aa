import Glibc
import Synchronization

/// Reads single keys from a terminal: no echo and no waiting for Enter, while Ctrl-C, Ctrl-Z and the terminal's
/// treatment of output stay as they are.
final class TerminalMode: Sendable {
  private struct State {
    /// The terminal's settings before; nil while nothing is changed.
    var original: termios?
    /// Whether single keys are wanted, even if another process has the terminal for now.
    var isWanted = false
    /// Whether Ctrl-C and the like are keys, too.
    var passesAllKeys = false
  }

  private let descriptor: Int32
  private let state = Mutex(State())

  init(descriptor: Int32 = STDIN_FILENO) { self.descriptor = descriptor }

  /// Whether the descriptor is a terminal and this process is in its foreground, so that keys are meant for it.
  var isAvailable: Bool { isatty(descriptor) == 1 && tcgetpgrp(descriptor) == getpgrp() }

  /// Switches to single keys. With `passesAllKeys` Enter stays a carriage return, and Ctrl-C, Ctrl-Z and the like are keys
  /// like any other. Does nothing when the terminal does not allow it or belongs to another process group.
  func enter(passesAllKeys: Bool = false) {
    state.withLock { state in
      state.isWanted = true
      state.passesAllKeys = passesAllKeys
      apply(&state)
    }
  }

  /// Restores the terminal's settings for other processes while this one is stopped.
  func leaveToOthers() { state.withLock { giveBack(&$0) } }

  /// Switches to single keys again after the process was stopped, unless it has finished with the terminal.
  func takeBack() {
    state.withLock { state in
      guard state.isWanted, isAvailable else { return }
      let before = state.original
      state.original = nil
      apply(&state)
      state.original = state.original ?? before
    }
  }

  /// The same where the process was not in the foreground when it was continued.
  @Sendable func takeBackIfLeft() {
    state.withLock { state in
      if state.isWanted { apply(&state) }
    }
  }

  /// Restores the terminal's first settings, for good; safe to call more than once.
  func restore() {
    state.withLock { state in
      state.isWanted = false
      giveBack(&state)
    }
  }

  private func apply(_ state: inout State) {
    guard state.original == nil, isAvailable else { return }
    var settings = termios()
    guard tcgetattr(descriptor, &settings) == 0 else { return }
    // Continued without having been stopped, the terminal is as this process has set it.
    guard settings.c_lflag & tcflag_t(ICANON | ECHO) != 0 else { return }
    state.original = settings
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
    if state.passesAllKeys {
      settings.c_lflag &= ~tcflag_t(ISIG | IEXTEN)
      settings.c_iflag &= ~tcflag_t(ICRNL | INLCR | IGNCR | IXON)
    }
    tcsetattr(descriptor, TCSADRAIN, &settings)
  }

  private func giveBack(_ state: inout State) {
    guard var original = state.original else { return }
    // In the background the terminal belongs to another process, which has set it as it should be.
    if isAvailable { tcsetattr(descriptor, TCSANOW, &original) }
    state.original = nil
  }
}
