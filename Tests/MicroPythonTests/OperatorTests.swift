import Testing

@testable import MicroPython

/// Operators of firmware classes, and built-ins that take everything that a generator has. Results are those of
/// MicroPython 1.29.
@Suite struct OperatorTests {
  private let machine = TestMachine()

  @Test func operatorsAskTheLeftOperandThenTheRightOne() {
    #expect(
      machine.run(
        """
        class V:
            def __init__(self, x): self.x = x
            def __add__(self, o):
                return V(self.x + o.x) if isinstance(o, V) else NotImplemented
            def __radd__(self, o): return ('radd', self.x)
            def __iadd__(self, o):
                if o == 7: return NotImplemented
                self.x += 100
                return self
            def __mul__(self, o): raise ValueError('mul')
            def __sub__(self, o): return tuple(self.x - i for i in range(o))
        class N(V):
            def __add__(self, o): return NotImplemented
        a = b = V(1)
        a += 1
        print((a + V(3)).x, b.x, b is a, 5 + a, V(9) - 3, N(1) + V(2))
        for operation in (lambda: a + 5, lambda: a * 2):
            try: operation()
            except (TypeError, ValueError) as e: print(e)
        try: a += 7
        except TypeError as e: print(e)
        """
      ) == """
        104 101 True ('radd', 101) (9, 8, 7) ('radd', 2)
        unsupported types for __add__: 'V', 'int'
        mul
        unsupported types for __add__: 'V', 'int'

        """)
  }

  @Test func inPlaceOperatorsOfSubclassesAskTheBuiltInPartBeforePlainMethods() {
    #expect(
      machine.run(
        """
        class L(list):
            def __mul__(self, o): return 'mul'
            def __imul__(self, o): return 'imul'
            def __sub__(self, o): return 'sub'
        class E(Exception):
            def __add__(self, o): return 'add'
        a = b = c = L([1])
        a *= 2
        print(a, b * 2)
        try: b -= [1]
        except TypeError as e: print(e)
        c += (3,)
        print(c)
        e = E()
        e += 1
        print(e)
        """
      ) == """
        [1, 1] mul
        unsupported types for __sub__: 'list', 'list'
        [1, 3]
        add

        """)
  }

  @Test func generatorDoesNotRunAheadOfWhatFirmwareSees() {
    #expect(
      machine.run(
        """
        class H:
            def __init__(self, v): self.v = v
            def __hash__(self):
                print('hash', self.v, end=' ')
                return 1
        def made():
            for i in range(2):
                print('make', i, end=' ')
                yield H(i)
        print(len(set(made())))
        l = [1]
        l.extend(len(l) for _ in range(40))
        print(l[-1], sum(i for i in range(100)), len(tuple(i for i in range(100))), len(set('x' for _ in range(50))))
        def failing():
            yield 1
            raise KeyError('x')
        for taker in (list, tuple, set, sum):
            try: taker(failing())
            except KeyError as e: print(repr(e), end=' ')
        """
      ) == """
        make 0 hash 0 make 1 hash 1 2
        40 4950 100 1
        KeyError('x',) KeyError('x',) KeyError('x',) KeyError('x',)\u{20}
        """)
  }

  @Test func bigIntegersAreDividedDown() {
    #expect(
      machine.run(
        """
        x = 3 ** 60
        y = 7 ** 25
        for a, b in ((x, y), (-x, y), (x, -y), (-x, -y), (x * y, y), (-x * y, y), (-1, y), (x, 3), (-x, 10)):
            q = a // b
            print(q * b <= a if b > 0 else q * b >= a, abs(a - q * b) < abs(b), end=' ')
        l = list(range(6))
        l[1:3] += [9, 8]
        print(l, l[::-2], x > y, y >= x, x - x, x + 1 - x)
        """
      ) == """
        True True True True True True True True True True True True True True True True True True [0, 1, 2, 9, 8, 3, 4, 5] [5, 3, 9, 1] True False 0 1

        """)
  }
}
