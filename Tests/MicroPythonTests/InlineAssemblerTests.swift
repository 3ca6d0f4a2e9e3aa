import Testing

@testable import MicroPython

/// `@micropython.asm_thumb`. Encodings were compared with those of mpy-cross 1.29 (-march=armv7emsp), results with an
/// independent emulation of a Cortex-M4; messages are MicroPython's.
@Suite("Inline assembler") struct InlineAssemblerTests {
  private let machine = TestMachine()

  /// Machine code between entry and exit, as words of text.
  private func code(_ body: String) throws -> [String] {
    let source =
      "@micropython.asm_thumb\ndef f():\n" + body.split(separator: "\n").map { " \($0)\n" }.joined()
    let module = try Compiler.compile(module: parseModule(Array(source.utf8), file: ""), file: "")
    let bytes = try #require(module.children.first?.assembly).bytes.dropFirst(2).dropLast(2)
    return stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).map { index in
      let text = String(UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8, radix: 16)
      return String(repeating: "0", count: 4 - text.count) + text
    }
  }

  @Test("instructions have the processor's encodings")
  func encodings() throws {
    #expect(try code("mov(r0, 255)\nmov(r8, r1)\nmvn(r1, r2)") == ["20ff", "4688", "43d1"])
    #expect(try code("movwt(r3, 0x12345678)") == ["f245", "6378", "f2c1", "2334"])
    #expect(try code("add(r0, r1, r2)\nsub(r7, r6, 5)\nsub(r1, 200)") == ["1888", "1f77", "39c8"])
    #expect(
      try code("ldr(r1, [r2, 124])\nstrh(r3, [r4, 62])\nldrb(r0, [r7, 31])") == ["6fd1", "87e3", "7ff8"])
    #expect(try code("push({r0, lr})\npop({r1, pc})\npush({r8, lr})") == ["b501", "bd02", "e92d", "4100"])
    #expect(try code("ldrex(r1, [r9, 8])\nstrex(r0, r1, [r9, 8])") == ["e859", "1f02", "e849", "1002"])
    #expect(try code("itte(gt)\ncpsid(i)\nmrs(r5, BASEPRI)") == ["bfc6", "b672", "f3ef", "8511"])
    #expect(try code("vadd(s1, s2, s31)\nvsqrt(s3, s4)") == ["ee71", "0a2f", "eef1", "1ac2"])
    #expect(try code("vmov(s5, r6)\nvldr(s7, [r1, 1020])") == ["ee02", "6a90", "edd1", "3aff"])
    #expect(try code("sdiv(r0, r1, r10)\nclz(r9, r2)") == ["fb91", "f0fa", "fab2", "f982"])
  }

  @Test("branches go both ways, near and far")
  func branches() throws {
    #expect(
      try code("label(A)\nb(A)\nbne(A)\nbhi_w(B)\nbl(B)\nlabel(B)\nnop()")
        == ["e7fe", "d1fd", "f200", "8002", "f000", "f800", "bf00"])
    #expect(
      machine.run(
        """
        @micropython.asm_thumb
        def f(r0):
            b(START)
            label(TWICE)
            push({r0, lr})
            add(r0, r0, r0)
            pop({r1, pc})
            label(START)
            bl(TWICE)
            cmp(r0, 10)
            ite(ge)
            mov(r0, 1)
            mov(r0, 2)
        print(f(4), f(5), f(-5))
        """) == "2 1 2\n")
  }

  @Test("arguments are numbers or addresses, results what the annotation says")
  func argumentsAndResults() {
    #expect(
      machine.run(
        """
        import array
        @micropython.asm_thumb
        def same(r0): pass
        @micropython.asm_thumb
        def unsigned(r0) -> uint: pass
        @micropython.asm_thumb
        def truth(r0) -> bool: pass
        @micropython.asm_thumb
        def thing(r0) -> object: pass
        @micropython.asm_thumb
        def word(r0): ldr(r0, [r0, 4])
        print(same(2 ** 31), same(None), same(True), same(-7.9), unsigned(-1), truth(5), truth(0))
        print(thing(print) is print, thing(9))
        print(word(array.array('i', [1, -2])), word(b'abcdefgh'), word((3, 4)))
        try: same()
        except TypeError as e: print(e)
        """)
        == "-2147483648 0 1 -7 4294967295 True False\nTrue 4\n-2 1751606885 9\nfunction takes 1 positional arguments but 0 were given\n"
    )
  }

  @Test("the floating-point unit calculates in single precision")
  func floatingPoint() {
    #expect(
      machine.run(
        """
        import array
        @micropython.asm_thumb
        def f(r0):
            vldr(s0, [r0, 0])
            vldr(s1, [r0, 4])
            vdiv(s2, s0, s1)
            vstr(s2, [r0, 8])
            vcmp(s0, s1)
            vmrs(APSR_nzcv, FPSCR)
            mov(r0, 0)
            it(vs)
            mov(r0, 1)
        a = array.array('f', [1, 3, 0])
        print(f(a), a[2] == array.array('f', [1 / 3])[0])
        print(f(array.array('f', [float('nan'), 1, 0])))
        """) == "0 True\n1\n")
  }

  @Test(
    "mistakes are syntax errors with the board's texts",
    arguments: [
      ("mov(r0, 300)", "'mov' integer 0x12c doesn't fit in mask 0xff"),
      ("mov(r8, 1)", "'mov' expects at most r7"), ("mov(a, 1)", "'mov' expects a register"),
      ("mov(r0, 'x')", "'mov' expects an integer"),
      ("add(r0, r1)", "unsupported Thumb instruction 'add' with 2 arguments"),
      ("ldr(r0, [r1, 5])", "'ldr' integer 0x5 doesn't fit in mask 0x7c"),
      ("ldrex(r0, 5)", "'ldrex' expects an address of the form [a, b]"),
      ("b(X)", "label 'X' not defined"), ("b(1)", "'b' expects a label"),
      ("label(A); label(A)", "label redefined"), ("push(r0)", "'push' expects {r0, r1, ...}"),
      ("vadd(s0, s1, s32)", "'vadd' expects at most r31"), ("vneg(r0, s1)", "'vneg' expects an FPU register"),
      ("mrs(r0, X)", "'mrs' expects a special register"), ("x = 1", "expecting an assembler instruction"),
      ("align(x)", "'align' requires 1 argument"), ("data(4)", "'data' requires at least 2 arguments"),
      ("data(1, x)", "'data' requires integer arguments"),
      (
        "beq(A); data(1, \(Array(repeating: "0", count: 400).joined(separator: ", "))); label(A)",
        "branch not in range"
      ),
    ])
  func mistakes(body: String, message: String) {
    #expect(
      machine.run(
        """
        try: exec("@micropython.asm_thumb\\ndef f(r0): \(body)")
        except SyntaxError as e: print(e)
        """) == message + "\n")
  }

  @Test("parameters and results that cannot be are refused")
  func signatures() {
    for (definition, message) in [
      ("def f(a): pass", "parameters must be registers in sequence r0 to r3"),
      ("def f(r0, r1, r2, r3, r4): pass", "can only have up to 4 parameters to Thumb assembly"),
      ("def f() -> float: pass", "unknown type"),
      ("def f() -> (int): pass", ""),
    ] {
      let output = machine.run(
        """
        try: exec("@micropython.asm_thumb\\n\(definition)")
        except SyntaxError as e: print(e)
        """)
      #expect(output == (message.isEmpty ? "" : message + "\n"))
    }
  }

  @Test("an access to an address that nothing is at names line and address, and ends nothing but the call")
  func faults() {
    #expect(
      machine.run(
        """
        @micropython.asm_thumb
        def read():
            movwt(r0, 0x60000000)
            nop()
            ldr(r1, [r0, 4])
        @micropython.asm_thumb
        def wild():
            data(2, 0xde00)
        @micropython.asm_thumb
        def odd(r0):
            vldr(s0, [r0, 0])
        for f, *a in (read,), (wild,), (odd, 3):
            try: f(*a)
            except RuntimeError as e: print(e)
        """)
          == """
          line 5 reads address 0x60000004, where nothing is emulated
          line 8 executes 0xde00, an instruction that is not emulated
          line 11 needs an address that can be divided by four, and 0x3 cannot

          """)
  }

  @Test("instructions that the assembler has no name for run from data()")
  func dataInstructions() {
    #expect(
      machine.run(
        """
        @micropython.asm_thumb
        def high(r0, r1):
            data(2, 0xfb80, 0x2301)   # smull r2, r3, r0, r1
            mov(r0, r3)
        print(high(1 << 20, 1 << 20), high(-1 << 20, 1 << 20))
        """) == "256 -256\n")
  }

  /// Shifts, sums and comparisons against results in wide integers, for operands at the edges of words.
  @Test("arithmetic and flags are the architecture manual's")
  func arithmeticAgainstWideIntegers() {
    let edges: [Int64] = [
      0, 1, 2, 31, 32, 33, 255, 256, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xffff_fffe, 0xffff_ffff,
    ]
    var program = """
      import array
      @micropython.asm_thumb
      def run(r0, r1, r2):
          mov(r8, r2)

      """
    // Each result, then N, Z, C and V of the addition and the subtraction.
    let operations = ["lsl", "lsr", "asr", "ror", "mul", "and_", "orr", "eor", "bic"]
    var offset = 0
    func store(_ register: String = "r4") -> String {
      defer { offset += 4 }
      return offset < 128
        ? "    mov(r7, r8)\n    str(\(register), [r7, \(offset)])\n"
        : "    mov(r7, r8)\n    add(r7, 124)\n    str(\(register), [r7, \(offset - 124)])\n"
    }
    for operation in operations {
      program += "    mov(r4, r0)\n    \(operation)(r4, r1)\n" + store()
    }
    for operation in ["add", "sub"] {
      for condition in ["mi", "eq", "cs", "vs"] {
        program +=
          "    \(operation)(r4, r0, r1)\n    ite(\(condition))\n    mov(r4, 1)\n    mov(r4, 0)\n" + store()
      }
    }
    program += "a = array.array('I', [0] * 17)\n"
    var expected = ""
    for left in edges {
      for right in edges {
        program += "run(\(left), \(right), a); print(*a)\n"
        expected += Self.reference(left, right).map(String.init).joined(separator: " ") + "\n"
      }
    }
    #expect(machine.run(program) == expected)
  }

  private static func reference(_ left: Int64, _ right: Int64) -> [Int64] {
    let word: (Int64) -> Int64 = { $0 & 0xffff_ffff }
    let signed: (Int64) -> Int64 = { Int64(Int32(truncatingIfNeeded: $0)) }
    let distance = right & 0xff
    let turn = distance & 31
    let results = [
      distance < 32 ? word(left << distance) : 0, distance < 32 ? left >> distance : 0,
      word(signed(left) >> min(distance, 63)), word(left >> turn | left << (32 - turn)),
      word(left &* right), left & right, left | right, left ^ right, left & ~right & 0xffff_ffff,
    ]
    let flags: [[Bool]] = [
      (left + right, signed(left) + signed(right), left + right > 0xffff_ffff),
      (left - right, signed(left) - signed(right), left >= right),
    ].map { (sum, signedSum, carry) in
      [signed(sum) < 0, word(sum) == 0, carry, signedSum != signed(signedSum)]
    }
    return results + flags.joined().map { $0 ? 1 : 0 }
  }
}
