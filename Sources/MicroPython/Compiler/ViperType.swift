/// The type of a value, as far as viper knows it while it compiles.
enum ViperType: String, Sendable {
  case object, bool, int, uint, ptr, ptr8, ptr16, ptr32
  /// The constant None.
  case none = "None"
  /// The name of a type itself, as in `int(x)`.
  case cast

  /// The type that an annotation names.
  init?(annotation name: String) {
    guard let type = ViperType(rawValue: name), type != .none, type != .cast else { return nil }
    self = type
  }

  /// The type to which a call of the global `name` converts.
  init?(castNamed name: String) {
    guard let type = ViperType(annotation: name), type != .object else { return nil }
    self = type
  }

  /// A machine word that arithmetic works on.
  var isInteger: Bool { self == .int || self == .uint }

  var isPointer: Bool { self == .ptr || itemWidth != nil }

  /// Bytes of the item that a pointer points to; nil for all other types.
  var itemWidth: Int? {
    switch self {
    case .ptr8: 1
    case .ptr16: 2
    case .ptr32: 4
    default: nil
    }
  }

  /// As messages name it.
  var text: String { self == .cast ? "None" : rawValue }

  /// The type of a constant. Integers of more than 31 bits are objects on the board.
  init(of constant: Constant) {
    switch constant {
    case .none: self = .none
    case .true, .false: self = .bool
    case .int(let value): self = (-1 << 30..<1 << 30).contains(value) ? .int : .object
    default: self = .object
    }
  }
}
