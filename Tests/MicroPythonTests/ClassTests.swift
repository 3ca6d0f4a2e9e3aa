import Testing

@testable import MicroPython

/// Classes, instances and subclasses of built-in types. Results are those of MicroPython 1.29.
@Suite struct ClassTests {
  private let machine = TestMachine()

  @Test func attributesAreFoundAndBound() {
    #expect(
      machine.run(
        """
        class Meter:
            def __init__(self): self._v = 1
            @property
            def value(self): return self._v
            @value.setter
            def value(self, v): self._v = v * 2
            @staticmethod
            def unit(): return 'm'
            @classmethod
            def make(cls): return cls()
            def __eq__(self, other): return 'equal?'
        class Big(Meter):
            def __init__(self):
                super().__init__()
                self.n = super().unit()
            builtin = len
        b = Big.make()
        b.value = 21
        print(b.value, b.n, b.builtin('abc'), b == 1, isinstance(b, Meter), Big.__bases__, type(b).__name__)
        class Log(list):
            def append(self, x):
                super().append(x * 10)
        l = Log((1,))
        l.append(2)
        print(l, len(l), l == [1, 20], isinstance(l, list))
        T = type('T', (Log,), {'x': 3})
        print(T([4]).x, T([4]))

        """)
          == """
          42 m 3 equal? True (<class 'Meter'>,) Big
          [1, 20] 2 True True
          3 [4]

          """)
  }
}
