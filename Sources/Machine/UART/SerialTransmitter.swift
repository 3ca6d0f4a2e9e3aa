import Timebase

/// Sends characters over a line, one behind the other: part of a UART, and of a device that speaks to one.
///
/// It belongs to the board's thread.
public final class SerialTransmitter {
  /// When the last bit of everything that was handed over is out.
  public private(set) var wireFree = Instant.powerOn
  /// Called when the last bit of a character is out, before listeners have it.
  public var sent: ((_ value: UInt16, _ time: Instant) -> Void)?
  /// Called when everything is out and was heard.
  public var becameIdle: ((_ time: Instant) -> Void)?

  private let clock: Clock
  private let output: any WaveformOutput
  private let bitTime: BitTime
  private let format: SerialFormat
  private let isInverted: Bool
  /// Characters sent without a gap since `runStart`, whose times follow from it without rounding errors.
  private var runStart = Instant.powerOn
  private var runLength = 0
  /// How many characters are on the line or wait for it.
  public private(set) var waitingCount = 0
  /// The last character that is on the line or waits for it.
  private var last: FrameWaveform?

  /// - Parameters:
  ///   - output: the driven output. The caller keeps the line high as long as nothing is sent.
  ///   - isInverted: puts the opposite of every level out; the caller keeps the line low.
  public init(
    clock: Clock, output: any WaveformOutput, format: SerialFormat = SerialFormat(), bitTime: BitTime,
    isInverted: Bool = false
  ) {
    self.clock = clock
    self.output = output
    self.format = format
    self.isInverted = isInverted
    self.bitTime = bitTime
  }

  /// When the bits of character `number` begin, counted from the one that began what is sent without a gap; the last one was
  /// `runLength - 1`.
  func start(ofCharacter number: Int) -> Instant {
    runStart + bitTime.interval(bits: number * format.bitCount)
  }

  /// How many characters follow each other without a gap, up to the last.
  var charactersWithoutGap: Int { runLength }

  /// Puts a character on the line, behind the one that is being sent.
  /// - Parameter isBreak: holds the line low for as long as a character takes.
  /// - Returns: when its first bit goes out.
  @discardableResult
  public func send(_ value: UInt16, isBreak: Bool = false) -> Instant {
    if clock.now > wireFree || runLength == 0 {
      runStart = clock.now
      runLength = 0
    }
    let frame = FrameWaveform(
      value: value, format: format, bitTime: bitTime, isBreak: isBreak, isInverted: isInverted,
      origin: runStart, firstBit: runLength * format.bitCount)
    runLength += 1
    wireFree = frame.end
    let before = last
    last = frame
    waitingCount += 1
    clock.schedule(at: frame.end) { [self] in finish(frame) }
    if let before { before.next = frame } else { output.drive(frame, at: frame.start) }
    return frame.start
  }

  private func finish(_ frame: FrameWaveform) {
    waitingCount -= 1
    sent?(frame.value, frame.end)
    if let next = frame.next {
      frame.next = nil
      output.drive(next, at: next.start)
    } else {
      last = nil
      output.drive(isInverted ? .low : .high, at: frame.end)
    }
    if frame.end == wireFree { becameIdle?(frame.end) }
  }
}
