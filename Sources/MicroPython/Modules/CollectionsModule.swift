/// `collections`
enum CollectionsModule: PythonModule {
  static let name = "collections"
  static let aliases = ["ucollections"]

  static func define(_ module: PythonModuleBuilder<Interpreter>) {
    module.add(DequeClass.self)
    module.constant("OrderedDict", module.vm.heap.types.orderedDict.value)
    module.function("namedtuple", .required("name", .string), .required("fields", .value)) {
      call, name, given in
      let heap = call.vm.heap
      var fields: [Value] = []
      if let text = StringHandle(given) {
        for field in text.utf8.split(whereSeparator: { $0 == 0x20 || 0x09...0x0d ~= $0 }) {
          fields.append(heap.intern(Array(field)))
        }
      } else {
        for field in try call.vm.sequenceItems(given) {
          fields.append(heap.intern(try call.vm.string(field)))
        }
      }
      return call.vm.namedTupleType(name, fields).value
    }
  }
}

extension Interpreter {
  /// A tuple type whose items have names, too.
  package func namedTupleType(_ name: String, _ fields: [Value]) -> TypeHandle {
    let tuple = heap.types.tuple.info
    let type = heap.temporaryType(name, bases: [heap.types.tuple], boardBytes: 64 + 4 * fields.count)
    let info = type.info
    // Names are interned and therefore live as long as the heap.
    info.make = { (vm, type, args) throws(Raised) in
      guard args.count + args.keywordCount == fields.count else {
        throw vm.error(
          .typeError,
          "function takes \(fields.count) positional arguments but \(args.count + args.keywordCount) were given"
        )
      }
      let handle = vm.heap.tuple(count: fields.count, type: type)
      var isGiven = [Bool](repeating: false, count: fields.count)
      for index in 0..<args.count {
        handle[index] = args[index]
        isGiven[index] = true
      }
      for index in 0..<args.keywordCount {
        let keyword = args.keyword(at: index)
        guard let field = fields.firstIndex(of: keyword.name.value) else {
          throw vm.error(.typeError, "unexpected keyword argument '\(keyword.name.text)'")
        }
        if isGiven[field] {
          throw vm.error(.typeError, "function got multiple values for argument '\(keyword.name.text)'")
        }
        handle[field] = keyword.value
        isGiven[field] = true
      }
      return handle.value
    }
    info.print = { (vm, value, style, output) throws(Raised) in
      guard let items = TupleHandle(value) else { return }
      output.write(name + "(")
      for index in 0..<min(items.count, fields.count) {
        if index > 0 { output.write(", ") }
        output.write(StringHandle(unchecked: fields[index]).bytes)
        output.write("=")
        try vm.print(items[index], .repr, into: &output)
      }
      output.write(")")
    }
    info.getAttribute = { (vm, value, attribute) throws(Raised) in
      vm.charge(bytes: fields.count * Heap.boardWord)
      guard let index = fields.firstIndex(of: attribute), let items = TupleHandle(vm.native(of: value)),
        index < items.count
      else {
        // The fields are all that it has: not a tuple's methods.
        if tuple.attributes.get(interned: attribute).isUnbound { return .unbound }
        throw vm.attributeError(value, attribute)
      }
      return items[index]
    }
    info.setAttribute = { (vm, _, _, _) throws(Raised) in
      throw vm.error(.attributeError, "can't set attribute")
    }
    info.unary = tuple.unary
    info.binary = tuple.binary
    info.getItem = tuple.getItem
    info.iterate = tuple.iterate
    return type
  }
}
