/// How a file is opened: `"r"`, `"wb"`, `"a+"` …
struct FileMode {
  /// Behaviour when there is no such file, or already one.
  enum Creation { case none, truncate, exclusive, append }

  private(set) var isReadable = false
  private(set) var isWritable = false
  private(set) var creation = Creation.none
  private(set) var isText = true
  /// Whether one of the letters `rwxa` follows another one or `+`, which littlefs refuses.
  private(set) var isContradictory = false

  /// Letters that mean nothing are passed over, as on the board.
  init(_ text: String) {
    for letter in text {
      if "rwxa".contains(letter), isReadable || isWritable { isContradictory = true }
      switch letter {
      case "r": isReadable = true
      case "w": (isWritable, creation) = (true, .truncate)
      case "x": (isWritable, creation) = (true, .exclusive)
      case "a": (isWritable, creation) = (true, .append)
      case "+": (isReadable, isWritable) = (true, true)
      case "b": isText = false
      case "t": isText = true
      default: break
      }
    }
  }
}
