/// The instructions, those of 16 bits on core registers first. Adding one is one entry.
///
/// Letters in an encoding name the fields of the operands; entries without a name can be written with `data()` only.
enum ThumbTable {
  static let instructions: [ThumbInstruction] =
    moves + arithmetic + logic + branches + stack + system + wideIntegers + loadsAndStores + floatingPoint

  /// The instructions that a word of source may mean, in the order of the table.
  static let byName: [String: [ThumbInstruction]] = Dictionary(
    grouping: instructions.filter { $0.name != nil }, by: { $0.name ?? "" })

  // MARK: Moves

  private static let moves: [ThumbInstruction] = [
    ThumbInstruction(
      "mov", [.register("d", most: 15), .register("m", most: 15)], "01000110 d mmmm ddd",
      architecture: .armv6m
    ) { (cpu, x) throws(Raised) in
      let value = cpu.registers[Int(x.b)]
      if x.a == ThumbProcessor.pc { cpu.branch(to: value) } else { cpu.registers[Int(x.a)] = value }
    },
    ThumbInstruction(
      "mov", [.register("d", most: 7), .integer("i", mask: 0xff)], "00100 ddd iiiiiiii", architecture: .armv6m
    ) { (cpu, x) throws(Raised) in
      cpu.registers[Int(x.a)] = x.b
      cpu.setFlags(of: x.b)
    },
    ThumbInstruction(
      "movw", [.register("d", most: 15), .halfword("i")], "11110 i 100100 iiii 0 iii dddd iiiiiiii"
    ) { (cpu, x) throws(Raised) in cpu.registers[Int(x.a)] = x.b },
    ThumbInstruction(
      "movt", [.register("d", most: 15), .halfword("i")], "11110 i 101100 iiii 0 iii dddd iiiiiiii"
    ) { (cpu, x) throws(Raised) in
      cpu.registers[Int(x.a)] = x.b << 16 | cpu.registers[Int(x.a)] & 0xffff
    },
    ThumbInstruction(
      "mvn", [.register("d", most: 7), .register("m", most: 7)], "0100001111 mmm ddd", architecture: .armv6m
    ) { (cpu, x) throws(Raised) in
      cpu.registers[Int(x.a)] = ~cpu.registers[Int(x.b)]
      cpu.setFlags(of: cpu.registers[Int(x.a)])
    },
  ]

  // MARK: Arithmetic

  private static let arithmetic: [ThumbInstruction] = [
    three("add", "0001100 mmm nnn ddd", .register("m", most: 7)) { cpu, n, m in
      cpu.sum(n, cpu.registers[Int(m)], carry: false)
    },
    three("sub", "0001101 mmm nnn ddd", .register("m", most: 7)) { cpu, n, m in
      cpu.difference(n, cpu.registers[Int(m)])
    },
    three("add", "0001110 iii nnn ddd", .integer("i", mask: 7)) { cpu, n, i in cpu.sum(n, i, carry: false) },
    three("sub", "0001111 iii nnn ddd", .integer("i", mask: 7)) { cpu, n, i in cpu.difference(n, i) },
    byte("add", "00110 ddd iiiiiiii") { cpu, d, i in cpu.sum(d, i, carry: false) },
    byte("sub", "00111 ddd iiiiiiii") { cpu, d, i in cpu.difference(d, i) },
    two("adc", "0100000101 mmm ddd") { cpu, d, m in cpu.sum(d, m, carry: cpu.carry) },
    two("sbc", "0100000110 mmm ddd") { cpu, d, m in cpu.difference(d, m, carry: cpu.carry) },
    two("neg", "0100001001 mmm ddd") { cpu, _, m in cpu.difference(0, m) },
    two("mul", "0100001101 mmm ddd") { cpu, d, m in
      let result = d &* m
      cpu.setFlags(of: result)
      return result
    },
    ThumbInstruction(
      "cmp", [.register("n", most: 7), .integer("i", mask: 0xff)], "00101 nnn iiiiiiii",
      architecture: .armv6m, isComparison: true
    ) { (cpu, x) throws(Raised) in _ = cpu.difference(cpu.registers[Int(x.a)], x.b) },
    compare("cmp", "0100001010 mmm nnn") { cpu, n, m in _ = cpu.difference(n, m) },
    compare("cmn", "0100001011 mmm nnn") { cpu, n, m in _ = cpu.sum(n, m, carry: false) },
    // Not in MicroPython's assembler.
    ThumbInstruction(
      nil, [.register("d", most: 15), .register("m", most: 15)], "01000100 d mmmm ddd", architecture: .armv6m
    ) { (cpu, x) throws(Raised) in
      let result = cpu.registers[Int(x.a)] &+ cpu.registers[Int(x.b)]
      if x.a == ThumbProcessor.pc { cpu.branch(to: result) } else { cpu.registers[Int(x.a)] = result }
    },
  ]

  // MARK: Logic and shifts

  private static let logic: [ThumbInstruction] = [
    two("and_", "0100000000 mmm ddd") { cpu, d, m in logical(cpu, d & m) },
    two("eor", "0100000001 mmm ddd") { cpu, d, m in logical(cpu, d ^ m) },
    two("orr", "0100001100 mmm ddd") { cpu, d, m in logical(cpu, d | m) },
    two("bic", "0100001110 mmm ddd") { cpu, d, m in logical(cpu, d & ~m) },
    two("lsl", "0100000010 mmm ddd") { cpu, d, m in cpu.shifted(d, .left, by: m & 0xff) },
    two("lsr", "0100000011 mmm ddd") { cpu, d, m in cpu.shifted(d, .right, by: m & 0xff) },
    two("asr", "0100000100 mmm ddd") { cpu, d, m in cpu.shifted(d, .arithmetic, by: m & 0xff) },
    two("ror", "0100000111 mmm ddd") { cpu, d, m in cpu.shifted(d, .rotate, by: m & 0xff) },
    three("lsl", "00000 iiiii nnn ddd", .integer("i", mask: 0x1f)) { cpu, n, i in
      cpu.shifted(n, .left, by: i)
    },
    // A distance of zero in the encoding is one of 32.
    three("lsr", "00001 iiiii nnn ddd", .integer("i", mask: 0x1f)) { cpu, n, i in
      cpu.shifted(n, .right, by: i == 0 ? 32 : i)
    },
    three("asr", "00010 iiiii nnn ddd", .integer("i", mask: 0x1f)) { cpu, n, i in
      cpu.shifted(n, .arithmetic, by: i == 0 ? 32 : i)
    },
    compare("tst", "0100001000 mmm nnn") { cpu, n, m in cpu.setFlags(of: n & m) },
  ]

  private static func logical(_ cpu: ThumbProcessor, _ result: UInt32) -> UInt32 {
    cpu.setFlags(of: result)
    return result
  }

  // MARK: Branches

  private static let branches: [ThumbInstruction] =
    [
      ThumbInstruction("b", [.label("o", .narrow)], "11100 ooooooooooo", architecture: .armv6m) {
        (cpu, x) throws(Raised) in cpu.branch(to: cpu.registers[ThumbProcessor.pc] &+ x.a)
      },
      ThumbInstruction(
        "bl", [.label("o", .link)], "11110 ooooooooooo 11 o 1 oooooooooooo", architecture: .armv6m
      ) { (cpu, x) throws(Raised) in
        cpu.registers[ThumbProcessor.lr] = cpu.next | 1
        cpu.branch(to: cpu.registers[ThumbProcessor.pc] &+ x.a)
      },
      ThumbInstruction("bx", [.register("m", most: 15)], "010001110 mmmm 000", architecture: .armv6m) {
        (cpu, x) throws(Raised) in cpu.branch(to: cpu.registers[Int(x.a)])
      },
      ThumbInstruction(nil, [.register("m", most: 15)], "010001111 mmmm 000", architecture: .armv6m) {
        (cpu, x) throws(Raised) in
        let target = cpu.registers[Int(x.a)]
        cpu.registers[ThumbProcessor.lr] = cpu.next | 1
        cpu.branch(to: target)
      },
    ] + ThumbCondition.names.indices.flatMap(conditionalBranches)

  /// `beq`, `beq_n` (16 bits) and `beq_w` (32 bits).
  private static func conditionalBranches(_ number: Int) -> [ThumbInstruction] {
    let bits = String(number, radix: 2)
    let condition = String(repeating: "0", count: 4 - bits.count) + bits
    let name = "b" + ThumbCondition.names[number]
    let execute: ThumbInstruction.Execution = { (cpu, x) throws(Raised) in
      if cpu.condition(UInt32(number)) { cpu.branch(to: cpu.registers[ThumbProcessor.pc] &+ x.a) }
    }
    let narrow = "1101 \(condition) oooooooo"
    return [
      ThumbInstruction(
        name, [.label("o", .narrowConditional)], narrow, architecture: .armv6m, execute),
      ThumbInstruction(
        name + "_n", [.label("o", .narrowConditional)], narrow, architecture: .armv6m, execute),
      ThumbInstruction(
        name + "_w", [.label("o", .wideConditional)], "11110 o \(condition) oooooo 10 o 0 oooooooooooo",
        execute),
    ]
  }

  // MARK: Stack

  private static let stack: [ThumbInstruction] = [
    ThumbInstruction("push", [.registers("l")], "1011010 l llllllll", architecture: .armv6m) {
      (cpu, x) throws(Raised) in try cpu.push(x.a)
    },
    ThumbInstruction("pop", [.registers("l")], "1011110 l llllllll", architecture: .armv6m) {
      (cpu, x) throws(Raised) in try cpu.pop(x.a)
    },
    ThumbInstruction("push", [.registers("l")], "1110100100101101 llllllllllllllll") {
      (cpu, x) throws(Raised) in try cpu.push(x.a)
    },
    ThumbInstruction("pop", [.registers("l")], "1110100010111101 llllllllllllllll") {
      (cpu, x) throws(Raised) in try cpu.pop(x.a)
    },
  ]

  // MARK: The system

  private static let system: [ThumbInstruction] =
    [
      ThumbInstruction("nop", [], "1011111100000000", architecture: .armv6m) { (_, _) throws(Raised) in },
      ThumbInstruction("wfi", [], "1011111100110000", architecture: .armv6m) { (cpu, _) throws(Raised) in
        try cpu.memory.waitForInterrupt()
      },
      ThumbInstruction("cpsid", [.ignored], "1011011001110010", architecture: .armv6m) {
        (cpu, _) throws(Raised) in cpu.memory.setInterruptsEnabled(false)
      },
      ThumbInstruction("cpsie", [.ignored], "1011011001100010", architecture: .armv6m) {
        (cpu, _) throws(Raised) in cpu.memory.setInterruptsEnabled(true)
      },
      ThumbInstruction(
        "mrs", [.register("d", most: 12), .specialRegister("s")], "1111001111101111 1000 dddd ssssssss"
      ) { (cpu, x) throws(Raised) in cpu.registers[Int(x.a)] = cpu.memory.specialRegister(x.b) },
    ] + ["", "t", "e", "tt", "et", "te", "ee"].flatMap(conditionalBlocks)
    + ["ttt", "ett", "tet", "eet", "tte", "ete", "tee", "eee"].flatMap(conditionalBlocks)

  /// `it`, `ite`, `itte` …: the mask has a bit for each of the following instructions, the condition's lowest bit where it must
  /// hold, and ends with a one.
  private static func conditionalBlocks(_ others: String) -> [ThumbInstruction] {
    (0..<2).map { lowest in
      let bits = others.map { ($0 == "t") == (lowest == 1) ? "1" : "0" }.joined() + "1"
      let mask = bits + String(repeating: "0", count: 4 - bits.count)
      return ThumbInstruction(
        "it" + others, [.condition("c")], "10111111 ccc \(lowest) \(mask)"
      ) { (cpu, x) throws(Raised) in
        // A word has no field for values that the encoding fixes: condition and mask as the processor keeps
        // them.
        cpu.itState = (x.a << 1 | UInt32(lowest)) << 4 | (UInt32(mask, radix: 2) ?? 0)
      }
    }
  }
}

// MARK: - Shapes that many instructions have

extension ThumbTable {
  /// `op(rd, rm)` with low registers; the result goes to `rd`.
  private static func two(
    _ name: String, _ encoding: String,
    _ result: @escaping @Sendable (ThumbProcessor, UInt32, UInt32) -> UInt32
  ) -> ThumbInstruction {
    ThumbInstruction(
      name, [.register("d", most: 7), .register("m", most: 7)], encoding, architecture: .armv6m
    ) { (cpu, x) throws(Raised) in
      cpu.registers[Int(x.a)] = result(cpu, cpu.registers[Int(x.a)], cpu.registers[Int(x.b)])
    }
  }

  /// `op(rn, rm)` for the flags alone.
  private static func compare(
    _ name: String, _ encoding: String, _ test: @escaping @Sendable (ThumbProcessor, UInt32, UInt32) -> Void
  ) -> ThumbInstruction {
    ThumbInstruction(
      name, [.register("n", most: 7), .register("m", most: 7)], encoding, architecture: .armv6m,
      isComparison: true
    ) { (cpu, x) throws(Raised) in test(cpu, cpu.registers[Int(x.a)], cpu.registers[Int(x.b)]) }
  }

  /// `op(rd, integer)` with an integer of eight bits.
  private static func byte(
    _ name: String, _ encoding: String,
    _ result: @escaping @Sendable (ThumbProcessor, UInt32, UInt32) -> UInt32
  ) -> ThumbInstruction {
    ThumbInstruction(
      name, [.register("d", most: 7), .integer("i", mask: 0xff)], encoding, architecture: .armv6m
    ) { (cpu, x) throws(Raised) in
      cpu.registers[Int(x.a)] = result(cpu, cpu.registers[Int(x.a)], x.b)
    }
  }

  /// `op(rd, rn, operand)`; the operand is handed on as its field has it.
  private static func three(
    _ name: String, _ encoding: String, _ operand: ThumbOperand,
    _ result: @escaping @Sendable (ThumbProcessor, UInt32, UInt32) -> UInt32
  ) -> ThumbInstruction {
    ThumbInstruction(
      name, [.register("d", most: 7), .register("n", most: 7), operand], encoding, architecture: .armv6m
    ) { (cpu, x) throws(Raised) in
      cpu.registers[Int(x.a)] = result(cpu, cpu.registers[Int(x.b)], x.c)
    }
  }
}
