/// How an argument becomes a Swift value, and the board's error for one of another type.
package struct ArgumentType<Argument> {
  package typealias Reader = (Interpreter, Value) throws(Raised) -> Argument
  package let read: Reader

  package init(_ read: @escaping Reader) { self.read = read }
}

extension ArgumentType<Value> {
  /// Anything.
  package static var value: Self { Self { _, value in value } }

  /// Something that can be called, or None.
  package static var callback: Self {
    Self { (vm, value) throws(Raised) in
      guard value.isNone || vm.isCallable(value) else {
        throw vm.error(.valueError, "callback must be None or a callable object")
      }
      return value
    }
  }
}

extension ArgumentType<Int> {
  package static var int: Self { Self { (vm, value) throws(Raised) in try vm.int(value) } }
}

extension ArgumentType<Int> {
  /// With more bits than a board's word has.
  package static var wideInt: Self { Self { (vm, value) throws(Raised) in try vm.wideInt(value) } }
}

extension ArgumentType<BigInt> {
  /// An integer of any size.
  static var bigInt: Self { Self { (vm, value) throws(Raised) in try vm.bigInt(value) } }
}

extension ArgumentType<Bool> {
  /// The truth of anything.
  package static var bool: Self { Self { (vm, value) throws(Raised) in try vm.isTrue(value) } }
}

extension ArgumentType<Double> {
  package static var float: Self { Self { (vm, value) throws(Raised) in try vm.double(value) } }
}

extension ArgumentType<String> {
  package static var string: Self { Self { (vm, value) throws(Raised) in try vm.string(value) } }
}

extension ArgumentType<[UInt8]> {
  /// The contents of anything bytes-like, or of a str.
  package static var bytes: Self { Self { (vm, value) throws(Raised) in try vm.bytes(value) } }
}

extension ArgumentType<BufferView> {
  /// The memory of anything bytes-like; valid during the call.
  package static var buffer: Self { Self { (vm, value) throws(Raised) in try vm.buffer(value) } }
  /// Memory that may be written to; valid during the call.
  package static var writableBuffer: Self {
    Self { (vm, value) throws(Raised) in try vm.buffer(value, writable: true) }
  }
}

extension ArgumentType<any NativeStream> {
  /// Something that bytes can be read from or written to.
  package static var stream: Self { Self { (vm, value) throws(Raised) in try vm.stream(value) } }
}

extension ArgumentType<[Value]> {
  /// The items of a tuple or list.
  package static var items: Self { Self { (vm, value) throws(Raised) in try vm.sequenceItems(value) } }
}

extension ArgumentType<[Int]> {
  /// Integers, in a tuple or list.
  package static var integers: Self {
    Self { (vm, value) throws(Raised) in
      var integers: [Int] = []
      for item in try vm.sequenceItems(value) { integers.append(try vm.int(item)) }
      return integers
    }
  }
}

extension ArgumentType {
  /// The same, but None stands for nil.
  package static func orNone<Wrapped>(_ type: ArgumentType<Wrapped>) -> Self where Argument == Wrapped? {
    Self { (vm, value) throws(Raised) in value.isNone ? nil : try type.read(vm, value) }
  }
}

enum ParameterPassing {
  /// By position only.
  case leading
  /// By position; by name too in a signature that has names.
  case position
  /// By name only.
  case keyword
  /// The remaining arguments by position, unchecked.
  case variadic
  /// The remaining arguments by position and by name, unchecked.
  case rest
}

/// A parameter of a method or function that firmware can call: its name, its type, and the default for an
/// argument that was not given.
///
/// A board checks arguments in one of two ways, with different error texts, and the description says which. Functions that take
/// their arguments by position count them (`MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN`); as soon as one can be given by name,
/// they are sorted by name (`mp_arg_parse_all`).
package struct PythonParameter<Argument> {
  private let name: String
  private let passing: ParameterPassing
  private let isRequired: Bool
  /// Gets `unbound` where nothing was given.
  let read: (Interpreter, Value) throws(Raised) -> Argument
  /// For `rest`.
  let readRest: ((Arguments) -> Argument)?

  private init(
    name: String, passing: ParameterPassing, isRequired: Bool,
    readRest: ((Arguments) -> Argument)? = nil,
    read: @escaping (Interpreter, Value) throws(Raised) -> Argument
  ) {
    self.name = name
    self.passing = passing
    self.isRequired = isRequired
    self.readRest = readRest
    self.read = read
  }

  var asName: ParameterName { ParameterName(name: name, passing: passing, isRequired: isRequired) }

  /// Must be given.
  package static func required(_ name: String, _ type: ArgumentType<Argument>) -> Self {
    Self(name: name, passing: .position, isRequired: true, read: type.read)
  }

  /// Must be given, by position only, before others that can be given by name.
  package static func leading(_ name: String, _ type: ArgumentType<Argument>) -> Self {
    Self(name: name, passing: .leading, isRequired: true, read: type.read)
  }

  /// May be left out, which is nil.
  package static func optional<Given>(
    _ name: String, _ type: ArgumentType<Given>
  ) -> Self where Argument == Given? {
    leftOut(name, .position, type)
  }

  /// May be left out, which is `fallback`.
  package static func optional(
    _ name: String, _ type: ArgumentType<Argument>, default fallback: Argument
  ) -> Self {
    leftOut(name, .position, type, fallback)
  }

  /// By name only; may be left out, which is nil.
  package static func keyword<Given>(
    _ name: String, _ type: ArgumentType<Given>
  ) -> Self where Argument == Given? {
    leftOut(name, .keyword, type)
  }

  /// By name only; may be left out, which is `fallback`.
  package static func keyword(
    _ name: String, _ type: ArgumentType<Argument>, default fallback: Argument
  ) -> Self {
    leftOut(name, .keyword, type, fallback)
  }

  /// By name only; must be given. Such parameters come before those by name that may be left out.
  package static func requiredKeyword(_ name: String, _ type: ArgumentType<Argument>) -> Self {
    Self(name: name, passing: .keyword, isRequired: true, read: type.read)
  }

  private static func leftOut<Given>(
    _ name: String, _ passing: ParameterPassing, _ type: ArgumentType<Given>
  ) -> Self where Argument == Given? {
    Self(name: name, passing: passing, isRequired: false) { (vm, value) throws(Raised) in
      value.isUnbound ? nil : try type.read(vm, value)
    }
  }

  private static func leftOut(
    _ name: String, _ passing: ParameterPassing, _ type: ArgumentType<Argument>, _ fallback: Argument
  ) -> Self {
    Self(name: name, passing: passing, isRequired: false) { (vm, value) throws(Raised) in
      value.isUnbound ? fallback : try type.read(vm, value)
    }
  }
}

extension PythonParameter<Arguments> {
  /// Any number of arguments by position after the parameters before it.
  package static func variadic(_ name: String) -> Self { remaining(name, .variadic) }

  /// The arguments after the parameters before it, by position and by name, for a `Signature` that the body
  /// chooses.
  package static var rest: Self { remaining("", .rest) }

  private static func remaining(_ name: String, _ passing: ParameterPassing) -> Self {
    PythonParameter(
      name: name, passing: passing, isRequired: false, readRest: { $0 },
      read: { _, _ in preconditionFailure("read as a whole") })
  }
}
