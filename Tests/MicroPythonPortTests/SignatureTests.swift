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

  @Test("asyncio's functions take their arguments by position and by name, as on a Pyboard")
  func asyncioInPython() throws {
    let run = try FirmwareRun(
      AsyncioProbe().program + "print(hasattr(asyncio.ThreadSafeFlag(), 'is_set'))\n")
    #expect(run.output == "done\nFalse\n", "\(run.end)")
  }

  @Test("what a Pyboard takes as an array is a tuple or a list")
  func arrays() throws {
    let run = try FirmwareRun(
      """
      import machine, pyb, select
      for call in (
          lambda: pyb.RTC().datetime({2024: 2}), lambda: select.select(range(1), [], []),
          lambda: machine.SoftI2C('Y1', 'Y2').writevto(9, iter([b'a'])),
          lambda: pyb.ADC.read_timed_multi({1}, [b''], 10),
          lambda: machine.bitstream('X1', 0, range(4), b'')):
          try:
              call()
          except TypeError as error:
              print(error)
      """)
    #expect(
      run.output == """
        object 'dict' isn't a tuple or list
        object 'range' isn't a tuple or list
        object 'iterator' isn't a tuple or list
        object 'set' isn't a tuple or list
        object 'range' isn't a tuple or list

        """)
  }

  @Test("asyncio's native classes take nothing by name")
  func asyncioInC() throws {
    var program = "import asyncio\nasync def idle(): pass\n" + SignatureProbe.check
    for line in AsyncioSignatures.native.split(separator: "\n") {
      let words = line.split(separator: " ")
      // The receiver of a method counts.
      let receiver = words[0].contains(").") ? 1 : 0
      let (least, most) = (Int(words[1]) ?? 0, Int(words[2]) ?? 0)
      for count in [least - 1, most + 1] where count >= 0 {
        let wanted = SignatureProbe.wrongCount(least + receiver, most + receiver, given: count + receiver)
        program += "check('\(words[0])', \"\(words[0])\", (None,) * \(count), {}, \"\(wanted)\")\n"
      }
      program += "check('\(words[0])', \"\(words[0])\", (None,) * \(least), {'zzz': 1}, "
      program += "\"function doesn't take keyword arguments\")\n"
    }
    let run = try FirmwareRun(program + "print('done')\n")
    #expect(run.output == "done\n", "\(run.end)")
  }
}

/// A program that calls asyncio's functions wrongly and by name, and prints where they do not answer as functions written in
/// Python do (`fun_pos_args_mismatch` and what follows it in py/bc.c).
private struct AsyncioProbe {
  private(set) var program = """
    import asyncio, asyncio.stream, io
    async def idle(): pass
    \(SignatureProbe.check)
    texts = ('positional arg', 'keyword arg', 'multiple values')
    def taken(name, call, names):
        try:
            eval(call)(**names)
        except BaseException as e:
            if type(e) is TypeError and any(text in str(e) for text in texts):
                print(name, names, repr(e))

    """

  init() {
    for (name, expression) in AsyncioSignatures.objects {
      program += "objects['\(name)'] = \(expression)\n"
    }
    for line in AsyncioSignatures.python.split(separator: "\n") { add(line) }
    program += "print('done')\n"
  }

  private mutating func add(_ line: Substring) {
    let words = line.split(separator: " ")
    let path = words[0].split(separator: ".")
    let isMethod = path.count == 2 && path[0] != "Loop"
    let isClass = path.count == 1 && path[0].first?.isUppercase == true
    let call = isMethod ? "objects['\(path[0])'].\(path[1])" : "asyncio.\(words[0])"
    let receiver = isMethod || isClass ? 1 : 0
    let parameters = words.dropFirst().map { $0.filter { $0 != "?" } }
    let required = words.dropFirst().count { !$0.hasSuffix("?") }
    func check(_ count: Int, names: String = "", _ wanted: String) {
      program += "check('\(words[0])', \"\(call)\", (None,) * \(count), {\(names)}, \"\(wanted)\")\n"
    }
    func wrongCount(_ wanted: Int, _ given: Int) -> String {
      "function takes \(wanted + receiver) positional arguments but \(given + receiver) were given"
    }
    if required > 0 { check(required - 1, wrongCount(required, required - 1)) }
    check(parameters.count + 1, wrongCount(parameters.count, parameters.count + 1))
    check(required, names: "'zzz': 1", "unexpected keyword argument 'zzz'")
    guard let first = parameters.first else { return }
    check(max(1, required), names: "'\(first)': 1", "function got multiple values for argument '\(first)'")
    let names = parameters.map { "'\($0)': None, " }.joined()
    program += "taken('\(words[0])', \"\(call)\", {\(names)})\n"
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
  /// Calls a function and prints where its error is not the wanted one.
  static let check = """
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
  private(set) var program: String

  init(module: String) {
    program = "import \(module)\n" + Self.check
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
    if least > receiver { check(values(least - 1), Self.wrongCount(least, most, given: least - 1)) }
    if let most { check(values(most + 1), Self.wrongCount(least, most, given: most + 1)) }
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
  static func wrongCount(_ least: Int, _ most: Int?, given: Int) -> String {
    if least == most { return "function takes \(least) positional arguments but \(given) were given" }
    if given < least { return "function missing \(least - given) required positional arguments" }
    return "function expected at most \(most ?? least) arguments, got \(given)"
  }
}
