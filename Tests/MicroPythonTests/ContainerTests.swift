import Testing

@testable import MicroPython

/// Lists, tuples, dicts and sets. Results are those of MicroPython 1.29.
@Suite struct ContainerTests {
  private let machine = TestMachine()

  @Test func sortingOrdersEqualItemsAsTheBoardDoes() {
    #expect(
      machine.run(
        """
        pairs = [(3, 'a'), (1, 'b'), (3, 'c'), (2, 'd'), (1, 'e'), (3, 'f'), (1, 'g')]
        print(sorted(pairs, key=lambda p: p[0]))
        print(sorted(pairs, key=lambda p: p[0], reverse=True))

        """)
          == """
          [(1, 'g'), (1, 'e'), (1, 'b'), (2, 'd'), (3, 'f'), (3, 'c'), (3, 'a')]
          [(3, 'a'), (3, 'f'), (3, 'c'), (2, 'd'), (1, 'e'), (1, 'b'), (1, 'g')]

          """)
  }

  @Test func hashTablesHaveTheBoardsOrder() {
    #expect(
      machine.run(
        """
        d = {}
        for i in range(9):
            d['key%d' % i] = i
        del d['key3']
        d['new'] = 'x'
        print(d)
        print(d.popitem(), list(d.keys())[:3], d.get('no'), d.setdefault('s', 5))
        print({1, 5, 3, 2} | {9}, {k: v for k, v in zip('abc', range(3))}, {1: 2}.items())

        """)
          == """
          {'key0': 0, 'key1': 1, 'key6': 6, 'key7': 7, 'key4': 4, 'key5': 5, 'key8': 8, 'new': 'x', 'key2': 2}
          ('key0', 0) ['key1', 'key6', 'key7'] None 5
          {1, 2, 3, 9, 5} {'a': 0, 'c': 2, 'b': 1} dict_items([(1, 2)])

          """)
  }

  @Test func listsAreSlicedChangedAndCompared() {
    #expect(
      machine.run(
        """
        a = list(range(8))
        a[2:4] = ['x']
        del a[-2:]
        a.insert(1, 'y')
        print(a, a[::2], a[::-1], a * 2 == a + a, [1, [2]] < [1, [3]])
        for action in (lambda: a[99], lambda: a['k'], lambda: [].pop(), lambda: a.remove('z'), lambda: a.__class__.append({}, 1)):
            try:
                action()
            except Exception as e:
                print(repr(e))

        """)
          == """
          [0, 'y', 1, 'x', 4, 5] [0, 1, 4] [5, 4, 'x', 1, 'y', 0] True True
          IndexError('list index out of range',)
          TypeError('list indices must be integers, not str',)
          IndexError('pop from empty list',)
          ValueError('object not in sequence',)
          TypeError('argument has wrong type',)

          """)
  }

  @Test("a copy of errno.errorcode, which is searched in order, is a dict like it")
  func errorCodesCopied() {
    #expect(
      machine.run(
        "import errno\ncopy = errno.errorcode.copy()\nprint(type(copy), copy == errno.errorcode)\n")
        == "<class 'dict'> True\n")
  }
}
