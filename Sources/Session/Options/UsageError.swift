/// A user's request that cannot be fulfilled: an option's value, a file that is not there, a board without
/// that pin. Ends the tool with exit status 2.
public struct UsageError: Error, Hashable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }

  /// - Parameter option: names the place, as in `--wire X1-X99`.
  public init(option: String, _ message: String) { description = "\(option): \(message)" }
}
