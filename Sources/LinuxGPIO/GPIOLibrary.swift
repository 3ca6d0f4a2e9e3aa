/// Access to the kernel's GPIO character devices: libgpiod, or a stand-in for tests.
///
/// Everything may be called from any thread.
public protocol GPIOLibrary: Sendable {
  /// As in `libgpiod 2.1.3`; `nil` when none is installed.
  var version: String? { get }
  /// Whether lines can be debounced.
  var canDebounce: Bool { get }
  /// The device files of all chips, those of one chip once.
  func chipPaths() -> [String]
  func open(_ path: String) throws(SystemError) -> any GPIOChip
}

/// An open chip; closed when nobody refers to it any more.
public protocol GPIOChip: AnyObject, Sendable {
  /// The device file it was opened by.
  var path: String { get }
  /// As in `gpiochip0`.
  var name: String { get }
  /// The label of its driver: `pinctrl-bcm2711`.
  var label: String { get }
  var lineCount: Int { get }
  func info(_ offset: Int) throws(SystemError) -> LineInfo
  /// - Parameter consumer: shows other programs the line's holder.
  func request(_ offset: Int, _ settings: LineSettings, consumer: String) throws(SystemError) -> any GPIOLine
}

/// A line that this process holds.
public protocol GPIOLine: AnyObject, Sendable {
  func configure(_ settings: LineSettings) throws(SystemError)
  func read() throws(SystemError) -> Bool
  func write(_ value: Bool) throws(SystemError)
  /// Readable while edges wait; `nil` when none are asked for.
  var edgeDescriptor: Int32? { get }
  /// - Returns: `nil` when none waits.
  func nextEdge() throws(SystemError) -> LineEdge?
  /// Gives it back; every later call fails.
  func release()
}

/// The kernel's information about a line, whatever process holds it.
public struct LineInfo: Sendable, Hashable {
  /// Empty when it has none.
  public var name: String
  /// The line's holder; empty when the kernel does not give it.
  public var consumer: String
  public var isUsed: Bool
  public var isOutput = false
  public var isActiveLow = false
  public var drive = LineSettings.Drive.pushPull
  public var bias = LineSettings.Bias.unknown

  public init(name: String, consumer: String, isUsed: Bool) {
    self.name = name
    self.consumer = consumer
    self.isUsed = isUsed
  }
}

/// An edge that the kernel saw.
public struct LineEdge: Sendable, Hashable {
  /// Nanoseconds of the monotonic clock.
  public var time: Int64
  public var isRising: Bool
  /// At least how many edges before it found the kernel's queue full.
  public var lost = 0
  /// Whether there were no others.
  public var isLossExact = true

  public init(time: Int64, isRising: Bool) {
    self.time = time
    self.isRising = isRising
  }
}
