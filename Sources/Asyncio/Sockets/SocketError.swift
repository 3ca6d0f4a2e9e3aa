import Glibc

/// A socket operation that the host refused (`OSError`).
public struct SocketError: Error, Equatable, CustomStringConvertible {
  /// The host's `errno`, for example `ECONNREFUSED`.
  public let number: Int32
  private let explanation: String?

  package init(_ number: Int32, _ explanation: String? = nil) {
    self.number = number
    self.explanation = explanation
  }

  public var description: String {
    let name = String(cString: strerror(number))
    return explanation.map { "\(name): \($0)" } ?? name
  }
}
