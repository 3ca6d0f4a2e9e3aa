/// How a board sorts the arguments of a call by its parameters, which also decides on the texts of its errors.
package enum ArgumentRules {
  /// Their number is checked (`MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN`); as soon as a parameter is a `.keyword`, as `named`.
  case counted
  /// Each can be given by its name (`mp_arg_parse_all`), but those of `.leading` parameters.
  case named
  /// As in a function written in Python, which it is on the board.
  case python
}

/// The names of a signature's parameters, and how the arguments of a call are sorted by them.
final class ParameterNames {
  private let rules: ArgumentRules
  /// Those in front, which have no names.
  let leading: Int
  /// Of those by position without the leading ones, and of those by name only; in order.
  private let positional: [String]
  private let keywordOnly: [String]
  /// How many must be given, without the leading ones.
  private let required: Int
  /// Whether what is left over is handed on as it is.
  let hasRest: Bool
  private let restHasNames: Bool
  /// How many there are before those that a list is given, as functions in Python count them: the receiver of a method.
  private let receivers: Int
  /// How many arguments by position, and none by name, need no sorting.
  let leastInOrder: Int
  let mostInOrder: Int

  init(_ rules: ArgumentRules, receivers: Int, _ parameters: [ParameterName]) {
    let leading = parameters.prefix { $0.passing == .leading }.count
    let named = parameters.dropFirst(leading)
    self.leading = leading
    positional = named.filter { $0.passing == .position }.map(\.name)
    keywordOnly = named.filter { $0.passing == .keyword }.map(\.name)
    required = named.count { $0.isRequired }
    restHasNames = parameters.contains { $0.passing == .rest }
    hasRest = restHasNames || parameters.contains { $0.passing == .variadic }
    self.rules =
      rules == .counted && (leading > 0 && !positional.isEmpty || !keywordOnly.isEmpty) ? .named : rules
    self.receivers = receivers
    leastInOrder = leading + required
    mostInOrder = hasRest ? -1 : leading + positional.count
  }

  /// Of a function without parameters.
  convenience init(_ rules: ArgumentRules, receivers: Int = 0) {
    self.init(rules, receivers: receivers, [])
  }

  /// How many arguments a call may have by position, beside the receiver; the interpreter checks it before it calls a function.
  var counts: ClosedRange<Int> {
    if hasRest { return leastInOrder...Int.max }
    return rules == .counted ? leastInOrder...mostInOrder : leading...Int.max
  }

  var takesKeywords: Bool { rules != .counted || restHasNames }

  /// Checks the number of arguments, for calls that the interpreter has not checked.
  func check(_ arguments: Arguments, _ vm: Interpreter) throws(Raised) {
    if takesKeywords {
      guard arguments.count < counts.lowerBound else { return }
      throw vm.error(
        .typeError,
        "function missing \(counts.lowerBound - arguments.count) required positional arguments")
    }
    try vm.require(arguments, counts)
  }

  /// Whether each argument is at its parameter's place, and those that are not given have defaults.
  @inline(__always)
  func areInOrder(_ arguments: Arguments) -> Bool {
    arguments.keywordNames == nil && arguments.count >= leastInOrder && arguments.count <= mostInOrder
  }

  /// The arguments in the order of their parameters, `unbound` where none is given.
  func sorted(_ arguments: Arguments, _ vm: Interpreter) throws(Raised) -> [Value] {
    switch rules {
    case .counted: return (0..<mostInOrder).map { arguments.optional($0) }
    case .named:
      return try Array(arguments.positional.prefix(leading))
        + vm.parse(
          arguments.dropFirst(leading), positional: positional, required: required, keywordOnly: keywordOnly)
    case .python: return try sortedAsInPython(arguments, vm)
    }
  }

  private func sortedAsInPython(_ arguments: Arguments, _ vm: Interpreter) throws(Raised) -> [Value] {
    func wrongCount(_ wanted: Int) -> Raised {
      vm.error(
        .typeError,
        "function takes \(wanted + receivers) positional arguments but \(arguments.count + receivers) were given"
      )
    }
    guard arguments.count <= positional.count else { throw wrongCount(positional.count) }
    if arguments.keywordCount == 0, arguments.count < required { throw wrongCount(required) }
    var values = (0..<positional.count).map { arguments.optional($0) }
    for index in 0..<arguments.keywordCount {
      let (name, value) = arguments.keyword(at: index)
      guard let place = positional.firstIndex(of: name.text) else {
        throw vm.error(.typeError, "unexpected keyword argument '\(name.text)'")
      }
      guard values[place].isUnbound else {
        throw vm.error(.typeError, "function got multiple values for argument '\(name.text)'")
      }
      values[place] = value
    }
    for index in (0..<required).reversed() where values[index].isUnbound {
      throw vm.error(.typeError, "function missing required positional argument #\(index + receivers)")
    }
    return values
  }
}

/// What sorting has to know of a parameter.
struct ParameterName {
  let name: String
  let passing: ParameterPassing
  let isRequired: Bool
}
