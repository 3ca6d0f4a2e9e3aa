import Timebase

/// What hands do to contacts: buttons between a pin and ground, knobs with two of them.
extension Board {
  /// Closes or opens a switch of the board, or a contact between a pin and ground.
  func setContact(_ name: String, isClosed: Bool, bounce: Interval) throws(BoardError) {
    let set: (Bool) -> Void
    if let part = switches[name] {
      set = { $0 ? part.press() : part.release() }
    } else {
      let probe = try probe(name)
      set = { $0 ? probe.drive(.low) : probe.release() }
    }
    // While it bounces, it opens four times.
    let changes = bounce > .zero ? 8 : 0
    for change in 0...changes {
      let state = change % 2 == 0 ? isClosed : !isClosed
      after(Interval(nanoseconds: bounce.nanoseconds / 8 * Int64(change))) { set(state) }
    }
  }

  /// Turns a knob by quarter steps.
  func turn(_ first: String, _ second: String, steps: Int, pause: Interval) throws(BoardError) {
    let contacts = (try probe(first), try probe(second))
    let knob = first + "-" + second
    let step = steps.signum()
    for number in 0..<abs(steps) {
      after(Interval(nanoseconds: pause.nanoseconds * Int64(number))) { [weak self] in
        guard let self else { return }
        let place = knobs[knob, default: 0] + step
        knobs[knob] = place
        // Four quarters: the first closes, the second closes, the first opens, the second opens.
        let quarter = place & 3
        quarter == 1 || quarter == 2 ? contacts.0.drive(.low) : contacts.0.release()
        quarter >= 2 ? contacts.1.drive(.low) : contacts.1.release()
      }
    }
  }

  private func after(_ delay: Interval, _ change: @escaping () -> Void) {
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
