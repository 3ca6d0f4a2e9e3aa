/// `help`: about an object, or which modules there are.
enum HelpBuiltin {
  static func install(in vm: Interpreter) { vm.addBuiltinFunction("help", 0...1, help) }

  private static func help(_ vm: Interpreter, _ arguments: Arguments) throws(Raised) -> Value {
    var output = TextOutput()
    if arguments.count == 0 {
      output.write(
        """
        This is a virtual Pyboard: an emulator that runs MicroPython firmware.

        help(obj) tells about an object, help('modules') lists the built-in modules.

        """)
    } else if StringHandle(arguments[0])?.text == "modules" {
      listModules(vm, &output)
    } else {
      try describe(arguments[0], vm, &output)
    }
    vm.write(output.bytes)
    return .none
  }

  /// The names in columns, downwards first.
  private static func listModules(_ vm: Interpreter, _ output: inout TextOutput) {
    let names = (vm.nativeModuleNames + ["__main__", "builtins"]).sorted()
    let columnCount = 4
    let columnWidth = 18
    let rowCount = (names.count + columnCount - 1) / columnCount
    for row in 0..<rowCount {
      var line = ""
      for index in stride(from: row, to: names.count, by: rowCount) {
        line += names[index]
        if index + rowCount < names.count {
          repeat { line += " " } while line.utf8.count % columnWidth != 0
        }
      }
      output.write(line + "\n")
    }
    output.write("Plus any modules on the filesystem\n")
  }

  private static func describe(_ object: Value, _ vm: Interpreter, _ output: inout TextOutput) throws(Raised)
  {
    output.write("object ")
    try vm.print(object, .str, into: &output)
    output.write(" is of type \(vm.type(of: object).name)\n")
    var members =
      if let module = ModuleHandle(object) {
        module.globals.entries
      } else {
        (TypeHandle(object) ?? vm.type(of: object)).info.attributes.entries
      }
    if !object.isKind(.instance) && !object.isKind(.module) {
      // The board's tables of most types' names are in alphabetical order.
      members.sort { StringHandle(unchecked: $0.key).text < StringHandle(unchecked: $1.key).text }
    }
    for entry in members {
      output.write("  ")
      try vm.print(entry.key, .str, into: &output)
      output.write(" -- ")
      try vm.print(entry.value, .str, into: &output)
      output.write("\n")
    }
  }
}
