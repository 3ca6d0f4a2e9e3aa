import Testing

@testable import MicroPython

/// Exceptions as firmware sees them. Results are those of MicroPython 1.29.
@Suite struct ExceptionTests {
  private let machine = TestMachine()

  @Test func exceptionsShowTheirArguments() {
    #expect(
      machine.run(
        """
        class Bad(ValueError):
            pass
        for e in (ValueError('x'), OSError(2), OSError(5, 'disk'), OSError(1000), Bad(1, 2), KeyError('k'), StopIteration(7)):
            print(repr(e), str(e), e.args, e.value)
        try:
            raise Bad('deep')
        except (KeyError, ValueError) as e:
            print(type(e), e)
        try:
            {}['gone']
        except LookupError as e:
            print(repr(e))
        try:
            try:
                1 / 0
            except 3:
                pass
        except TypeError as e:
            print(e)

        """)
          == """
          ValueError('x',) x ('x',) x
          OSError(2,) [Errno 2] ENOENT (2,) 2
          OSError(5, 'disk') [Errno 5] EIO: disk (5, 'disk') 5
          OSError(1000,) 1000 (1000,) 1000
          Bad(1, 2) (1, 2) (1, 2) 1
          KeyError('k',) k ('k',) k
          StopIteration(7,) 7 (7,) 7
          <class 'Bad'> deep
          KeyError('gone',)
          unsupported types for : 'ZeroDivisionError', 'int'

          """)
  }

  @Test("what __int__ gives has to be an integer, and the board says no more than that")
  func intOfSomethingElse() {
    let machine = TestMachine()
    #expect(
      machine.run(
        """
        class Odd:
            def __int__(self): return 'a'
        for use in (lambda o: [1][o], lambda o: 'ab'[o], lambda o: range(3)[o], lambda o: [1] * o, lambda o: 'a' * o, chr):
            try:
                use(Odd())
            except TypeError as error:
                print(error.args, end=' ')
        """) == "() () () () () () ")
  }
}
