/// `array`: the type itself is one of the core types.
extension Interpreter {
  func addArrayModule() {
    addModule("array") { [unowned self] module in module.attribute("array", heap.types.array.value) }
  }
}
