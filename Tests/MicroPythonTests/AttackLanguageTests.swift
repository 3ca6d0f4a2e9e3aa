import Testing

@testable import MicroPython

/// Differences from MicroPython that an attack on the emulator found.
@Suite struct AttackLanguageTests {
  private let machine = TestMachine()

  @Test("Arguments to a class without __init__ are passed over")
  func argumentsWithoutInit() {
    #expect(
      machine.run(
        """
        class C: pass
        class S:
            def __new__(cls, *args): return super().__new__(cls)
        print(type(C(1)).__name__, type(C(x=1)).__name__, type(S(1, 2)).__name__)
        try:
            object(1)
        except TypeError:
            print('TypeError')
        """) == "C C S\nTypeError\n")
  }

  @Test("send into an iterator that is no generator is an AttributeError")
  func sendIntoIterator() {
    #expect(
      machine.run(
        """
        def g():
            yield from (1, 2)
        i = g()
        print(next(i), i.send(None))
        i = g()
        next(i)
        try:
            i.send(5)
        except AttributeError as error:
            print(error)
        """) == "1 2\n'iterator' object has no attribute 'send'\n")
  }

  @Test("Errors of operators name subclasses of exceptions, and the built-in part of others")
  func operandNames() {
    #expect(
      machine.run(
        """
        class X(Exception): pass
        class L(list): pass
        for f in (lambda: 1 + X(), lambda: X() + X(), lambda: -X(), lambda: X()[0], lambda: len(X()), lambda: iter(X()),
                  lambda: L() - 1, lambda: L() < 1):
            try:
                f()
            except TypeError as error:
                print(error)
        """) == """
          unsupported types for __add__: 'int', 'X'
          unsupported types for __add__: 'X', 'X'
          unsupported type for __neg__: 'X'
          'X' object isn't subscriptable
          object of type 'X' has no len()
          'X' object isn't iterable
          unsupported types for __sub__: 'list', 'int'
          unsupported types for __lt__: 'list', 'int'

          """)
  }

  @Test("Only True from __bool__ is true")
  func truth() {
    #expect(
      machine.run(
        """
        class B:
            def __init__(self, v): self.v = v
            def __bool__(self): return self.v
        print(bool(B(1)), bool(B(True)), bool(B('a')), not B(3), 1 if B(2) else 0)
        """) == "False True False True 0\n")
  }

  @Test("Zeros in groups stand where the alignment says")
  func groupedZeros() {
    #expect(
      machine.run(
        """
        print('{:<05,X}'.format(-255), '{:<05,d}'.format(-255), '{:^09,X}'.format(1234567), '{:^09,X}'.format(-255))
        print('{:09,}'.format(1234), '{:08,}'.format(1234567))
        """) == "-FF0, -2550 012,D6870 0,0-FF0,0\n0,001,234 1,234,567\n")
  }

  @Test("A bytearray separates nothing")
  func separator() {
    #expect(
      machine.run(
        """
        try:
            b'a b'.split(bytearray(b' '))
        except TypeError as error:
            print(error)
        """) == "can't convert 'bytearray' object to str implicitly\n")
  }
}
