/// A resistor that holds a line while nobody drives it.
public enum Pull: Sendable, Hashable {
  case none
  case up
  case down
}
