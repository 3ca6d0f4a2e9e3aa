import Timebase

/// The tasks that wait for streams (MicroPython's `IOQueue`).
struct StreamWaits {
  struct Entry {
    let stream: any Pollable
    let identity: ObjectIdentifier
    var reader: NodePointer?
    var writer: NodePointer?

    var wanted: PollEvents {
      var events: PollEvents = []
      if reader != nil { events.insert(.readable) }
      if writer != nil { events.insert(.writable) }
      return events
    }
  }

  /// In the order in which waiting began: ready streams make their tasks ready in this order.
  private(set) var entries: [Entry] = []

  var needsTickPolling: Bool { entries.contains { $0.stream.needsTickPolling } }

  mutating func add(
    _ node: NodePointer, for stream: any Pollable, _ event: PollEvents
  ) throws(SchedulerError) {
    let identity = stream.pollIdentity
    let reads = event.contains(.readable)
    if let index = entries.firstIndex(where: { $0.identity == identity }) {
      guard (reads ? entries[index].reader : entries[index].writer) == nil else {
        throw SchedulerError.streamBusy
      }
      if reads { entries[index].reader = node } else { entries[index].writer = node }
    } else {
      entries.append(
        Entry(
          stream: stream, identity: identity, reader: reads ? node : nil, writer: reads ? nil : node))
    }
    node.pointee.place = .stream
  }

  /// The task that waits for a direction of a stream.
  func waiter(for stream: any Pollable, _ event: PollEvents) -> NodePointer? {
    let entry = entries.first { $0.identity == stream.pollIdentity }
    return event.contains(.readable) ? entry?.reader : entry?.writer
  }

  /// Forgets every stream that the task waits for. As in MicroPython, a task that waits for the other
  /// direction of the same stream is forgotten with it.
  /// - Returns: the tasks that lost their wait that way.
  mutating func remove(_ node: NodePointer) -> [NodePointer] {
    var lost: [NodePointer] = []
    entries.removeAll { entry in
      guard entry.reader == node || entry.writer == node else { return false }
      lost += [entry.reader, entry.writer].compactMap { $0 }.filter { $0 != node }
      return true
    }
    node.pointee.place = .nowhere
    return lost
  }

  /// Takes the tasks out that `events` of a stream wake: any event but `writable` wakes the reader, any but
  /// `readable` the writer.
  mutating func take(_ events: PollEvents, of identity: ObjectIdentifier) -> (
    reader: NodePointer?, writer: NodePointer?
  ) {
    guard let index = entries.firstIndex(where: { $0.identity == identity }) else { return (nil, nil) }
    var woken: (reader: NodePointer?, writer: NodePointer?) = (nil, nil)
    if !events.subtracting(.writable).isEmpty { swap(&woken.reader, &entries[index].reader) }
    if !events.subtracting(.readable).isEmpty { swap(&woken.writer, &entries[index].writer) }
    if entries[index].wanted.isEmpty { entries.remove(at: index) }
    woken.reader?.pointee.place = .nowhere
    woken.writer?.pointee.place = .nowhere
    return woken
  }

  /// Takes all tasks out.
  mutating func takeAll() -> [NodePointer] {
    let nodes = entries.flatMap { [$0.reader, $0.writer].compactMap { $0 } }
    for node in nodes { node.pointee.place = .nowhere }
    entries.removeAll()
    return nodes
  }
}
