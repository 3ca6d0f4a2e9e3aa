/// Keyword arguments of built-ins.
extension Interpreter {
  /// Sorts the arguments of a built-in by parameter.
  ///
  /// - Parameters:
  ///   - positional: names of parameters that may be given by position or by name.
  ///   - required: how many of them must be given.
  ///   - keywordOnly: names of parameters that can only be given by name.
  /// - Returns: a value for every parameter, positional ones first; `unbound` where none was given.
  package func parse(
    _ arguments: Arguments, positional: [String], required: Int, keywordOnly: [String] = []
  ) throws(Raised) -> [Value] {
    let parameters = positional + keywordOnly
    var values = [Value](repeating: .unbound, count: parameters.count)
    for index in 0..<min(arguments.count, positional.count) { values[index] = arguments[index] }
    var hasUnknownName = false
    for index in 0..<arguments.keywordCount {
      let (name, value) = arguments.keyword(at: index)
      let text = name.text
      guard let position = parameters.firstIndex(of: text), values[position].isUnbound else {
        hasUnknownName = true
        continue
      }
      values[position] = value
    }
    for index in 0..<required where values[index].isUnbound {
      throw error(.typeError, "'\(parameters[index])' argument required")
    }
    // Extra arguments are checked after missing ones (`mp_arg_parse_all` in py/argcheck.c).
    if arguments.count > positional.count { throw error(.typeError, "extra positional arguments given") }
    if hasUnknownName { throw error(.typeError, "extra keyword arguments given") }
    return values
  }
}
