/// A stimulus that cannot be understood.
public enum StimulusError: Error, Hashable, CustomStringConvertible {
  case malformed(String)
  case badTime(String)
  case unknownAction(String)
  case badTilt(String)
  case badPinLevel(String)
  case badTurn(String)

  public var description: String {
    switch self {
    case .malformed(let text):
      "\"\(text)\" is not a stimulus (TIME:ACTION=VALUE, as in 3s:press=USR)"
    case .badTime(let text): "\"\(text)\" is not a time (20s, 1.5s, 500ms, 10us, 2m, 24h)"
    case .unknownAction(let name): "\"\(name)\" is not an action (press, release, turn, tilt, pin)"
    case .badTilt(let text): "\"\(text)\" is not a tilt (X,Y,Z in counts from -32 to 31, as in 10,0,20)"
    case .badPinLevel(let text): "\"\(text)\" is not a level of a pin (PIN:0, PIN:1 or PIN:z)"
    case .badTurn(let text): "\"\(text)\" is not a turn of a knob (PIN-PIN:STEPS, as in X1-X2:-8)"
    }
  }
}
