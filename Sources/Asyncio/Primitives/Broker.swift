import Diagnostics

/// Brings messages from tasks that publish to their subscribers (`Broker` of micropython-async).
///
/// A publisher does not know its subscribers, and a message that nobody subscribed to is gone. Not for
/// interrupt handlers and other threads.
@Firmware
public final class Broker {
  /// Names one subscription, for `unsubscribe(_:)`.
  public struct Subscription: Hashable, Sendable {
    fileprivate let number: Int
  }

  private struct Entry {
    let subscription: Subscription
    let topic: AnyHashable?
    let matches: ((String) -> Bool)?
    let identity: ObjectIdentifier?
    /// Takes a `Topic<Message>` and a `Message` of the type that it was subscribed for; nil for another type.
    let deliver: @Firmware (Any, Any) throws -> Bool?
  }

  /// Whether it reports on standard error messages that queues lose and subscriptions that change nothing
  /// (`Broker.Verbose`, which prints).
  public var isVerbose = true
  private var entries: [Entry] = []
  private var count = 0

  public nonisolated init() {}

  // MARK: Subscribing

  /// Triggers `agent` at each message of `topic`. An object that is subscribed to it already stays so, once.
  @discardableResult
  public func subscribe<Message>(_ topic: Topic<Message>, _ agent: Agent<Message>) -> Subscription {
    if let known = entries.first(where: { $0.topic == AnyHashable(topic) && isSame($0, agent.identity) }) {
      tell("the agent is subscribed to topic \(topic) already")
      return known.subscription
    }
    return add(agent, topic: AnyHashable(topic), matches: nil)
  }

  /// Triggers `agent` at each message of the given type whose topic's name begins with a match of `pattern` (a subscription
  /// to a `RegExp`).
  @discardableResult
  public func subscribe<Message>(
    matching pattern: some RegexComponent, _ agent: Agent<Message>
  ) -> Subscription {
    let regex = pattern.regex
    return add(agent, topic: nil) { (try? regex.prefixMatch(in: $0)) != nil }
  }

  public func unsubscribe(_ subscription: Subscription) {
    let before = entries.count
    entries.removeAll { $0.subscription == subscription }
    if entries.count == before { tell("unsubscribe failed: there is no such subscription") }
  }

  /// Ends the subscription of a queue, an event or an object to a topic.
  public func unsubscribe<Message>(_ topic: Topic<Message>, _ agent: AnyObject) {
    let before = entries.count
    entries.removeAll { $0.topic == AnyHashable(topic) && isSame($0, ObjectIdentifier(agent)) }
    if entries.count == before { tell("unsubscribe from topic \(topic) failed: the agent is not subscribed") }
  }

  // MARK: Publishing

  /// Triggers every agent that is subscribed to `topic`, each once, in the order of subscription.
  /// - Throws: the error of an agent; the agents behind it are not triggered then.
  public func publish<Message>(_ topic: Topic<Message>, _ message: Message) throws {
    let exact = AnyHashable(topic)
    var served: Set<ObjectIdentifier> = []
    // Of this moment: an agent may subscribe others.
    for entry in entries where entry.topic == exact || entry.matches?(topic.name) == true {
      if let identity = entry.identity, !served.insert(identity).inserted { continue }
      if try entry.deliver(topic, message) == false {
        tell("a message of topic \(topic) was lost: \(message)")
      }
    }
  }

  /// Triggers every agent that is subscribed to `topic`.
  /// - Throws: as `publish(_:_:)`.
  public func publish(_ topic: Topic<Void>) throws { try publish(topic, ()) }

  private func add<Message>(
    _ agent: Agent<Message>, topic: AnyHashable?, matches: ((String) -> Bool)?
  ) -> Subscription {
    count += 1
    let subscription = Subscription(number: count)
    let deliver = agent.deliver
    entries.append(
      Entry(subscription: subscription, topic: topic, matches: matches, identity: agent.identity) {
        topic, message in
        guard let topic = topic as? Topic<Message>, let message = message as? Message else { return nil }
        return try deliver(topic, message)
      })
    return subscription
  }

  private func isSame(_ entry: Entry, _ identity: ObjectIdentifier?) -> Bool {
    identity != nil && entry.identity == identity
  }

  private func tell(_ text: @autoclosure () -> String) {
    if isVerbose { writeToStandardError("Broker: \(text())") }
  }
}

/// The broker that the modules of a program share (`broker` of micropython-async).
@Firmware public let broker = Broker()
