import Testing

@testable import MicroPython

/// What the bytecode loop answers itself, or finds where it was the last time, is what it would be otherwise. Expected
/// output is that of MicroPython 1.29.
@Suite struct ShortcutTests {
  private let machine = TestMachine()

  @Test func attributesOfModulesAndInstancesAtOnePlaceAreToldApart() {
    #expect(
      machine.run(
        """
        import __main__
        a = b = c = d = e = 0
        x = "global"
        class Point:
            def __init__(self):
                self.x = "own"
                for name in "abcdefghijklmnopqrstuvwz":
                    setattr(self, name, "other")
        def read(o): return o.x
        p = Point()
        print(read(p), read(__main__), read(p))
        """) == "own global own\n")
  }

  @Test func classAttributesChangeUnderTheirReaders() {
    #expect(
      machine.run(
        """
        def outer():
            class Meter:
                scale = 2
                def read(self, n): return n * self.scale
            m = Meter()
            first = m.read(1), m.scale
            m.read = lambda n: -n
            second = m.read(1), m.scale
            Meter.scale = property(lambda self: 9)
            return first, second, m.scale
        print(outer())
        """) == "((2, 2), (-1, 2), 9)\n")
  }

  @Test func lengthsAreThoseOfWhateverIsCalledLen() {
    #expect(
      machine.run(
        """
        class Items(list):
            def __len__(self): return 7
        def size(o): return len(o)
        for o in ([1, 2], (1, 2, 3), b"four", bytearray(5), "sechs!", Items(), {1: 2}, {1}, range(9)): print(size(o), end=" ")
        print()
        try: size(5)
        except TypeError as error: print(error)
        try: len()
        except TypeError as error: print(error)
        try: len([], [])
        except TypeError as error: print(error)
        length, len = len, lambda o: "mine"
        print(size([1]), length([1]))
        del len
        print(size([1]))
        """) == """
          2 3 4 5 6 7 1 1 9 
          object of type 'int' has no len()
          function takes 1 positional arguments but 0 were given
          function takes 1 positional arguments but 2 were given
          mine 1
          1

          """)
  }

  @Test func countedLoopsKeepTheirOwnCount() {
    #expect(
      machine.run(
        """
        def count(n):
            seen = []
            for i in range(n):
                seen.append(i)
                i += 10
                if len(seen) == 4: n = 0
            else: seen.append("end")
            return seen
        print(count(3), count(5), count(0), count(-1), count(True))
        try: count(2.0)
        except TypeError as error: print(error)
        big = 1 << 30
        print([i - big for i in range(big, big + 3)], [i for i in range(-2, 1)])
        """) == """
          [0, 1, 2, 'end'] [0, 1, 2, 3, 4, 'end'] ['end'] ['end'] [0, 'end']
          [0, 1, 2] [-2, -1, 0]

          """)
  }
}
