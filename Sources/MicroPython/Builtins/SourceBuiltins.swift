/// Built-in functions that run source text or need the running frame: `exec`, `eval`, `compile`, `globals`, `locals`
/// and `__import__`.
enum SourceBuiltins {
  static func install(in vm: Interpreter) {
    vm.addBuiltinFunction("compile", 3...6, compile)
    vm.addBuiltinFunction("eval", 1...3) { (vm, arguments) throws(Raised) in try run(vm, arguments, .eval) }
    vm.addBuiltinFunction("exec", 1...3) { (vm, arguments) throws(Raised) in try run(vm, arguments, .exec) }
    vm.addBuiltinFunction("execfile", 1...3) { (vm, arguments) throws(Raised) in
      guard StringHandle(vm.native(of: arguments[0])) != nil, let finder = vm.sourceFinder else {
        throw vm.notText(arguments[0])
      }
      let file = try vm.string(arguments[0])
      return try run(vm, arguments, .exec, source: try finder.read(file), file: file)
    }
    vm.addBuiltinFunction("globals", 0...0) { (vm, _) throws(Raised) in
      try vm.enterPresetModules(in: vm.runningGlobals)
      return vm.runningGlobals.value
    }
    vm.addBuiltinFunction("locals", 0...0) { (vm, _) throws(Raised) in
      try vm.enterPresetModules(in: vm.runningLocals)
      return vm.runningLocals.value
    }
    vm.defaultImporter = vm.heap.function("__import__", 1...5, importModule)
    vm.addBuiltin("__import__", vm.defaultImporter)
    vm.heap.permanentRoots.append(vm.defaultImporter)
  }

  /// `exec` and `eval`: text or a code object, with globals and locals of its own or those of the caller. `execfile`: the
  /// text of a file.
  private static func run(
    _ vm: Interpreter, _ arguments: Arguments, _ mode: SourceMode, source: [UInt8]? = nil,
    file: String = "<string>"
  ) throws(Raised) -> Value {
    var globals = vm.runningGlobals
    var locals = vm.runningLocals
    for index in 1..<3 {
      let argument = arguments.optional(index)
      if argument.isUnbound || argument.isNone { continue }
      guard let dict = DictHandle(argument) else { throw vm.error(.typeError) }
      locals = dict
      if index == 1 { globals = dict }
    }
    let code: CodeHandle
    if source == nil, let compiled = CodeHandle(arguments[0]) {
      code = compiled
    } else {
      let hasOwnLocals = locals.pointer != globals.pointer
      let text: [UInt8]
      if let source { text = source } else { text = try vm.bytes(arguments[0]) }
      code = try load(vm, text, file, mode, usesNames: hasOwnLocals)
    }
    let function = vm.function(code, globals: globals)
    return try vm.run(body: FunctionHandle(unchecked: function), locals: locals)
  }

  private static func compile(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let source = try vm.bytes(arguments[0])
    let file = try vm.string(arguments[1])
    guard let mode = SourceMode(rawValue: try vm.string(arguments[2])) else {
      throw vm.error(.valueError, "bad compile mode")
    }
    // The dicts that the code will run with are not known yet.
    return try load(vm, source, file, mode, usesNames: true).value
  }

  private static func load(
    _ vm: Interpreter, _ source: [UInt8], _ file: String, _ mode: SourceMode, usesNames: Bool
  ) throws(Raised) -> CodeHandle {
    try vm.passTime(Int64(source.count) * ImportTime.byteCost)
    vm.noteSource(source)
    return try vm.compile(source, file: file, mode, usesNames: usesNames)
  }

  /// `__import__(name, globals, locals, fromlist, level)`. A relative import looks at the globals; nothing looks at the
  /// locals.
  private static func importModule(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    let name = try vm.string(arguments[0])
    let fromList = arguments.optional(3)
    let level = arguments.count > 4 ? try vm.int(arguments[4]) : 0
    if level < 0 { throw vm.error(.valueError) }
    var globals = vm.runningGlobals
    let given = arguments.optional(1)
    if level > 0, !given.isUnbound, !given.isNone {
      guard let dict = DictHandle(given) else { throw vm.error(.typeError) }
      globals = dict
    }
    return try vm.importModule(
      name, globals: globals, hasFromList: !fromList.isUnbound && !fromList.isNone, level: level)
  }
}

extension Interpreter {
  /// The globals of the code that runs.
  var runningGlobals: DictHandle { DictHandle(pointer: state.pointee.frame.pointee.globals) }
  /// The names that the running code sees first: those of a class body or of `exec`, otherwise the globals.
  var runningLocals: DictHandle { DictHandle(state.pointee.frame.pointee.locals) ?? runningGlobals }
}
