/// `hashlib`: on a Pyboard only SHA-256.
extension Interpreter {
  func addHashlibModule() {
    addModule("hashlib") { [unowned self] module in
      let type = heap.type("sha256")
      type.info.make = { (vm, type, args) throws(Raised) in
        try vm.require(args, 0...1)
        let computation = HashComputation()
        if args.count > 0 { computation.hash.update(try vm.bytes(args[0])) }
        return vm.heap.native(type, computation, boardBytes: 128)
      }
      define(type) { builder in
        builder.method("update", 1...1) { vm, args throws(Raised) in
          try vm.hashComputation(args[0]).hash.update(try vm.bytes(args[1]))
          return .none
        }
        builder.method("digest", 0...0) { vm, args throws(Raised) in
          let computation = try vm.hashComputation(args[0])
          computation.isFinal = true
          return vm.heap.bytes(computation.hash.finish())
        }
      }
      module.attribute("sha256", type.value)
    }
  }

  private func hashComputation(_ value: Value) throws(Raised) -> HashComputation {
    guard let computation = NativeHandle(native(of: value))?.payload as? HashComputation else {
      throw wrongReceiver()
    }
    if computation.isFinal { throw error(.valueError, "hash is final") }
    return computation
  }
}

private final class HashComputation {
  var hash = SHA256()
  var isFinal = false
}
