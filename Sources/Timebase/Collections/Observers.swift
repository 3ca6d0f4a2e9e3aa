/// Observers of one kind of event, some of them with a say in it, in the order in which they began. One never
/// silences another.
///
/// Not thread safe: it belongs to the thread of the observed object.
public final class Observers<Observer> {
  @usableFromInline var entries: [(number: Int, observer: Observer)] = []
  private var count = 0

  public init() {}

  @inlinable public var isEmpty: Bool { entries.isEmpty }

  /// The latest first.
  @inlinable public var latestFirst: some Sequence<Observer> { entries.reversed().lazy.map(\.observer) }

  /// - Returns: the observation that keeps `observer` here; the observer leaves when that is let go of, at
  ///   the latest.
  public func add(_ observer: Observer) -> Observation {
    count += 1
    let number = count
    entries.append((number, observer))
    return Observation { [weak self] in self?.entries.removeAll { $0.number == number } }
  }

  /// Observers that come or leave meanwhile do not change whom it calls.
  @inlinable public func callEach<Failure: Error>(_ body: (Observer) throws(Failure) -> Void) throws(Failure)
  {
    if entries.isEmpty { return }
    for entry in entries { try body(entry.observer) }
  }
}

/// The registration of an observer. It ends when this is let go of, at the latest.
public final class Observation {
  private var atEnd: (() -> Void)?

  public init(_ atEnd: @escaping () -> Void) { self.atEnd = atEnd }

  deinit { end() }

  /// Ends it; does nothing when it has ended.
  public func end() {
    let atEnd = atEnd
    self.atEnd = nil
    atEnd?()
  }
}
