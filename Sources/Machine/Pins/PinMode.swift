/// How a pin is used; the six modes of an STM32's GPIO block.
public enum PinMode: Sendable, Hashable {
  case input
  case outputPushPull
  case outputOpenDrain
  /// A peripheral drives the pin.
  case alternatePushPull
  case alternateOpenDrain
  /// Cut off from the digital input, which reads low.
  case analog
}
