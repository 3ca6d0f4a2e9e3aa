/// `hashlib`: on a Pyboard only SHA-256.
enum HashlibModule: PythonModule {
  static let name = "hashlib"
  static let aliases = ["uhashlib"]

  static func define(_ module: PythonModuleBuilder<Interpreter>) { module.add(SHA256Class.self) }
}

/// `hashlib.sha256`
private enum SHA256Class: PythonClass {
  static let name = "sha256"
  static let boardBytes = 128
  /// Nanoseconds; a Cortex-M4 takes some 20 cycles for a byte.
  private static let byteCost: Int64 = 120

  static func define(_ type: PythonClassBuilder<Interpreter, HashComputation>) {
    type.make(.optional("data", .bytes, default: [])) { call, data in
      let computation = HashComputation()
      try call.vm.passTime(Int64(data.count) * byteCost)
      computation.hash.update(data)
      return computation
    }
    type.method("update", .required("data", .value)) { computation, call, data in
      try computation.refuseIfFinal()
      let data = try call.vm.bytes(data)
      try call.vm.passTime(Int64(data.count) * byteCost)
      computation.hash.update(data)
    }
    type.method("digest") { computation in
      try computation.refuseIfFinal()
      computation.isFinal = true
      return computation.hash.finish()
    }
  }
}

private final class HashComputation {
  var hash = SHA256()
  var isFinal = false

  func refuseIfFinal() throws(PythonError) {
    if isFinal { throw .value("hash is final") }
  }
}
