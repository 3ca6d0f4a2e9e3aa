/// Fills a native module: what `PythonModuleBuilder` is made of.
struct ModuleBuilder {
  let vm: Interpreter
  let globals: DictHandle

  @discardableResult func function(
    _ name: String, _ count: ClosedRange<Int>, keywords: Bool = false, _ body: @escaping NativeBody
  ) -> NativeFunctionHandle {
    let function = vm.heap.function(name, count, keywords: keywords, body)
    attribute(name, function)
    return NativeFunctionHandle(unchecked: function)
  }

  func attribute(_ name: String, _ value: Value) {
    globals.set(interned: vm.heap.internBuiltIn(name), to: value, in: vm.heap)
  }

  /// An attribute that firmware may set (py/objmodule.c, delegation of attributes).
  func settableAttribute(_ name: String, _ value: Value) {
    attribute(name, value)
    vm.settableAttributes.append((globals, vm.heap.internBuiltIn(name)))
  }
}

/// Fills the attributes of a native type.
package struct TypeBuilder {
  package let vm: Interpreter
  package let type: TypeHandle

  /// A method; `count` is how many arguments it takes besides self, which is `args[0]`.
  package func method(
    _ name: String, _ count: ClosedRange<Int>, keywords: Bool = false, _ body: @escaping NativeBody
  ) {
    let upper = count.upperBound == Int.max ? Int.max : count.upperBound + 1
    attribute(name, vm.heap.function(name, (count.lowerBound + 1)...upper, keywords: keywords, body))
  }

  package func staticMethod(
    _ name: String, _ count: ClosedRange<Int>, keywords: Bool = false, _ body: @escaping NativeBody
  ) {
    let function = vm.heap.function(name, count, keywords: keywords, body)
    attribute(name, vm.heap.wrapper(vm.heap.types.staticMethod, function))
  }

  /// `args[0]` is the class.
  package func classMethod(
    _ name: String, _ count: ClosedRange<Int>, keywords: Bool = false, _ body: @escaping NativeBody
  ) {
    let upper = count.upperBound == Int.max ? Int.max : count.upperBound + 1
    let function = vm.heap.function(name, (count.lowerBound + 1)...upper, keywords: keywords, body)
    attribute(name, vm.heap.wrapper(vm.heap.types.classMethod, function))
  }

  package func attribute(_ name: String, _ value: Value) {
    type.info.attributes.set(interned: vm.heap.internBuiltIn(name), to: value, in: vm.heap)
    vm.heap.typeVersion &+= 1
  }
}

extension Interpreter {
  package func define(_ type: TypeHandle, _ body: (TypeBuilder) -> Void) {
    body(TypeBuilder(vm: self, type: type))
  }

  package func addBuiltin(_ name: String, _ value: Value) {
    builtins.set(interned: heap.internBuiltIn(name), to: value, in: heap)
  }

  package func addBuiltinFunction(
    _ name: String, _ count: ClosedRange<Int>, keywords: Bool = false, _ body: @escaping NativeBody
  ) {
    addBuiltin(name, heap.function(name, count, keywords: keywords, body))
  }

  /// Registers a native module, which is built when it is first imported.
  func addModule(_ name: String, _ build: @escaping (ModuleBuilder) -> Void) {
    moduleBuilders[name] = build
  }

  package func addModuleAlias(_ alias: String, for name: String) { moduleAliases[alias] = name }

  /// Every native module that can be imported, for `help('modules')`.
  package var nativeModuleNames: [String] {
    (Array(moduleBuilders.keys) + Array(frozenModules.keys)).sorted()
  }
}
