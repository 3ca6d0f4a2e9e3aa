/// A result that a body of a description may return besides nothing: a Swift value and how firmware sees it.
package protocol PythonResult {
  func value(in vm: Interpreter) -> Value
}

extension Value: PythonResult {
  package func value(in vm: Interpreter) -> Value { self }
}

extension Int: PythonResult {
  package func value(in vm: Interpreter) -> Value { vm.heap.int(self) }
}

extension Bool: PythonResult {
  package func value(in vm: Interpreter) -> Value { Value(self) }
}

extension Double: PythonResult {
  package func value(in vm: Interpreter) -> Value { vm.heap.float(self) }
}

extension String: PythonResult {
  package func value(in vm: Interpreter) -> Value { vm.heap.string(self) }
}

/// As `bytes`.
extension [UInt8]: PythonResult {
  package func value(in vm: Interpreter) -> Value { vm.heap.bytes(self) }
}

/// Nil as None.
extension Optional: PythonResult where Wrapped: PythonResult {
  package func value(in vm: Interpreter) -> Value { self?.value(in: vm) ?? .none }
}

/// Several results in a `tuple`.
package struct PythonTuple: PythonResult {
  private let items: [any PythonResult]
  package init(_ items: any PythonResult...) { self.items = items }
  package init(_ items: [any PythonResult]) { self.items = items }
  package func value(in vm: Interpreter) -> Value { vm.heap.tuple(items.map { $0.value(in: vm) }) }
}

/// Several results in a `list`.
package struct PythonList: PythonResult {
  private let items: [any PythonResult]
  package init(_ items: [any PythonResult]) { self.items = items }
  package func value(in vm: Interpreter) -> Value { vm.heap.list(items.map { $0.value(in: vm) }) }
}
