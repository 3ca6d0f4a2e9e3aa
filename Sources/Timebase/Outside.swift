/// The ways by which what lies outside of a board's loop reaches it. Belongs to the clock, and to its thread.
public final class Outside {
  private struct Member {
    // A link leaves before it goes, at the latest in its `deinit`, where only its identity can be asked for.
    unowned let link: any OutsideLink
    let identity: ObjectIdentifier
  }

  private var members: [Member] = []

  /// Does nothing for a link that has joined already.
  public func join(_ link: any OutsideLink) {
    let identity = ObjectIdentifier(link)
    if members.contains(where: { $0.identity == identity }) { return }
    members.append(Member(link: link, identity: identity))
  }

  /// Does nothing for a link that has not joined.
  public func leave(_ link: any OutsideLink) {
    let identity = ObjectIdentifier(link)
    members.removeAll { $0.identity == identity }
  }

  var mayStimulate: Bool { members.contains { $0.link.mayStimulate } }

  var mayAnswer: Bool { members.contains { $0.link.mayAnswer } }

  /// Whether something could still happen that no event of the board's brings.
  var mayMatter: Bool {
    members.contains { $0.link.mayStimulate || $0.link.isHeeded || $0.link.sharesProcessor }
  }

  func admitArrivals() {
    for member in members { member.link.admitArrivals() }
  }

  func idle(until: Instant?) -> IdleOutcome? {
    for member in members {
      if let outcome = member.link.idle(until: until) { return outcome }
    }
    return nil
  }
}
