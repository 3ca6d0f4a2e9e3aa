import Timebase

/// A person's hand on a pair of pins, `X1-X2`: turns a knob with two contacts that connect them to ground, or
/// connects the one to the other. There is one for each pair that a stimulus names.
final class Knob: Part {
  let name: String

  private let context: PartContext
  private let pins: (Pin, Pin)
  /// How far it has been turned, in quarter steps.
  private var position = 0

  init(name: String, first: Pin, second: Pin, context: PartContext) {
    self.name = name
    pins = (first, second)
    self.context = context
  }

  var controls: [Control] {
    [
      // Positive is the way in which the first contact closes first.
      Control(
        "turn", .integer(-100_000...100_000), unit: "quarter steps", example: "-8,2ms", durationName: "pause",
        pins: [pins.0, pins.1]
      ) { [self] value, pause in
        if case .integer(let steps) = value { turn(steps, pause: pause ?? .milliseconds(5)) }
      },
      Control("pressed", .flag, example: "1,5ms", durationName: "bounce", pins: [pins.0, pins.1]) {
        [self] value, bounce in
        context.moveContact(isClosed: value == .flag(true), bounce: bounce ?? .zero) { [contact] in
          contact.set($0)
        }
      },
    ]
  }

  /// Between the two pins.
  private lazy var contact: Contact = {
    let ends = [pins.0, pins.1].map { pin in
      let end = Terminal(pin.name, owner: name, context: context)
      pin.net.merge(end.net)
      return end
    }
    return Contact(ends[0], ends[1], context: context)
  }()

  /// Turns it by quarter steps, a fixed time between two of them.
  private func turn(_ steps: Int, pause: Interval) {
    let contacts = (context.probe(on: pins.0).driver, context.probe(on: pins.1).driver)
    let step = steps.signum()
    for number in 0..<abs(steps) {
      context.after(Interval(nanoseconds: pause.nanoseconds * Int64(number))) { [weak self] in
        guard let self else { return }
        position += step
        // Four quarters: the first closes, the second closes, the first opens, the second opens.
        let quarter = position & 3
        quarter == 1 || quarter == 2 ? contacts.0.drive(.low) : contacts.0.release()
        quarter >= 2 ? contacts.1.drive(.low) : contacts.1.release()
      }
    }
  }
}
