import Timebase

/// Fills in a class. Bodies get the object's receiver, and if they ask for it the `Call`, then the arguments,
/// typed and by name as the parameters describe them; their errors are raised as by `Interpreter.raised`.
package final class PythonClassBuilder<Host: AnyObject, Receiver: AnyObject> {
  // Unowned: closures that keep the definition are in the heap, which must not keep the firmware.
  package unowned let vm: Interpreter
  package unowned let host: Host
  package let type: TypeHandle
  /// The objects of the class, for bodies that need another object than the one called.
  package let objects: PythonObjects<Receiver>
  private let builder: TypeBuilder
  /// False for the methods of an observer outside of the firmware, whose calls the board does not notice.
  package var takesBoardTime = true
  let hostReference: UncountedReference<Host>

  init(_ type: TypeHandle, boardBytes: Int, _ vm: Interpreter, _ host: Host) {
    self.vm = vm
    self.host = host
    self.type = type
    objects = PythonObjects(type, boardBytes: boardBytes, vm)
    builder = TypeBuilder(vm: vm, type: type)
    hostReference = UncountedReference(host)
  }

  // MARK: Constants

  package func constant(_ name: String, _ value: some PythonResult) {
    builder.attribute(name, value.value(in: vm))
  }

  /// Integers, in order.
  package func constants(_ constants: KeyValuePairs<String, Int>) {
    for (name, value) in constants { constant(name, value) }
  }

  // MARK: Making objects

  /// `X(…)`.
  /// - Parameter shared: whether firmware has one object for one receiver, however often it asks.
  package func make<each Argument>(
    shared: Bool = false, rules: ArgumentRules = .counted,
    _ parameters: repeat PythonParameter<each Argument>,
    body: @escaping (Call<Host>, repeat each Argument) throws -> Receiver
  ) {
    let list = ParameterList(rules, repeat each parameters)
    let objects = objects
    setMake(Self.maker(list, hostReference, body) { shared ? objects.shared(for: $0) : objects.make($0) })
  }

  /// `X(…)`, where the body makes the object itself, of `objects`.
  package func make<each Argument>(
    rules: ArgumentRules = .counted, _ parameters: repeat PythonParameter<each Argument>,
    body: @escaping (Call<Host>, repeat each Argument) throws -> Value
  ) {
    let list = ParameterList(rules, repeat each parameters)
    setMake(Self.maker(list, hostReference, body) { $0 })
  }

  private func setMake(_ make: @escaping (Interpreter, TypeHandle, Arguments) throws(Raised) -> Value) {
    type.info.make = make
  }

  private static func maker<each Argument, Made>(
    _ list: ParameterList<repeat each Argument>, _ host: UncountedReference<Host>,
    _ body: @escaping (Call<Host>, repeat each Argument) throws -> Made,
    _ finish: @escaping (Made) -> Value
  ) -> (Interpreter, TypeHandle, Arguments) throws(Raised) -> Value {
    { (vm, type, arguments) throws(Raised) in
      try list.check(arguments, vm)
      let values = try list.read(arguments, vm)
      do {
        return finish(try body(Call(vm, type.value, host), repeat each values))
      } catch { throw vm.raised(error) }
    }
  }

  // MARK: Printing

  /// `str()` and `repr()`.
  package func print(_ text: @escaping (Receiver) throws -> String) {
    print { receiver, _ in try text(receiver) }
  }

  package func print(_ text: @escaping (Receiver, Call<Host>) throws -> String) {
    type.info.print = { [objects, hostReference] (vm, value, _, output) throws(Raised) in
      let receiver = try objects.receiver(of: value)
      do {
        output.write(try text(receiver, Call(vm, value, hostReference)))
      } catch { throw vm.raised(error) }
    }
  }

  // MARK: Methods

  package func method<each Argument, Result: PythonResult>(
    _ name: String, rules: ArgumentRules = .counted, _ parameters: repeat PythonParameter<each Argument>,
    body: @escaping (Receiver, repeat each Argument) throws -> Result
  ) {
    let list = ParameterList(rules, receivers: 1, repeat each parameters)
    add(name, list.names, Self.adapter(objects, list, body) { $0.value(in: $1) })
  }

  package func method<each Argument>(
    _ name: String, rules: ArgumentRules = .counted, _ parameters: repeat PythonParameter<each Argument>,
    body: @escaping (Receiver, repeat each Argument) throws -> Void
  ) {
    let list = ParameterList(rules, receivers: 1, repeat each parameters)
    add(name, list.names, Self.adapter(objects, list, body) { _, _ in .none })
  }

  package func method<each Argument, Result: PythonResult>(
    _ name: String, rules: ArgumentRules = .counted, _ parameters: repeat PythonParameter<each Argument>,
    body: @escaping (Receiver, Call<Host>, repeat each Argument) throws -> Result
  ) {
    let list = ParameterList(rules, receivers: 1, repeat each parameters)
    add(
      name, list.names, Self.adapter(objects, hostReference, list, body) { $0.value(in: $1) })
  }

  package func method<each Argument>(
    _ name: String, rules: ArgumentRules = .counted, _ parameters: repeat PythonParameter<each Argument>,
    body: @escaping (Receiver, Call<Host>, repeat each Argument) throws -> Void
  ) {
    let list = ParameterList(rules, receivers: 1, repeat each parameters)
    add(
      name, list.names, Self.adapter(objects, hostReference, list, body) { _, _ in .none })
  }

  /// A method whose arguments make up one Swift value.
  package func method<Options, Result: PythonResult>(
    _ name: String, _ signature: Signature<Options>,
    body: @escaping (Receiver, Call<Host>, Options) throws -> Result
  ) {
    add(
      name, signature.names, Self.adapter(objects, hostReference, signature, body) { $0.value(in: $1) })
  }

  package func method<Options>(
    _ name: String, _ signature: Signature<Options>,
    body: @escaping (Receiver, Call<Host>, Options) throws -> Void
  ) {
    add(
      name, signature.names, Self.adapter(objects, hostReference, signature, body) { _, _ in .none })
  }

  /// Adds a method that returns a value when it is called without arguments and sets it otherwise:
  /// `led.intensity()`, `led.intensity(100)`.
  package func accessor<Argument, Result: PythonResult>(
    _ name: String, _ argument: ArgumentType<Argument>,
    get: @escaping (Receiver) throws -> Result, set: @escaping (Receiver, Argument) throws -> Void
  ) {
    builder.method(name, 0...1, Self.accessor(objects, argument, get, set))
  }

  /// A method that firmware calls in its innermost loops: its arguments are counted, and the body takes them as they are, without
  /// the object.
  /// - Parameters:
  ///   - required: the names of those that must be given.
  ///   - optional: the names of those after them that may be left out.
  package func fastMethod(
    _ name: String, _ required: String..., optional: [String] = [],
    body: @escaping (Receiver, Interpreter, Arguments) throws(Raised) -> Value
  ) {
    builder.method(name, required.count...(required.count + optional.count)) {
      [objects] (vm, arguments) throws(Raised) in
      try body(try objects.receiver(of: arguments[0]), vm, arguments.dropFirst())
    }
  }

  /// The same for an `accessor`: the body gets `unbound` where it is called without an argument.
  package func fastAccessor(
    _ name: String, body: @escaping (Receiver, Value, Interpreter) throws(Raised) -> Value
  ) {
    builder.method(name, 0...1) { [objects] (vm, arguments) throws(Raised) in
      try body(try objects.receiver(of: arguments[0]), arguments.optional(1), vm)
    }
  }

  /// `x(…)` in the same way as `fastAccessor`.
  package func fastCall(_ body: @escaping (Receiver, Value, Interpreter) throws(Raised) -> Value) {
    type.info.call = { [objects] (vm, object, arguments) throws(Raised) in
      if arguments.count > 1 || arguments.keywordCount > 0 { try vm.require(arguments, 0...1) }
      return try body(try objects.receiver(of: object), arguments.optional(0), vm)
    }
  }

  /// `X.f(…)`: a function of the class that needs no object.
  package func function<each Argument, Result: PythonResult>(
    _ name: String, rules: ArgumentRules = .counted, _ parameters: repeat PythonParameter<each Argument>,
    body: @escaping (Call<Host>, repeat each Argument) throws -> Result
  ) {
    let list = ParameterList(rules, repeat each parameters)
    builder.staticMethod(
      name, list.names.counts, keywords: list.names.takesKeywords,
      functionAdapter(hostReference, list, body) { $0.value(in: $1) })
  }

  package func function<each Argument>(
    _ name: String, rules: ArgumentRules = .counted, _ parameters: repeat PythonParameter<each Argument>,
    body: @escaping (Call<Host>, repeat each Argument) throws -> Void
  ) {
    let list = ParameterList(rules, repeat each parameters)
    builder.staticMethod(
      name, list.names.counts, keywords: list.names.takesKeywords,
      functionAdapter(hostReference, list, body) { _, _ in .none })
  }

  /// `X.f(…)` or `x.f(…)`: a function of the class that is called on either.
  package func classFunction<each Argument, Result: PythonResult>(
    _ name: String, _ parameters: repeat PythonParameter<each Argument>,
    body: @escaping (Call<Host>, repeat each Argument) throws -> Result
  ) {
    let list = ParameterList(.counted, repeat each parameters)
    let answer = functionAdapter(hostReference, list, body) { $0.value(in: $1) }
    builder.classMethod(name, list.names.counts) { (vm, arguments) throws(Raised) in
      try answer(vm, arguments.dropFirst())
    }
  }

  // MARK: Slots

  /// Operators, indexing and the like, which the interpreter calls: the bodies get the object as a value, whose receiver
  /// `objects` knows.
  package var slots: TypeInfo { type.info }

  /// `x(…)`.
  package func call<each Argument, Result: PythonResult>(
    _ parameters: repeat PythonParameter<each Argument>,
    body: @escaping (Receiver, Call<Host>, repeat each Argument) throws -> Result
  ) {
    let list = ParameterList(.counted, repeat each parameters)
    let answer = Self.adapter(objects, hostReference, list, body) { $0.value(in: $1) }
    type.info.call = Self.checked(list, answer)
  }

  /// `for … in x`, where the object is its own iterator.
  /// - Parameter next: returns `unbound` at the end.
  package func iterator(next: @escaping (Receiver, Interpreter) throws(Raised) -> Value) {
    type.info.iterate = { _, value in value }
    type.info.next = { [objects] (vm, value) throws(Raised) in try next(try objects.receiver(of: value), vm) }
  }

  /// Makes the objects streams, which is what their receivers have to be: reading and writing, polling, iteration by lines.
  package func streams(_ methods: [Interpreter.StreamMethod], iteratesByLines: Bool = true) {
    vm.makeStreams(of: type)
    if iteratesByLines { vm.iterateByLines(type) }
    vm.defineStreamMethods(methods, on: builder)
  }

  // MARK: Adapters

  /// The body of a method, given its object and the other arguments.
  private typealias Answer = (Interpreter, Value, Arguments) throws(Raised) -> Value

  private func add(_ name: String, _ names: ParameterNames, _ answer: @escaping Answer) {
    add(name, names) { (vm, arguments) throws(Raised) in
      try answer(vm, arguments[0], arguments.dropFirst())
    }
  }

  /// - Parameter body: gets the object as the first argument.
  func add(_ name: String, _ names: ParameterNames, _ body: @escaping NativeBody) {
    guard !takesBoardTime else {
      return builder.method(name, names.counts, keywords: names.takesKeywords, body)
    }
    builder.uncountedMethod(name, names.counts, keywords: names.takesKeywords, body)
  }

  private static func adapter<each Argument, Result>(
    _ objects: PythonObjects<Receiver>, _ list: ParameterList<repeat each Argument>,
    _ body: @escaping (Receiver, repeat each Argument) throws -> Result,
    _ finish: @escaping (Result, Interpreter) -> Value
  ) -> Answer {
    { (vm, object, arguments) throws(Raised) in
      let receiver = try objects.receiver(of: object)
      let values = try list.read(arguments, vm)
      do { return finish(try body(receiver, repeat each values), vm) } catch { throw vm.raised(error) }
    }
  }

  private static func adapter<each Argument, Result>(
    _ objects: PythonObjects<Receiver>, _ host: UncountedReference<Host>,
    _ list: ParameterList<repeat each Argument>,
    _ body: @escaping (Receiver, Call<Host>, repeat each Argument) throws -> Result,
    _ finish: @escaping (Result, Interpreter) -> Value
  ) -> Answer {
    { (vm, object, arguments) throws(Raised) in
      let receiver = try objects.receiver(of: object)
      let values = try list.read(arguments, vm)
      do {
        return finish(try body(receiver, Call(vm, object, host), repeat each values), vm)
      } catch { throw vm.raised(error) }
    }
  }

  private static func adapter<Options, Result>(
    _ objects: PythonObjects<Receiver>, _ host: UncountedReference<Host>, _ signature: Signature<Options>,
    _ body: @escaping (Receiver, Call<Host>, Options) throws -> Result,
    _ finish: @escaping (Result, Interpreter) -> Value
  ) -> Answer {
    { (vm, object, arguments) throws(Raised) in
      let receiver = try objects.receiver(of: object)
      let options = try signature.read(arguments, vm)
      do { return finish(try body(receiver, Call(vm, object, host), options), vm) } catch {
        throw vm.raised(error)
      }
    }
  }

  private static func accessor<Argument, Result: PythonResult>(
    _ objects: PythonObjects<Receiver>, _ argument: ArgumentType<Argument>,
    _ get: @escaping (Receiver) throws -> Result, _ set: @escaping (Receiver, Argument) throws -> Void
  ) -> NativeBody {
    { (vm, arguments) throws(Raised) in
      let receiver = try objects.receiver(of: arguments[0])
      if arguments.count > 1 {
        let new = try argument.read(vm, arguments[1])
        do { try set(receiver, new) } catch { throw vm.raised(error) }
        return .none
      }
      do { return try get(receiver).value(in: vm) } catch { throw vm.raised(error) }
    }
  }

  private static func checked<each Argument>(
    _ list: ParameterList<repeat each Argument>, _ answer: @escaping Answer
  ) -> Answer {
    { (vm, object, arguments) throws(Raised) in
      try list.check(arguments, vm)
      return try answer(vm, object, arguments)
    }
  }
}

/// The native code of a function whose body is described.
func functionAdapter<Host, each Argument, Result>(
  _ host: UncountedReference<Host>, _ list: ParameterList<repeat each Argument>,
  _ body: @escaping (Call<Host>, repeat each Argument) throws -> Result,
  _ finish: @escaping (Result, Interpreter) -> Value
) -> NativeBody {
  { (vm, arguments) throws(Raised) in
    let values = try list.read(arguments, vm)
    do {
      return finish(try body(Call(vm, .unbound, host), repeat each values), vm)
    } catch { throw vm.raised(error) }
  }
}
