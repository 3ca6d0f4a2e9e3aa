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
    // Enough for several collections; with one at every allocation a tenth is.
    let n = TestMachine.collectsAlways ? 100 : 1000
    #expect(
      machine.run(
        """
        def g(n):
            for i in range(n):
                x = [i, str(i) + 'abc', (i,)]
                yield x[1]
        print(len(list(g(\(n)))), len(set(g(\(n)))), len(dict((k, 1) for k in g(\(n * 4 / 5)))))
        print(sum(len(s[-3:]) for s in g(\(5 * n))), max(g(\(3 * n))), sorted(g(300))[:3])
        print(len(list(zip(g(\(n / 4)), map(lambda s: s + 'q', g(\(n / 4)))))), len(tuple(filter(None, g(\(n))))))
        print(sum(i * 0.5 for i in range(\(40 * n))) > 0, all(x for x in g(\(20 * n))))
        """)
          == """
          \(n) \(n) \(n * 4 / 5)
          \(15 * n) 9abc ['0abc', '100abc', '101abc']
          \(n / 4) \(n)
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
