import Testing

@testable import MicroPython

/// `@micropython.viper`: machine words, pointers and the compiler's types. Messages are those of MicroPython 1.29,
/// results those of a board with 32-bit words.
@Suite struct ViperTests {
  private let machine = TestMachine()

  @Test func wordsWrapAroundAtThirtyTwoBits() {
    #expect(
      machine.run(
        """
        @micropython.viper
        def hash(n: int) -> int:
            h = 5381
            for i in range(n):
                h = h * 33 + i
            return h
        @micropython.viper
        def high(x: uint) -> uint:
            return ~x >> 28
        @micropython.viper
        def shifts(x: int, n: int):
            print(x << n, x >> n, uint(x) >> uint(n), x // n, x % n)
        print(hash(100), high(0), 2 ** 31 + 5 > 0)
        shifts(-42, 10)
        shifts(1, 31)
        """) == "2000664411 15 True\n-43008 -1 4194303 -5 8\n-2147483648 0 0 0 1\n")
  }

  @Test func pointersReadAndWriteBuffers() {
    #expect(
      machine.run(
        """
        import array
        @micropython.viper
        def fill(p: ptr8, n: int, value: int):
            for i in range(n):
                p[i] = value + i
            p[0] += p[1]
        @micropython.viper
        def halves(p: ptr16, n: int) -> int:
            total = 0
            while n > 0:
                n -= 1
                total += p[n]
            return total
        @micropython.viper
        def address(p: ptr) -> uint:
            return uint(p)
        @micropython.viper
        def word(p: ptr32, i: int, v: uint) -> int:
            p[i] = v
            return p[i]
        b = bytearray(4)
        fill(b, 4, 254)
        print(b, hex(halves(b, 2)), hex(halves(address(b) + 2, 1)))
        a = array.array('i', [0, 0])
        print(word(a, 1, 0xfffffffe), a)
        try:
            word(a, 2, 1)
        except ValueError as error:
            print('outside')
        """) == "bytearray(b'\\xfd\\xff\\x00\\x01') 0x100fd 0x100\n-2 array('i', [0, -2])\noutside\n")
  }

  @Test func typesAreCheckedWhileCompiling() {
    #expect(
      machine.run(
        """
        def refuse(*lines):
            try:
                exec('@micropython.viper\\n' + '\\n    '.join(lines))
            except (ViperTypeError, NotImplementedError, SyntaxError) as error:
                print(type(error).__name__, error)
        refuse('def f(x: float):', 'pass')
        refuse('def f(x: 1):', 'pass')
        refuse('def f(x: int):', 'x = []')
        refuse('def f(x: int) -> int:', 'return str(x)')
        refuse('def f(x):', 'return x + 1')
        refuse('def f(b):', 'for i in range(len(b)):', '    pass')
        refuse('def f(x: int, y: uint) -> bool:', 'return x < y')
        refuse('def f(x: uint) -> uint:', 'return x // x')
        refuse('def f(x: int):', 'x **= 2')
        refuse('def f(p: ptr8):', 'p[0] = None')
        refuse('def f(p: ptr8):', 'if p:', '    pass')
        refuse('def f(p: ptr8):', 'print(p)')
        refuse('def f():', 'x = y', 'print(z)', 'z = 0')
        refuse('def f():', 'yield 1')
        refuse('def f():', 'raise')
        refuse('def f(x: int):', 'return int(int)')
        """) == """
          ViperTypeError unknown type 'float'
          SyntaxError annotation must be an identifier
          ViperTypeError local 'x' has type 'int' but source is 'object'
          ViperTypeError return expected 'int' but got 'object'
          ViperTypeError can't do binary op between 'object' and 'int'
          ViperTypeError can't do binary op between 'int' and 'object'
          ViperTypeError comparison of int and uint
          ViperTypeError div/mod not implemented for uint
          ViperTypeError binary op __pow__ not implemented
          ViperTypeError can't store 'None'
          ViperTypeError can't implicitly convert 'ptr8' to 'bool'
          NotImplementedError conversion to object
          ViperTypeError local 'z' used before type known
          NotImplementedError native yield
          NotImplementedError native raise
          NotImplementedError casting

          """)
  }

  @Test func argumentsAreConvertedAndCounted() {
    #expect(
      machine.run(
        """
        @micropython.viper
        def double(x: int) -> int:
            return x + x
        @micropython.viper
        def truth(x: bool) -> bool:
            return x
        @micropython.viper
        def nothing() -> int:
            pass
        class Counter:
            def __init__(self):
                self.n = 0
            @micropython.viper
            def add(self, n: int):
                self.n = int(self.n) + n
        c = Counter()
        c.add(2)
        c.add(3)
        print(double(2 ** 30), double(True), truth([]), truth('x'), nothing(), c.n)
        for call in (lambda: double(1.5), lambda: double(), lambda: double(x=1), lambda: double(1, 2)):
            try:
                call()
            except TypeError as error:
                print(error)
        """) == """
          -2147483648 2 False True 0 5
          can't convert float to int
          function takes 1 positional arguments but 0 were given
          function doesn't take keyword arguments
          function takes 1 positional arguments but 2 were given

          """)
  }

  @Test(
    "pointers stay good however many views of a buffer come and go, and bytearray_at gives memory to write to"
  )
  func pointersOfViews() {
    #expect(
      machine.run(
        """
        import uctypes, framebuf
        @micropython.viper
        def copy(to: ptr8, source: ptr8, n: int):
            for i in range(n): to[i] = source[i] + 1
        buf = bytearray(range(100))
        view = memoryview(buf)
        line = bytearray(10)
        for frame in range(50):
            for start in range(90, -1, -10): copy(line, view[start:], 10)
        print(line[0], line[9], uctypes.addressof(view[30:]) - uctypes.addressof(buf))
        glyph = memoryview(b'\\x01\\x02')[1:]
        block = uctypes.bytearray_at(uctypes.addressof(glyph), 1)
        f = framebuf.FrameBuffer(block, 8, 1, framebuf.MONO_HLSB)
        print(block, f.pixel(6, 0), f.pixel(7, 0))
        """) == "1 10 30\nbytearray(b'\\x02') 1 0\n")
  }

  @Test("asking for addresses again and again keeps no more than a little memory alive")
  func addressesKeepLittle() {
    #expect(
      TestMachine(heapSize: 40_000).run(
        """
        import uctypes
        @micropython.asm_thumb
        def first(r0): ldrb(r0, [r0, 0])
        @micropython.viper
        def second(p: ptr8) -> int: return p[1]
        total = 0
        for i in range(400):
            block = bytearray(480)
            block[0] = block[1] = 1
            total += first(block) + second(block) + (uctypes.addressof(block) != 0)
        print(total)
        """) == "1200\n")
  }

  @Test("and, or and conditional expressions have the type of what stands last, and the last mistake is told")
  func joinedTypes() {
    let machine = TestMachine()
    #expect(
      machine.run(
        """
        def outcome(source, *arguments):
            names = {}
            try:
                exec('@micropython.viper\\ndef f' + source, names)
            except ViperTypeError as error:
                return error
            return names['f'](*arguments)
        print(outcome('(a: int) -> int: return a == 5 or a', 5), outcome('(a: int) -> int: return a == 5 or a', 4))
        print(outcome('(a: int) -> bool: return a and a == 5', 0), outcome('(a: int) -> bool: return a and a == 5', 5))
        print(outcome('(a: int) -> uint: return a or uint(3)', 0), outcome('(a: int) -> int: return a if a else 7', 0))
        for source in (
            '(a: int) -> int: return a and a == 5', '(a: int) -> bool: return 1 if a else a == 3',
            '(a: int) -> int: return 1 if a else a == 3', '(a): return a or 5', '(a: int): return not (a == 3)',
            '(a: bool) -> bool: return not a', '(a: int): return a in [1]', '(a: int) -> int: return a in (1, 2)',
        ):
            print(outcome(source, 1))
        """) == """
          1 4
          False True
          3 7
          return expected 'int' but got 'bool'
          return expected 'bool' but got 'int'
          return expected 'int' but got 'bool'
          return expected 'object' but got 'int'
          return expected 'object' but got 'bool'
          can't do unary op of 'bool'
          return expected 'object' but got 'int'
          can't do binary op between 'int' and 'object'

          """)
  }
}
