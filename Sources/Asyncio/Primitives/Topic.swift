/// A topic to publish messages under, with their type.
///
/// Topics of one name with different types are different topics. Declare them once, so that publisher and subscribers
/// agree:
///
///     extension Topic where Message == Bool { static let led = Topic("led") }
public struct Topic<Message>: Hashable, Sendable, CustomStringConvertible {
  public let name: String

  public init(_ name: String) { self.name = name }

  public var description: String { name }
}

extension Topic: ExpressibleByStringLiteral {
  public init(stringLiteral name: String) { self.init(name) }
}

/// A message as a queue gets it from a broker.
public struct Publication<Message> {
  public let topic: Topic<Message>
  public let message: Message
}

extension Publication: Sendable where Message: Sendable {}
