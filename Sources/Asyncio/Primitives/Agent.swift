/// A receiver that a broker triggers when a message is published (the agents of micropython-async's
/// `Broker`).
@Firmware
public struct Agent<Message> {
  /// Its identity when it is subscribed twice or unsubscribed; functions have none.
  let identity: ObjectIdentifier?
  /// - Returns: whether the message was kept whole; false if a queue lost one.
  let deliver: @Firmware (Topic<Message>, Message) throws -> Bool

  /// Puts messages into a queue. A message that finds it full is lost.
  public static func queue(_ queue: Queue<Publication<Message>>) -> Agent {
    Agent(identity: ObjectIdentifier(queue)) { topic, message in
      (try? queue.putNowait(Publication(topic: topic, message: message))) != nil
    }
  }

  /// Puts messages into a queue. When it is full, the oldest one is lost.
  public static func queue(_ queue: RingbufQueue<Publication<Message>>) -> Agent {
    Agent(identity: ObjectIdentifier(queue)) { topic, message in
      (try? queue.putNowait(Publication(topic: topic, message: message))) != nil
    }
  }

  /// Sets an event.
  public static func event(_ event: Event) -> Agent {
    Agent(identity: ObjectIdentifier(event)) { _, _ in
      event.set()
      return true
    }
  }

  /// Calls a function. `publish` rethrows its errors.
  public static func function(
    _ function: @escaping @Firmware (Topic<Message>, Message) throws -> Void
  ) -> Agent {
    Agent(identity: nil) { topic, message in
      try function(topic, message)
      return true
    }
  }

  /// Runs a coroutine as a task.
  public static func task(
    _ coroutine: @escaping @Firmware (Topic<Message>, Message) async throws -> Void
  ) -> Agent {
    Agent(identity: nil) { topic, message in
      createTask(name: "agent of \(topic)") { try await coroutine(topic, message) }
      return true
    }
  }

  /// Hands messages to an object of the program's own.
  public static func object<Object: MessageAgent>(_ object: Object) -> Agent
  where Object.Message == Message {
    Agent(identity: ObjectIdentifier(object)) { topic, message in
      try object.put(topic, message)
      return true
    }
  }
}

/// An object that gets messages from a broker (a subclass of `Agent` in micropython-async).
@Firmware
public protocol MessageAgent<Message>: AnyObject {
  associatedtype Message

  /// Called at each message; has to be quick. `publish` rethrows its errors.
  func put(_ topic: Topic<Message>, _ message: Message) throws
}
