import Timebase

/// Something that listens to a net for frames.
protocol FrameReceiver: AnyObject {
  /// The last bit of the frame has passed.
  func receive(_ frame: Frame, at time: Instant)
}
