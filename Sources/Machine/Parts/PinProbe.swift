import Timebase

/// A stimulus that a person or a test puts on a pin from outside: a level, a voltage, a contact to ground.
final class PinProbe {
  let driver: NetDriver
  /// How long the contact bounces each time.
  var bounce = Interval.zero

  init(_ pin: Pin) {
    driver = NetDriver(name: "stimulus on \(pin.name)")
    pin.net.attach(driver)
  }
}

extension PartContext {
  /// Closes or opens a contact that bounces; while it does, it goes back four times.
  /// - Parameter set: closes the contact with true, opens it with false.
  public func moveContact(isClosed: Bool, bounce: Interval, _ set: @escaping (Bool) -> Void) {
    let changes = bounce > .zero ? 8 : 0
    for change in 0...changes {
      let state = change % 2 == 0 ? isClosed : !isClosed
      after(Interval(nanoseconds: bounce.nanoseconds / 8 * Int64(change))) { set(state) }
    }
  }

  /// Makes a change that may interrupt, now or later; its interrupts are served behind it.
  public func after(_ delay: Interval, _ change: @escaping () -> Void) {
    guard delay > .zero else {
      change()
      interrupts.poll()
      return
    }
    clock.schedule(at: clock.now + delay) { [weak self] in
      change()
      self?.interrupts.poll()
    }
  }
}
