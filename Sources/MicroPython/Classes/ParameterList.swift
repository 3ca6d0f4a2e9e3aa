/// The parameters of one signature, and the arguments of a call as the Swift values that they describe.
///
/// A class: generic code that captures a pack itself is more than the compiler (6.3) can translate.
package final class ParameterList<each Argument> {
  private let parameters: (repeat PythonParameter<each Argument>)
  let names: ParameterNames

  /// - Parameter receivers: how many arguments a call has before those that `read` is given.
  package init(
    _ rules: ArgumentRules, receivers: Int = 0, _ parameters: repeat PythonParameter<each Argument>
  ) {
    var names: [ParameterName] = []
    // Not a loop: Swift 6.2.3 fails to optimise one over a pack of several types.
    repeat names.append((each parameters).asName)
    self.names = ParameterNames(rules, receivers: receivers, names)
    self.parameters = (repeat each parameters)
  }

  /// Checks the number of arguments, for calls that the interpreter has not checked.
  func check(_ arguments: Arguments, _ vm: Interpreter) throws(Raised) { try names.check(arguments, vm) }

  /// The arguments of a call, whose number is right.
  func read(_ arguments: Arguments, _ vm: Interpreter) throws(Raised) -> (repeat each Argument) {
    if names.hasRest || names.areInOrder(arguments) {
      var cursor = PositionCursor(arguments: arguments, vm: vm)
      return try (repeat cursor.next(each parameters))
    }
    var cursor = SortedCursor(arguments: arguments, names: names, vm: vm)
    let values = try (repeat cursor.next(each parameters))
    try cursor.end()
    return values
  }
}

private struct PositionCursor {
  let arguments: Arguments
  let vm: Interpreter
  var index = 0

  mutating func next<Argument>(_ parameter: PythonParameter<Argument>) throws(Raised) -> Argument {
    if let readRest = parameter.readRest { return readRest(arguments.dropFirst(min(index, arguments.count))) }
    defer { index += 1 }
    return try parameter.read(vm, arguments.optional(index))
  }
}

private struct SortedCursor {
  let arguments: Arguments
  let names: ParameterNames
  let vm: Interpreter
  var index = 0
  /// Once there is a parameter that can be given by name: a board looks at those before it first.
  var values: [Value]?

  mutating func next<Argument>(_ parameter: PythonParameter<Argument>) throws(Raised) -> Argument {
    defer { index += 1 }
    if index < names.leading { return try parameter.read(vm, arguments[index]) }
    if let values { return try parameter.read(vm, values[index]) }
    let sorted = try names.sorted(arguments, vm)
    values = sorted
    return try parameter.read(vm, sorted[index])
  }

  /// Refuses arguments for which there is no parameter.
  func end() throws(Raised) {
    if values == nil { _ = try names.sorted(arguments, vm) }
  }
}

/// Arguments that one method or several take as one Swift value, for methods with more options than a closure
/// has room for.
///
///     struct Setup { var frequency: Value?; var isHard: Bool }
///     static let setup = Signature(Setup.init, .keyword("freq", .value), .keyword("hard", .bool, default: true))
package struct Signature<Options> {
  private let readAll: (Arguments, Interpreter) throws(Raised) -> Options
  let names: ParameterNames

  /// - Parameter make: usually the memberwise initialiser of a struct, whose properties stand in the order of the parameters.
  package init<each Argument>(
    _ make: @escaping (repeat each Argument) -> Options, rules: ArgumentRules = .counted,
    _ parameters: repeat PythonParameter<each Argument>
  ) {
    let list = ParameterList(rules, repeat each parameters)
    names = list.names
    readAll = Self.reader(list, make)
  }

  private static func reader<each Argument>(
    _ list: ParameterList<repeat each Argument>, _ make: @escaping (repeat each Argument) -> Options
  ) -> (Arguments, Interpreter) throws(Raised) -> Options {
    { (arguments, vm) throws(Raised) in
      try list.check(arguments, vm)
      let values = try list.read(arguments, vm)
      return make(repeat each values)
    }
  }

  /// The options that a call gives.
  package func read(_ arguments: Arguments, _ vm: Interpreter) throws(Raised) -> Options {
    try readAll(arguments, vm)
  }
}
