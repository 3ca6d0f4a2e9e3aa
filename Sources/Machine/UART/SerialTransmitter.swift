import Diagnostics
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

  /// Keeps this one in its events, as long as characters are on the line. Not weak, as that would make every other reference to the
  /// clock slower.
  private unowned let clock: Clock
  private let output: any WaveformOutput
  private let bitTime: BitTime
  private let format: SerialFormat
  private let isInverted: Bool
  /// Characters sent without a gap since `runStart`, whose times follow from it without rounding errors.
  private var runStart = Instant.powerOn
  private var runLength = 0
  /// The number of the next character to be put on the line, counted as `runLength` counts them.
  private var nextNumber = 0
  /// Characters that wait for the one on the line; those before `firstWaiting` have left.
  private var waiting: [Character] = []
  private var firstWaiting = 0
  /// Whether a character is on the line.
  private var isSending = false

  private struct Character {
    let value: UInt16
    let isBreak: Bool
  }

  /// How many characters are on the line or wait for it.
  public var waitingCount: Int { waiting.count - firstWaiting + (isSending ? 1 : 0) }

  /// Whether a break is the last of them.
  var endsWithBreak: Bool { isSending && (waiting.isEmpty ? sendsBreak : waiting[waiting.count - 1].isBreak) }
  private var sendsBreak = false

  /// As many as may wait, for those who send without waiting themselves: more than an hour at 9600 baud.
  public static let mostWaiting = 1 << 22

  /// Whether no more may be sent for now.
  public var isFull: Bool { waitingCount >= Self.mostWaiting }

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
      nextNumber = 0
      wireFree = runStart
    }
    let firstBit = wireFree
    runLength += 1
    wireFree = start(ofCharacter: runLength)
    let character = Character(value: value, isBreak: isBreak)
    if isSending { waiting.append(character) } else { begin(character) }
    return firstBit
  }

  private func begin(_ character: Character) {
    let frame = FrameWaveform(
      value: character.value, format: format, bitTime: bitTime, isBreak: character.isBreak,
      isInverted: isInverted, origin: runStart, firstBit: nextNumber * format.bitCount)
    nextNumber += 1
    isSending = true
    sendsBreak = character.isBreak
    clock.schedule(at: frame.end) { [self] in finish(frame) }
    output.drive(frame, at: frame.start)
  }

  private func finish(_ frame: FrameWaveform) {
    // Whoever hears that it is out may send more, behind what waits.
    sent?(frame.value, frame.end)
    if firstWaiting < waiting.count {
      let next = waiting[firstWaiting]
      firstWaiting += 1
      if firstWaiting == waiting.count || firstWaiting == Self.mostLeft { forgetLeft() }
      begin(next)
    } else {
      isSending = false
      output.drive(isInverted ? .low : .high, at: frame.end)
    }
    if frame.end == wireFree { becameIdle?(frame.end) }
  }

  /// So many that have left stay in memory, because moving the others up takes time.
  private static let mostLeft = 4096

  private func forgetLeft() {
    waiting.removeFirst(firstWaiting)
    firstWaiting = 0
  }
}

extension PartContext {
  /// Reports that characters are left out because too many wait for a line.
  /// - Parameter name: who sends them: `uart4.rx`, `peer`.
  public func reportFullLine(of name: String) {
    reporter.reportOnce(
      .lineFull,
      "\(name): \(SerialTransmitter.mostWaiting) characters wait for the line, and the next are left out",
      advice: "send less, later, or at a higher baud rate")
  }
}
