import Testing

@testable import MicroPython

/// Generators and other iterators. Results are those of MicroPython 1.29.
@Suite struct GeneratorTests {
  private let machine = TestMachine()

  @Test func generatorsAreSentToThrownIntoAndClosed() {
    #expect(
      machine.run(
        """
        def inner():
            try:
                got = yield 1
                print('got', got)
                yield 2
            except ValueError as e:
                print('caught', e)
                yield 'handled'
            return 'done'
        def outer():
            print('result', (yield from inner()))
        g = outer()
        print(next(g), g.send('hi'), g.throw(ValueError('oops')))
        try:
            next(g)
        except StopIteration as e:
            print('stop', e.value)
        g = inner()
        next(g)
        g.close()
        print(list(g))
        class Count:
            def __getitem__(self, i):
                if i > 3: raise IndexError
                return i * i
        print(list(Count()), list(map(lambda a, b: a + b, (1, 2), [10, 20, 30])), list(reversed([1, 2])), list(enumerate('ab', 5)))

        """)
          == """
          got hi
          caught oops
          1 2 handled
          result done
          stop None
          []
          [0, 1, 4, 9] [11, 22] [2, 1] [(5, 'a'), (6, 'b')]

          """)
  }

  /// Collections happen between a generator's bytecodes, while a built-in holds what it has got so far.
  @Test func builtInsKeepTheirItemsWhileGeneratorsCauseCollections() {
    #expect(
      machine.run(
        """
        def g(n):
            for i in range(n):
                x = [i, str(i) + 'abc', (i,)]
                yield x[1]
        print(len(list(g(1000))), len(set(g(1000))), len(dict((k, 1) for k in g(800))))
        print(sum(len(s) for s in g(5000)), max(g(3000)), sorted(g(300))[:3])
        print(len(list(zip(g(300), map(lambda s: s + 'q', g(300))))), len(tuple(filter(None, g(1000)))))
        print(sum(i * 0.5 for i in range(40000)) > 0, all(x for x in g(20000)))
        """)
          == """
          1000 1000 800
          33890 9abc ['0abc', '100abc', '101abc']
          300 1000
          True True

          """)
  }

  @Test("StopIteration that is thrown into a generator leaves it as RuntimeError, begun or not")
  func stopIterationThrown() {
    #expect(
      machine.run(
        """
        def numbers():
            yield 1
        for begun in (False, True):
            g = numbers()
            if begun: next(g)
            try:
                g.throw(StopIteration(3))
            except RuntimeError as error:
                print(error)
        """) == "generator raised StopIteration\ngenerator raised StopIteration\n")
  }
}
