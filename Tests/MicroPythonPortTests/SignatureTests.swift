import Testing

/// What a board's functions refuse, and in which words: every signature of `Signatures` is called with too few and too many
/// arguments, without what is required and with names that it has not.
@Suite struct SignatureTests {
  @Test("each function, method and class takes what a Pyboard's takes", arguments: SignatureProbe.modules)
  func signatures(module: String) throws {
    let probe = SignatureProbe(module: module)
    let run = try FirmwareRun(probe.program)
    #expect(run.output == "done\n", "\(run.end)")
  }
}

/// A program that calls the functions of a module wrongly and prints where the error is not a board's.
private struct SignatureProbe {
  static let modules = ["gc", "machine", "micropython", "os", "pyb", "select", "time", "vfs"]

  private struct Parameter {
    let name: String
    let isKeywordOnly: Bool
    let isRequired: Bool
    /// Something of its type.
    let value: String

    init(_ text: Substring) {
      var text = text
      isKeywordOnly = text.hasPrefix("=")
      if isKeywordOnly { text.removeFirst() }
      let parts = text.split(separator: ":")
      isRequired = parts[0].hasSuffix("!")
      let bare = parts[0].filter { $0 != "!" }
      name = bare == "_" ? "" : bare
      value = ["int": "0", "bool": "False"][parts[1]] ?? "None"
    }
  }

  /// What answers when it is called with nothing, although a parameter is required of those who give any.
  private static let answersNothing: Set = [
    "pyb.usb_mode", "pyb.Timer.channel", "pyb.mount", "os.mount", "vfs.mount",
  ]
  private static let staticMethods: Set = ["pyb.ADC.read_timed_multi", "pyb.ExtInt.regs"]
  private(set) var program: String

  init(module: String) {
    program = """
      import \(module)
      objects = {}
      def check(name, call, args, names, wanted):
          try:
              result = eval(call)(*args, **names)
          except Exception as e:
              if type(e) is not TypeError or str(e) != wanted:
                  print(name, args, names, repr(e), 'instead of', wanted)
          else:
              print(name, args, names, 'is taken instead of', wanted)

      """
    for (name, expression) in Signatures.objects where name.hasPrefix("\(module).") {
      program += "objects['\(name)'] = \(expression)\n"
    }
    for line in Signatures.table.split(separator: "\n") where line.hasPrefix("\(module).") { add(line) }
    program += "print('done')\n"
  }

  private mutating func add(_ line: Substring) {
    let words = line.split(separator: " ")
    let path = words[0].split(separator: ".")
    let isMethod =
      path.count == 3 && !Self.staticMethods.contains(String(words[0]))
      && Signatures.objects.contains { $0.key == path.dropLast().joined(separator: ".") }
    let call = isMethod ? "objects['\(path[0]).\(path[1])'].\(path[2])" : String(words[0])
    let receiver = isMethod ? 1 : 0
    let least = Int(words[1]) ?? 0
    let most = Int(words[2])
    func check(_ arguments: [String], names: String = "", _ wanted: String) {
      let tuple = arguments.map { $0 + ", " }.joined()
      program += "check('\(words[0])', \"\(call)\", (\(tuple)), {\(names)}, \"\(wanted)\")\n"
    }
    func values(_ count: Int, _ value: String = "None") -> [String] {
      Array(repeating: value, count: max(0, count - receiver))
    }
    if least > receiver { check(values(least - 1), wrongCount(least, most, given: least - 1)) }
    if let most { check(values(most + 1), wrongCount(least, most, given: most + 1)) }
    if most != nil { check(values(least), names: "'zzz': 1", "function doesn't take keyword arguments") }
    let parameters = words.dropFirst(3).map(Parameter.init)
    guard !parameters.isEmpty else { return }
    let before = values(least, "1")
    let required = parameters.filter(\.isRequired)
    let positional = parameters.filter { !$0.isKeywordOnly }
    let names = required.filter(\.isKeywordOnly).map { "'\($0.name)': \($0.value), " }.joined()
    if let first = required.first, !Self.answersNothing.contains(String(words[0])) {
      check(before, "'\(first.name)' argument required")
    }
    check(
      before + positional.filter(\.isRequired).map(\.value), names: names + "'zzz': 1",
      "extra keyword arguments given")
    check(before + positional.map(\.value) + ["1"], names: names, "extra positional arguments given")
  }

  /// As `mp_arg_check_num_sig` in py/argcheck.c says it.
  private func wrongCount(_ least: Int, _ most: Int?, given: Int) -> String {
    if least == most { return "function takes \(least) positional arguments but \(given) were given" }
    if given < least { return "function missing \(least - given) required positional arguments" }
    return "function expected at most \(most ?? least) arguments, got \(given)"
  }
}
