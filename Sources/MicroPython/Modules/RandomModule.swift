/// `random`
enum RandomModule: PythonModule {
  static let name = "random"
  static let aliases = ["urandom"]

  static func define(_ module: PythonModuleBuilder<Interpreter>) {
    let generator = RandomGenerator(seed: module.vm.hardwareRandom())
    module.function("seed", .optional("n", .orNone(.bigInt), default: nil)) { call, seed in
      generator.state = .init(
        seed: seed.map { UInt32(truncatingIfNeeded: $0) } ?? call.vm.hardwareRandom())
    }
    module.fastFunction("getrandbits", "n") { vm, args throws(Raised) in
      let bits = try vm.int(args[0])
      guard 0...32 ~= bits else { throw vm.error(.valueError, "bits must be 32 or less") }
      return bits == 0
        ? Value(smallInt: 0) : vm.heap.int(Int(generator.state.next() & (UInt32.max >> UInt32(32 - bits))))
    }
    module.fastFunction("randrange", "start", optional: ["stop", "step"]) { vm, args throws(Raised) in
      let first = try vm.int(args[0])
      let start = args.count == 1 ? 0 : first
      let stop = args.count == 1 ? first : try vm.int(args[1])
      let step = args.count < 3 ? 1 : try vm.int(args[2])
      if step == 0 { throw vm.error(.valueError, arguments: []) }
      let span = stop.subtractingReportingOverflow(start).partialValue
      let count = (span &+ step &- step.signum()).dividedReportingOverflow(by: step).partialValue
      return vm.heap.int(
        start &+ step &* (try generator.below(count, or: vm.error(.valueError, arguments: []))))
    }
    module.fastFunction("randint", "a", "b") { vm, args throws(Raised) in
      let first = try vm.int(args[0])
      let last = try vm.int(args[1])
      let count = last.subtractingReportingOverflow(first).partialValue &+ 1
      return vm.heap.int(first &+ (try generator.below(count, or: vm.error(.valueError, arguments: []))))
    }
    module.fastFunction("choice", "sequence") { vm, args throws(Raised) in
      let count = try vm.length(args[0])
      let index = try generator.below(count, or: vm.error(.indexError, arguments: []))
      return try vm.getItem(args[0], Value(smallInt: index))
    }
    module.fastFunction("random") { vm, _ throws(Raised) in vm.heap.float(generator.fraction(vm.heap)) }
    module.fastFunction("uniform", "a", "b") { vm, args throws(Raised) in
      let low = try vm.double(args[0])
      let high = try vm.double(args[1])
      return vm.heap.float(low + (high - low) * generator.fraction(vm.heap))
    }
  }
}

/// The generator that MicroPython uses ("Yasmarang" by Ilya Levin), so that a seed gives the board's numbers.
private final class RandomGenerator {
  struct State {
    private var pad: UInt32
    private var n: UInt32 = 69
    private var d: UInt32 = 233
    private var dat: UInt8 = 0

    init(seed: UInt32) { pad = seed }

    mutating func next() -> UInt32 {
      pad &+= UInt32(dat) &+ d &* n
      pad = (pad << 3) &+ (pad >> 29)
      n = pad | 2
      d ^= (pad << 31) &+ (pad >> 1)
      dat ^= UInt8(truncatingIfNeeded: pad) ^ UInt8(truncatingIfNeeded: d >> 8) ^ 1
      return pad ^ (d << 5) ^ (pad >> 18) ^ (UInt32(dat) << 1)
    }
  }

  var state: State

  init(seed: UInt32) { state = State(seed: seed) }

  /// A number in `0..<count`, of which 32 bits count; `problem` when there is none.
  func below(_ count: Int, or problem: @autoclosure () -> Raised) throws(Raised) -> Int {
    let limit = UInt32(truncatingIfNeeded: count)
    guard count > 0, limit > 0 else { throw problem() }
    var mask: UInt32 = 1
    while limit & mask < limit { mask = mask << 1 | 1 }
    while true {
      let candidate = state.next() & mask
      if candidate < limit { return Int(candidate) }
    }
  }

  /// A number in `0..<1`, its fraction filled with random bits.
  func fraction(_ heap: Heap) -> Double {
    if heap.hasSingleFloats {
      return Double(Float(bitPattern: 127 << 23 | state.next() & 0x7f_ffff) - 1)
    }
    let upper = UInt64(state.next())
    let bits = upper << 32 | UInt64(state.next())
    return Double(bitPattern: 1023 << 52 | bits & 0xf_ffff_ffff_ffff) - 1
  }
}
