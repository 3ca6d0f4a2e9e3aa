import Testing

@testable import MicroPython

/// Classes, instances and subclasses of built-in types. Results are those of MicroPython 1.29.
@Suite struct ClassTests {
  private let machine = TestMachine()

  /// Where MicroPython differs from what a reader of Python's manual expects.
  @Test func quirksAreThoseOfTheBoard() {
    #expect(
      machine.run(
        """
        class Number(int): pass
        class Items(list):
            def __len__(self): return 7
        class Late:
            @property
            def value(self): raise AttributeError
            def __lt__(self, other): return True
        class Later(Late):
            @property
            def value(self): return type(super().value).__name__
            def shared(self, a): return super().value
        def attempt(code):
            try:
                print(eval(code))
            except Exception as error:
                print(type(error).__name__, error)
        for code in ('2 + Number(3)', 'Number(3) + 2', '[1] + Items([2])', '(1, len(Items()))', 'bool(Items())',
                     'hasattr(Late(), "value")', 'Later().value', 'Late() > Late()', 'Later().shared()',
                     '[5, 6][Number(1)]', '"{:4}".format(bytearray(b"a"))'):
            attempt(code)
        """) == """
          TypeError unsupported types for __radd__: 'int', 'int'
          5
          TypeError unsupported types for __add__: 'list', 'list'
          (1, 7)
          False
          True
          property
          TypeError unsupported types for __gt__: 'Late', 'Late'
          TypeError function takes 3 positional arguments but 2 were given
          6
          TypeError can't convert 'bytearray' object to str implicitly

          """)
  }

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
