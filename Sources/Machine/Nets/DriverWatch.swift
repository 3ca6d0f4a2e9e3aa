import Timebase

/// Reports each change of the drivers of a terminal's net, those too that leave its level as it is: a
/// floating net that is driven low. It ends when it is let go of.
public final class DriverWatch {
  private let terminal: Terminal
  private let follower: Follower

  /// - Parameter changed: called after each change, with its time.
  public init(_ terminal: Terminal, changed: @escaping (Instant) -> Void) {
    self.terminal = terminal
    follower = Follower(changed)
    terminal.net.followers.append(follower)
  }

  deinit {
    let follower = follower
    terminal.net.followers.removeAll { $0 === follower }
  }

  private final class Follower: NetFollower {
    private let changed: (Instant) -> Void

    init(_ changed: @escaping (Instant) -> Void) { self.changed = changed }

    func pass(_ driver: NetDriver, at time: Instant) { changed(time) }
    func forget(_ driver: NetDriver) { if let net = driver.net { changed(net.now) } }
    func follow(_ net: Net) { changed(net.now) }
  }
}
