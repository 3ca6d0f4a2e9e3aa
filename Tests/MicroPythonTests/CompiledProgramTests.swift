import Testing

@testable import MicroPython

/// What compiled programs do; the expected output is that of MicroPython 1.29.
@Suite struct CompiledProgramTests {
  private let machine = TestMachine()

  @Test func everyWayOutRunsWithAndFinally() {
    let output = machine.run(
      """
      class Manager:
        def __init__(self, name, swallow=False):
          self.name = name
          self.swallow = swallow
        def __enter__(self):
          print("enter", self.name, end="; ")
          return self.name
        def __exit__(self, kind, value, place):
          print("exit", self.name, kind.__name__ if kind else None, end="; ")
          return self.swallow

      def ways(how):
        for i in range(2):
          try:
            with Manager(i) as name, Manager("inner", how == "swallow"):
              if how == "return": return name
              if how == "break": break
              if how == "continue": continue
              if how != "pass": raise ValueError(how)
            print("after with", end="; ")
          except ValueError as error:
            try: raise
            except ValueError as again: print("again", again is error, end="; ")
          else: print("else", end="; ")
          finally:
            print("finally", i, end="; ")
            if how == "raise": return "from finally"
        else: print("no break", end="; ")
        try: error
        except NameError: return "end"

      for how in ("return", "break", "continue", "raise", "swallow"):
        print(how, "->", ways(how))
      """)
    #expect(
      output
        == """
        enter 0; enter inner; exit inner None; exit 0 None; finally 0; return -> 0
        enter 0; enter inner; exit inner None; exit 0 None; finally 0; break -> end
        enter 0; enter inner; exit inner None; exit 0 None; finally 0; enter 1; enter inner; exit inner None; exit 1 None; finally 1; no break; continue -> end
        enter 0; enter inner; exit inner ValueError; exit 0 ValueError; again True; finally 0; raise -> from finally
        enter 0; enter inner; exit inner ValueError; exit 0 None; after with; else; finally 0; enter 1; enter inner; exit inner ValueError; exit 1 None; after with; else; finally 1; no break; swallow -> end

        """)
  }

  @Test func namesAreFoundWhereTheyAreBound() {
    let output = machine.run(
      """
      def counter():
          n = 0
          def step(by=1, *more, scale=1, **rest):
              nonlocal n
              n += by * scale + sum(more) + sum(rest.values())
              return n
          return step, lambda: n
      step, value = counter()
      step(); step(2, 3, scale=4); step(*(1, 2), **{"x": 5})
      print(value())
      class Base:
          def who(self, *a): return "base" + str(a)
      class Sub(Base):
          names = [c for c in "ab"]
          def who(self, *a):
              return "sub " + super().who(len(a), *a) + __class__.__name__ + str([self.names for _ in range(1)])
      print(Sub().who(1, 2))
      x = "global"
      def shadow():
          x = "local"
          class Inner:
              y = x
              x = "class"
              z = x
              def get(self): return x
          return Inner.y, Inner.z, Inner().get()
      print(shadow())
      def late():
          try:
              return z
          except NameError:
              return "unbound"
          z = 1
      print(late())
      a, (b, *c), d = 1, "xyz", [4]
      a, b = b, a
      print(a, b, c, d)
      i = 5
      l = [0] * 3
      i, l[i - 4] = 1, "set"
      print(i, l)
      print([(p, q) for p in range(3) if p for q in "ab" if q != "b"], {k: v for k, v in zip("ab", (1, 2))})
      def evaluated(n):
          trace.append(n)
          return n
      trace = []
      print(evaluated(1) < evaluated(3) < evaluated(2) < evaluated(9), trace)
      print([y := 3, y ** 2], (lambda *, k: k)(k=1))
      for r in range(10, 0, -4): pass
      print(r)
      for r in range(0): pass
      print(r)
      def deep(n):
          try:
              return n if not n else deep(n - 1)
          finally:
              trace.append(-n)
      deep(2); print(trace)
      """)
    #expect(
      output
        == """
        20
        sub base(2, 1, 2)Sub[['a', 'b']]
        ('global', 'class', 'global')
        unbound
        x 1 ['y', 'z'] [4]
        1 ['set', 0, 0]
        [(1, 'a'), (2, 'a')] {'a': 1, 'b': 2}
        False [1, 3, 2]
        [3, 9] 1
        2
        2
        [1, 3, 2, 0, -1, -2]

        """)
  }

  @Test func tracebackNamesEachFrameOnceWithABoardsLines() {
    let output = machine.run(
      """
      def inner(x):
        return (1 +
          x["key"])

      def outer():
        try:
          inner(
            {})
        except OSError:
          pass
        finally:
          print("cleanup")

      for i in range(2):
        outer()
      """)
    #expect(
      output
        == """
        cleanup
        Traceback (most recent call last):
          File "test.py", line 15, in <module>
          File "test.py", line 8, in outer
          File "test.py", line 3, in inner
        KeyError: key

        """)
  }

  @Test func orderedDictKeepsTheOrderOfItsDisplay() {
    let output = machine.run(
      """
      from collections import OrderedDict
      print(OrderedDict({"zeta": 1, "alpha": 2, "m": 3, "q": 4}))
      """)
    #expect(output == "OrderedDict({'zeta': 1, 'alpha': 2, 'm': 3, 'q': 4})\n")
  }
}
