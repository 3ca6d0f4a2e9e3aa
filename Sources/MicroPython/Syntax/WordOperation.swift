/// Viper's form of an expression on machine words. An `int` is kept as the integer that its 32 bits mean, a
/// `uint` and a pointer as one without sign, so that comparisons and jumps need nothing of their own.
indirect enum WordOperation: Sendable {
  /// Arithmetic that wraps around at 32 bits; the result is signed.
  case binary(BinaryOperator, Expression, Expression)
  case unary(UnaryOperator, Expression)
  /// The value as a word of a type, be it an object or a word of another type.
  case word(ViperType, Expression)
  /// The object that an integer is on the board, where wide ones take memory.
  case object(Expression)
  /// The item of `width` bytes at an index from a pointer.
  case load(width: Int, pointer: Expression, index: Expression)
}

/// Assignment to an item that a pointer leads to.
struct WordStore: Sendable {
  var width: Int
  var pointer: Expression
  var index: Expression
  /// For `pointer[index] op= value`.
  var operation: BinaryOperator?
  var value: Expression
}
