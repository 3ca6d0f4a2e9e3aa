/// The cost of each instruction on the board, in nanoseconds.
package struct CostTable: Sendable {
  /// By opcode.
  private let instructions: [Int]
  /// Nanoseconds of a call to a built-in, beyond the call instruction.
  package var nativeCall: Int64
  /// Nanoseconds of a built-in's step over a range or a sequence.
  package var iteration: Int64
  /// Nanoseconds of one byte that is printed to the console, which the board copies into the buffers of its USB serial line.
  package var consoleByte: Int64
  /// Nanoseconds of one collection.
  package var collection: Int64

  /// The names that `init` looks up.
  package static let names: Set<String> = [
    "default", "native-call", "iteration", "console-byte", "collection",
  ]
  /// Opcodes that cost what another one does have no price of their own.
  package static let instructionNames = Set(
    Opcode.allCases.filter { $0.pricedAs == $0 }.map { opcodeNames[Int($0.rawValue)] })
  /// Made once: asking the runtime for the name of a case takes its time.
  private static let opcodeNames = Opcode.allCases.map { "\($0)" }

  /// - Parameter costs: nanoseconds by name: `default`, opcode names, `native-call`, `iteration`, `console-byte`, `collection`.
  package init(_ costs: [String: Int] = [:]) {
    let fallback = costs["default"] ?? 600
    // Names of cases have no hyphens. Most boards price no single instruction, and the cases' names are slow to be had.
    let pricesSome = costs.keys.contains { !$0.contains("-") && !CostTable.names.contains($0) }
    instructions = Opcode.allCases.map {
      let price = pricesSome ? costs[CostTable.opcodeNames[Int($0.pricedAs.rawValue)]] : nil
      return $0.isWatch ? 0 : max(0, price ?? fallback)
    }
    nativeCall = Int64(costs["native-call"] ?? 1500)
    iteration = Int64(costs["iteration"] ?? 300)
    consoleByte = Int64(costs["console-byte"] ?? 1000)
    collection = Int64(costs["collection"] ?? 1_500_000)
  }

  /// Nanoseconds that an instruction takes.
  func time(of opcode: Opcode) -> Int { instructions[Int(opcode.rawValue)] }

  /// Fills costs in. Only jumps, calls and their like charge time, each for the instructions before it too:
  /// nothing else can look at the clock, and the loop has less to do for the rest. A remainder of a unit, or
  /// a cost beyond what the word holds, is left to the next one that charges.
  func charging(_ code: [Instruction]) -> [Instruction] {
    var owed = 0
    return code.map { instruction in
      let before = owed
      owed += time(of: instruction.opcode)
      // These charge nothing, but an interrupt may be due by the time they store.
      if instruction.opcode.storesShared {
        return instruction.costing(UInt8(min(255, before / Instruction.costUnit)))
      }
      guard instruction.opcode.charges else { return instruction.costing(0) }
      let units = min(255, owed / Instruction.costUnit)
      owed -= units * Instruction.costUnit
      return instruction.costing(UInt8(units))
    }
  }
}

extension Interpreter {
  /// Marks instructions that the loop takes in one with the next: a global of which a method is called
  /// (`time.sleep`). All of them stay where they are, for jumps and for cases that a pair cannot handle.
  private func joiningPairs(_ code: [Instruction]) -> [Instruction] {
    var code = code
    for index in code.indices.dropLast() where code[index].opcode == .loadGlobal {
      let next = code[index + 1]
      guard next.opcode == .loadMethod, next.a == code[index].a, next.b == code[index].a else { continue }
      code[index] = code[index].replacing(opcode: .loadGlobalForMethod)
    }
    return code
  }

  /// The constants that hold names of keyword arguments: of calls, and of parameters that have defaults.
  private func constantsOfKeywords(in compiled: CompiledCode) -> Set<Int> {
    let calls = compiled.instructions.filter {
      $0.opcode == .callKeywords || $0.opcode == .callMethodKeywords
    }
    let parameters = Set(
      compiled.children.flatMap { $0.parameters.names.suffix($0.parameters.keywordOnlyCount) })
    let defaults = compiled.constants.indices.filter {
      guard !parameters.isEmpty, case .string(let utf8) = compiled.constants[$0] else { return false }
      return parameters.contains(String(decoding: utf8, as: UTF8.self))
    }
    return Set(calls.map(\.c) + defaults)
  }

  /// Loads compiled code: interns its names, makes its constants and fills in costs.
  func load(_ compiled: CompiledCode) -> CodeHandle {
    let origin = heap.nameOrigin
    if isLoadingFrozenCode { heap.nameOrigin = .frozen }
    defer { heap.nameOrigin = origin }
    let names = compiled.names.map { heap.intern($0) }
    let keywords = constantsOfKeywords(in: compiled)
    let constants = compiled.constants.indices.map { index in
      value(of: compiled.constants[index], internsAll: keywords.contains(index))
    }
    let children = compiled.children.map { load($0).value }
    // As much as the board's raw code object and bytecode take on average (27 modules of micropython-lib compared).
    let boardBytes = 16 + compiled.instructions.count * 3 + constants.count * Heap.boardWord
    let raw = heap.allocate(
      MemoryLayout<CodeObject>.size, kind: .code, type: heap.types.code.pointer,
      boardBytes: isLoadingFrozenCode ? 0 : boardBytes)
    // Of frozen code there is no more than the emulator brings along.
    let excess = isLoadingFrozenCode ? 0 : max(0, compiled.hostBytes - 8 * boardBytes)
    heap.noteExcess(excess)
    let code = raw.assumingMemoryBound(to: CodeObject.self)
    func storage<T>(_ items: [T]) -> UnsafeMutablePointer<T> {
      let storage = UnsafeMutablePointer<T>.allocate(capacity: max(items.count, 1))
      storage.initialize(from: items, count: items.count)
      return storage
    }
    code.pointee.instructions = storage(
      joiningPairs(costs.charging(compiled.instructions)))
    code.pointee.instructionCount = compiled.instructions.count
    code.pointee.constants = storage(constants)
    code.pointee.constantCount = constants.count
    code.pointee.names = storage(names)
    code.pointee.nameCount = names.count
    code.pointee.caches = storage(
      compiled.caches.map {
        InlineCache(name: names[$0])
      })
    code.pointee.cacheCount = compiled.caches.count
    code.pointee.children = storage(children)
    code.pointee.childCount = children.count
    code.pointee.registerCount = compiled.registerCount
    code.pointee.flags = compiled.flags
    if isLoadingFrozenCode { code.pointee.flags.insert(.frozen) }
    let layout = compiled.parameters
    let isSimple =
      layout.keywordOnlyCount == 0 && !layout.hasVariadicPositional && !layout.hasVariadicKeyword
    code.pointee.plainArgumentCount = isSimple ? layout.positionalCount : -1
    code.pointee.simpleArgumentCount =
      compiled.flags.contains(.generator) ? -1 : code.pointee.plainArgumentCount
    code.pointee.parameterCount = layout.count
    code.pointee.details = .passRetained(
      CodeDetails(
        name: heap.intern(compiled.name), compiled: compiled,
        parameterNames: layout.names.map { heap.intern($0) }, excess: excess))
    return CodeHandle(pointer: code)
  }

  /// - Parameter internsAll: whether long strings are interned too, as names of keyword arguments have to be.
  func value(of constant: Constant, internsAll: Bool = false) -> Value {
    switch constant {
    case .none: .none
    case .true: .true
    case .false: .false
    case .ellipsis: .ellipsis
    case .int(let integer): heap.int(integer)
    case .bigInt(let integer): heap.int(integer)
    case .float(let double): heap.float(double)
    case .imaginary(let double): heap.complex(0, double)
    case .string(let utf8): utf8.count <= 10 || internsAll ? heap.intern(utf8) : heap.string(utf8)
    case .bytes(let bytes): heap.bytes(bytes)
    case .tuple(let items): heap.tuple(items.map { value(of: $0, internsAll: internsAll) })
    }
  }
}
