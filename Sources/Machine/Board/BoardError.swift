/// A pin that the board does not have, or a wire that cannot be.
public enum BoardError: Error, Hashable, CustomStringConvertible {
  case noSuchPin(String, available: String)
  /// A pin that a device does not have.
  case noSuchTerminal(String, device: String, available: [String])
  /// A wire from a pin to itself, under any names.
  case wireToItself(String, String)
  /// Not of the form `X1-X2`.
  case malformedWire(String)
  /// Two parts of one name.
  case sameName(String)
  /// A part of the board file refers to one that is not there.
  case missingPart(String, neededBy: String)

  public var description: String {
    switch self {
    case .noSuchPin(let name, let available): "pin \"\(name)\" is not on this board (\(available))"
    case .noSuchTerminal(let name, let device, let available):
      "\(device) has no pin \"\(name)\"\(didYouMean(name, available)) (\(available.joined(separator: ", ")))"
    case .wireToItself(let first, let second):
      first == second ? "a wire from \(first) to itself" : "\(first) and \(second) are the same pin"
    case .malformedWire(let text): "\"\(text)\" is not a wire: name two pins, as in X1-X2"
    case .missingPart(let name, let user): "\(user) needs \(name), which this board does not have"
    case .sameName(let name): "two parts are called \"\(name)\""
    }
  }
}
