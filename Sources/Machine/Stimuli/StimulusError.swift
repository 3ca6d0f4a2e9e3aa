/// A stimulus that cannot be understood.
public enum StimulusError: Error, Hashable, CustomStringConvertible {
  case malformed(String)
  case badTime(String)
  /// An invalid condition behind `after`.
  case badTrigger(String)
  /// Neither `PART.CONTROL` nor an older name.
  case unknownAction(String, olderNames: [String])
  /// An older name, with what it takes.
  case badAlias(String, value: String, example: String)

  public var description: String {
    switch self {
    case .malformed(let text):
      "\"\(text)\" is not a stimulus (TIME:PART.CONTROL=VALUE, as in 3s:USR.pressed=1)"
    case .badTime(let text): "\"\(text)\" is not a time (20s, 1.5s, 500ms, 10us, 2m, 24h)"
    case .badTrigger(let text):
      "\"after \(text)\" is not something that happens (after X1=0, after X1 falls, after uart4.tx=OK, after room.temperature changes)"
    case .unknownAction(let name, let names):
      "\"\(name)\" is not an action (PART.CONTROL, as in USR.pressed, or \(names.joined(separator: ", ")))"
    case .badAlias(let name, let value, let example):
      "\"\(name)=\(value)\" is not understood (\(name)=\(example))"
    }
  }
}
