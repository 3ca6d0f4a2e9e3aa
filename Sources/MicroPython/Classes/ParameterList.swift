/// The parameters of one signature, and how the arguments of a call are sorted by them.
///
/// A class: generic code that captures a pack itself is more than the compiler (6.3) can translate.
package final class ParameterList<each Argument> {
  private let parameters: (repeat PythonParameter<each Argument>)
  /// The names of those by position, which come first, and of those by name only; in order.
  private let positional: [String]
  private let keywordOnly: [String]
  private let requiredCount: Int
  private let isByName: Bool
  private let hasRest: Bool

  /// - Parameter named: whether arguments can be given by name; taken as true where one can only be given so.
  package init(named: Bool, _ parameters: repeat PythonParameter<each Argument>) {
    var positional: [String] = []
    var keywordOnly: [String] = []
    var requiredCount = 0
    var hasRest = false
    for parameter in repeat each parameters {
      switch parameter.passing {
      case .position: positional.append(parameter.name)
      case .keyword: keywordOnly.append(parameter.name)
      case .rest:
        hasRest = true
        continue
      }
      if parameter.isRequired { requiredCount += 1 }
    }
    self.parameters = (repeat each parameters)
    self.positional = positional
    self.keywordOnly = keywordOnly
    self.requiredCount = requiredCount
    isByName = named || !keywordOnly.isEmpty
    self.hasRest = hasRest
  }

  /// How many arguments a call may have by position, beside those that `read` is not given; the interpreter checks it before it
  /// calls a function.
  var counts: ClosedRange<Int> {
    if hasRest { return requiredCount...Int.max }
    return isByName ? 0...Int.max : requiredCount...positional.count
  }

  var takesKeywords: Bool { isByName || hasRest }

  /// Checks the number of arguments, for calls that the interpreter has not checked.
  func check(_ arguments: Arguments, _ vm: Interpreter) throws(Raised) {
    if hasRest {
      guard arguments.count < requiredCount else { return }
      throw vm.error(
        .typeError, "function missing \(requiredCount - arguments.count) required positional arguments")
    }
    if !isByName { try vm.require(arguments, counts) }
  }

  /// The arguments of a call, whose number is right.
  func read(_ arguments: Arguments, _ vm: Interpreter) throws(Raised) -> (repeat each Argument) {
    if isByName {
      var cursor = NamedCursor(
        values: try vm.parse(
          arguments, positional: positional, required: requiredCount, keywordOnly: keywordOnly),
        vm: vm)
      return try (repeat cursor.next(each parameters))
    }
    var cursor = PositionCursor(arguments: arguments, vm: vm)
    return try (repeat cursor.next(each parameters))
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

private struct NamedCursor {
  let values: [Value]
  let vm: Interpreter
  var index = 0

  mutating func next<Argument>(_ parameter: PythonParameter<Argument>) throws(Raised) -> Argument {
    defer { index += 1 }
    return try parameter.read(vm, values[index])
  }
}

/// Arguments that one method or several take as one Swift value, for methods with more options than a closure
/// has room for.
///
///     struct Setup { var frequency: Value?; var isHard: Bool }
///     static let setup = Signature(Setup.init, .keyword("freq", .value), .keyword("hard", .bool, default: true))
package struct Signature<Options> {
  private let readAll: (Arguments, Interpreter) throws(Raised) -> Options
  let counts: ClosedRange<Int>
  let takesKeywords: Bool

  /// - Parameters:
  ///   - make: usually the memberwise initialiser of a struct, whose properties stand in the order of the parameters.
  ///   - named: whether arguments can be given by name; taken as true where one can only be given so.
  package init<each Argument>(
    _ make: @escaping (repeat each Argument) -> Options, named: Bool = false,
    _ parameters: repeat PythonParameter<each Argument>
  ) {
    let list = ParameterList(named: named, repeat each parameters)
    counts = list.counts
    takesKeywords = list.takesKeywords
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
