import MicroPython

extension Interpreter {
  /// A tuple whose fields have names, as `os.uname()` returns it. Its type is not shared: for values made once.
  func namedTuple(_ name: String, _ fields: [(name: String, value: Value)]) -> Value {
    let type = heap.temporaryType(name, bases: [heap.types.tuple], boardBytes: 0)
    let tuple = heap.tuple(count: fields.count, type: type)
    for (index, field) in fields.enumerated() { tuple[index] = field.value }
    // Interned names live as long as the heap; a closure may capture them, other values it may not.
    let names = fields.map { heap.intern($0.name) }
    let texts = fields.map(\.name)
    type.info.getAttribute = { _, object, wanted in
      guard let index = names.firstIndex(of: wanted), let tuple = TupleHandle(object) else { return .unbound }
      return tuple[index]
    }
    type.info.print = { (vm, object, _, output) throws(Raised) in
      guard let tuple = TupleHandle(object) else { return }
      output.write("\(name)(")
      for index in 0..<tuple.count {
        output.write((index > 0 ? ", " : "") + texts[index] + "=")
        try vm.print(tuple[index], .repr, into: &output)
      }
      output.write(")")
    }
    return tuple.value
  }
}
