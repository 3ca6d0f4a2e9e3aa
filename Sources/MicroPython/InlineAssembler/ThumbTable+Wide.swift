/// Instructions of 32 bits on core registers, and those that reach memory.
extension ThumbTable {
  // MARK: Integers

  static let wideIntegers: [ThumbInstruction] = [
    ThumbInstruction(
      "sdiv", [.register("d", most: 15), .register("n", most: 15), .register("m", most: 15)],
      "111110111001 nnnn 1111 dddd 1111 mmmm", cycles: 2
    ) { (cpu, x) throws(Raised) in
      let (left, right) = (
        Int32(bitPattern: cpu.registers[Int(x.b)]), Int32(bitPattern: cpu.registers[Int(x.c)])
      )
      cpu.extraCycles += cpu.divisionCycles(left.magnitude, right.magnitude)
      // Dividing by zero gives zero; the one quotient that does not fit wraps around.
      cpu.registers[Int(x.a)] =
        right == 0 ? 0 : UInt32(bitPattern: left.dividedReportingOverflow(by: right).partialValue)
    },
    ThumbInstruction(
      "udiv", [.register("d", most: 15), .register("n", most: 15), .register("m", most: 15)],
      "111110111011 nnnn 1111 dddd 1111 mmmm", cycles: 2
    ) { (cpu, x) throws(Raised) in
      let (left, right) = (cpu.registers[Int(x.b)], cpu.registers[Int(x.c)])
      cpu.extraCycles += cpu.divisionCycles(left, right)
      cpu.registers[Int(x.a)] = right == 0 ? 0 : left / right
    },
    ThumbInstruction(
      "clz", [.register("d", most: 15), .doubledRegister("m")], "111110101011 mmmm 1111 dddd 1000 mmmm"
    ) { (cpu, x) throws(Raised) in
      cpu.registers[Int(x.a)] = UInt32(cpu.registers[Int(x.b)].leadingZeroBitCount)
    },
    ThumbInstruction(
      "rbit", [.register("d", most: 15), .doubledRegister("m")], "111110101001 mmmm 1111 dddd 1010 mmmm"
    ) { (cpu, x) throws(Raised) in
      let value = cpu.registers[Int(x.b)]
      cpu.registers[Int(x.a)] = (0..<32).reduce(0) { $0 | (value >> $1 & 1) << (31 - $1) }
    },
    // Not in MicroPython's assembler, but written with data() in code that multiplies.
    ThumbInstruction(
      nil,
      [
        .register("l", most: 15), .register("h", most: 15), .register("n", most: 15),
        .register("m", most: 15),
      ],
      "111110111000 nnnn llll hhhh 0000 mmmm"
    ) { (cpu, x) throws(Raised) in
      let product =
        Int64(Int32(bitPattern: cpu.registers[Int(x.c)])) * Int64(Int32(bitPattern: cpu.registers[Int(x.d)]))
      cpu.registers[Int(x.a)] = UInt32(truncatingIfNeeded: product)
      cpu.registers[Int(x.b)] = UInt32(truncatingIfNeeded: product >> 32)
    },
    ThumbInstruction(
      nil,
      [
        .register("l", most: 15), .register("h", most: 15), .register("n", most: 15),
        .register("m", most: 15),
      ],
      "111110111010 nnnn llll hhhh 0000 mmmm"
    ) { (cpu, x) throws(Raised) in
      let product = UInt64(cpu.registers[Int(x.c)]) * UInt64(cpu.registers[Int(x.d)])
      cpu.registers[Int(x.a)] = UInt32(truncatingIfNeeded: product)
      cpu.registers[Int(x.b)] = UInt32(truncatingIfNeeded: product >> 32)
    },
    ThumbInstruction(
      nil,
      [
        .register("d", most: 15), .register("n", most: 15), .register("m", most: 15),
        .register("a", most: 15),
      ],
      "111110110000 nnnn aaaa dddd 0000 mmmm"
    ) { (cpu, x) throws(Raised) in
      // MLA; without an addend, which register 15 stands for, MUL.
      let product = cpu.registers[Int(x.b)] &* cpu.registers[Int(x.c)]
      cpu.registers[Int(x.a)] = x.d == 15 ? product : product &+ cpu.registers[Int(x.d)]
    },
  ]

  // MARK: Memory

  static let loadsAndStores: [ThumbInstruction] = [
    load("ldr", "01101 iiiii nnn ddd", byteCount: 4),
    load("ldrb", "01111 iiiii nnn ddd", byteCount: 1),
    load("ldrh", "10001 iiiii nnn ddd", byteCount: 2),
    store("str", "01100 iiiii nnn ddd", byteCount: 4),
    store("strb", "01110 iiiii nnn ddd", byteCount: 1),
    store("strh", "10000 iiiii nnn ddd", byteCount: 2),
    ThumbInstruction(
      "ldrex", [.register("d", most: 15), .address(base: "n", most: 15, offset: "i", mask: 0xff, shift: 2)],
      "111010000101 nnnn dddd 1111 iiiiiiii", cycles: 2
    ) { (cpu, x) throws(Raised) in
      try cpu.requireAlignment(x.b, x.c)
      cpu.registers[Int(x.a)] = try cpu.load(x.b, x.c, 4)
      cpu.exclusiveAddress = cpu.registers[Int(x.b)] &+ x.c
    },
    ThumbInstruction(
      "strex",
      [
        .register("d", most: 15), .register("t", most: 15),
        .address(base: "n", most: 15, offset: "i", mask: 0xff, shift: 2),
      ], "111010000100 nnnn tttt dddd iiiiiiii", cycles: 2
    ) { (cpu, x) throws(Raised) in
      try cpu.requireAlignment(x.c, x.d)
      let isAlone = cpu.exclusiveAddress == cpu.registers[Int(x.c)] &+ x.d
      cpu.exclusiveAddress = nil
      if isAlone { try cpu.store(cpu.registers[Int(x.b)], x.c, x.d, 4) }
      cpu.registers[Int(x.a)] = isAlone ? 0 : 1
    },
    // Not in MicroPython's assembler: a word relative to PC.
    ThumbInstruction(
      nil, [.register("d", most: 7), .integer("i", mask: 0x3fc, shift: 2)], "01001 ddd iiiiiiii",
      architecture: .armv6m, cycles: 2
    ) { (cpu, x) throws(Raised) in
      let base = cpu.registers[ThumbProcessor.pc] & ~3
      cpu.registers[Int(x.a)] = try cpu.memory.load(base &+ x.b, 4, cpu)
    },
  ]

  private static func address(_ byteCount: Int) -> ThumbOperand {
    let shift: UInt32 = byteCount == 4 ? 2 : byteCount == 2 ? 1 : 0
    return .address(base: "n", most: 7, offset: "i", mask: 0x1f << shift, shift: shift)
  }

  private static func load(_ name: String, _ encoding: String, byteCount: Int) -> ThumbInstruction {
    ThumbInstruction(
      name, [.register("d", most: 7), address(byteCount)], encoding, architecture: .armv6m, cycles: 2
    ) { (cpu, x) throws(Raised) in cpu.registers[Int(x.a)] = try cpu.load(x.b, x.c, byteCount) }
  }

  private static func store(_ name: String, _ encoding: String, byteCount: Int) -> ThumbInstruction {
    ThumbInstruction(
      name, [.register("d", most: 7), address(byteCount)], encoding, architecture: .armv6m, cycles: 2
    ) { (cpu, x) throws(Raised) in try cpu.store(cpu.registers[Int(x.a)], x.b, x.c, byteCount) }
  }

  // MARK: The floating-point unit

  static let floatingPoint: [ThumbInstruction] = [
    arithmetic("vadd", "11101110 0 d 11 nnnn dddd 1010 n 0 m 0 mmmm") { $0 + $1 },
    arithmetic("vsub", "11101110 0 d 11 nnnn dddd 1010 n 1 m 0 mmmm") { $0 - $1 },
    arithmetic("vmul", "11101110 0 d 10 nnnn dddd 1010 n 0 m 0 mmmm") { $0 * $1 },
    arithmetic("vdiv", "11101110 1 d 00 nnnn dddd 1010 n 0 m 0 mmmm", cycles: 14) { $0 / $1 },
    unary("vsqrt", "11101110 1 d 110001 dddd 1010 11 m 0 mmmm", cycles: 14) { value in
      ThumbProcessor.number(value.squareRoot(), of: value, value)
    },
    unary("vneg", "11101110 1 d 110001 dddd 1010 01 m 0 mmmm") { value in -value },
    unary("vcvt_f32_s32", "11101110 1 d 111000 dddd 1010 11 m 0 mmmm") { value in
      Float(Int32(bitPattern: value.bitPattern))
    },
    unary("vcvt_s32_f32", "11101110 1 d 111101 dddd 1010 11 m 0 mmmm") { value in
      Float(bitPattern: ThumbProcessor.integer(value))
    },
    ThumbInstruction(
      "vcmp", [.float("d"), .float("m")], "11101110 1 d 110100 dddd 1010 11 m 0 mmmm"
    ) { (cpu, x) throws(Raised) in cpu.compareFloats(cpu.float(x.a), cpu.float(x.b)) },
    ThumbInstruction(
      "vmrs", [.flagsOrRegister("t"), .word("FPSCR")], "1110111011110001 tttt 101000010000"
    ) { (cpu, x) throws(Raised) in
      if x.a == 15 {
        let flags = cpu.floatFlags >> 28
        (cpu.negative, cpu.zero) = (flags & 8 != 0, flags & 4 != 0)
        (cpu.carry, cpu.overflow) = (flags & 2 != 0, flags & 1 != 0)
      } else {
        cpu.registers[Int(x.a)] = cpu.floatFlags
      }
    },
    ThumbInstruction(
      "vmov", [.float("n", isLowestFirst: false), .register("t", most: 15)],
      "111011100000 nnnn tttt 1010 n 0010000"
    ) { (cpu, x) throws(Raised) in
      cpu.setFloat(x.a, Float(bitPattern: cpu.registers[Int(x.b)]))
    },
    ThumbInstruction(
      "vmov", [.register("t", most: 15), .float("n", isLowestFirst: false)],
      "111011100001 nnnn tttt 1010 n 0010000"
    ) { (cpu, x) throws(Raised) in cpu.registers[Int(x.a)] = cpu.float(x.b).bitPattern },
    ThumbInstruction(
      "vldr", [.float("d"), .address(base: "n", most: 7, offset: "i", mask: 0x3fc, shift: 2)],
      "11101101 1 d 01 nnnn dddd 1010 iiiiiiii", cycles: 2
    ) { (cpu, x) throws(Raised) in
      try cpu.requireAlignment(x.b, x.c)
      cpu.setFloat(x.a, Float(bitPattern: try cpu.load(x.b, x.c, 4)))
    },
    ThumbInstruction(
      "vstr", [.float("d"), .address(base: "n", most: 7, offset: "i", mask: 0x3fc, shift: 2)],
      "11101101 1 d 00 nnnn dddd 1010 iiiiiiii", cycles: 2
    ) { (cpu, x) throws(Raised) in
      try cpu.requireAlignment(x.b, x.c)
      try cpu.store(cpu.float(x.a).bitPattern, x.b, x.c, 4)
    },
  ]

  private static func arithmetic(
    _ name: String, _ encoding: String, cycles: Int = 1, _ result: @escaping @Sendable (Float, Float) -> Float
  ) -> ThumbInstruction {
    ThumbInstruction(
      name, [.float("d"), .float("n", isLowestFirst: false), .float("m")], encoding, cycles: cycles
    ) {
      (cpu, x) throws(Raised) in
      let (left, right) = (cpu.float(x.b), cpu.float(x.c))
      cpu.setFloat(x.a, ThumbProcessor.number(result(left, right), of: left, right))
    }
  }

  private static func unary(
    _ name: String, _ encoding: String, cycles: Int = 1,
    _ result: @escaping @Sendable (Float) -> Float
  ) -> ThumbInstruction {
    ThumbInstruction(name, [.float("d"), .float("m")], encoding, cycles: cycles) {
      (cpu, x) throws(Raised) in cpu.setFloat(x.a, result(cpu.float(x.b)))
    }
  }
}

extension ThumbProcessor {
  /// Exclusive and floating-point accesses are of whole words only.
  func requireAlignment(_ base: UInt32, _ offset: UInt32) throws(Raised) {
    let address = registers[Int(base)] &+ offset
    if address & 3 != 0 { throw memory.misaligned(address, self) }
  }
}
