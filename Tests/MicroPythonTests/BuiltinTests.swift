import Testing

@testable import MicroPython

/// Built-in functions. Results are those of MicroPython 1.29.
@Suite struct BuiltinTests {
  private let machine = TestMachine()

  @Test func builtInFunctionsGiveTheBoardsResults() {
    #expect(
      machine.run(
        """
        print(bin(-5), hex(255), oct(8), divmod(-7, 3), pow(3, 200, 13), round(2.5), round(-1234, -2), sum([1, 2], 10))
        print(min([3, 1, 2]), max('abc', key=lambda c: -ord(c)), min([], default='none'), sorted({3: 0, 1: 0}), all([]), any([0, 'x']))
        print(chr(0x20ac), ord('€'), repr('a\\'b'), callable(print), callable(1), hasattr([], 'pop'), getattr(1, 'nope', 'default'))
        x = 1
        exec('x = 5; y = x + 1')
        print(x, y, eval('x * y'), eval('x + z', {'x': 1}, {'z': 2}))
        print(1, 'two', [3.0], sep='-', end='!\\n')
        print(slice, range(10)[2:8:3], range(3) == range(3), list(filter(None, [0, 1, '', 'a'])))

        """)
          == """
          -0b101 0xff 0o10 (-3, 2) 9 2 -1200 13
          1 a none [1, 3] True True
          € 8364 "a'b" True False True default
          5 6 30 3
          1-two-[3.0]!
          <class 'slice'> range(2, 8, 3) False [1, 'a']

          """)
  }
}
