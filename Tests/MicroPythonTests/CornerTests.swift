import Testing

@testable import MicroPython

/// Corners of the language in which programs were compared with a 32-bit build of MicroPython 1.29 that has a Pyboard's floats and
/// its level of error messages.
@Suite struct CornerTests {
  private let machine = TestMachine()

  @Test("what C code reads as a string may be bytes, and a sequence must be a tuple or list")
  func argumentsOfCCode() {
    #expect(
      machine.evaluate(
        "__import__('struct').pack(b'<h', 1)", "__import__('collections').namedtuple('P', {'x': 1})",
        "__import__('re').sub('a', 5, 'ab')", "__import__('cmath').sqrt('a')") == [
          "b'\\x01\\x00'", #"TypeError("object 'dict' isn't a tuple or list",)"#,
          #"TypeError("can't convert 'int' object to str implicitly",)"#,
          #"TypeError("can't convert str to complex",)"#,
        ])
  }

  @Test("a keyword that stands twice in a call is refused, also where **names takes it")
  func keywordTwice() {
    #expect(
      machine.evaluate("(lambda **k: k)(a=1, a=2)") == [
        #"TypeError("function got multiple values for argument 'a'",)"#
      ])
  }

  @Test("an OrderedDict is never equal to a plain dict")
  func orderedAndPlain() {
    #expect(
      machine.run(
        """
        from collections import OrderedDict
        print(OrderedDict([(1, 2)]) == {1: 2}, {1: 2} == OrderedDict([(1, 2)]), OrderedDict([(1, 2)]) == OrderedDict({1: 2}))
        """) == "False False True\n")
  }

  @Test("None, True and False hash as the board's immediate objects")
  func hashesOfConstants() {
    #expect(
      machine.evaluate(
        "hash(None), id(None), id(True), id(False), hash(True)", "{1: 2, None: 3, 1.5: 6}", "{None, 1, 2}")
        == ["6 6 30 14 1", "{None: 3, 1: 2, 1.5: 6}", "{None, 1, 2}"])
  }

  @Test("classes: bool and range as bases, a property without a getter, what __int__ and __hash__ may be")
  func classes() {
    #expect(
      machine.run(
        """
        class A(bool): pass
        class B(range): pass
        class C:
            x = property()
            __hash__ = None
            def __int__(self): return 'a'
        def show(call):
            try: print(call())
            except Exception as e: print(repr(e))
        show(lambda: C().x)
        show(lambda: hash(C()))
        show(lambda: int(C()))
        """) == """
          AttributeError('unreadable attribute',)
          TypeError("'NoneType' object isn't callable",)
          TypeError()

          """)
  }

  @Test("complex functions round each step to the board's floats")
  func complexFunctions() {
    #expect(
      machine.evaluate("__import__('cmath').sqrt(-1)", "__import__('cmath').log(1j)") == [
        "(-4.371139e-08+1j)", "1.5707964j",
      ])
  }

  @Test(
    "a traceback names the line of the parenthesis, bracket or point that failed",
    arguments: [
      ("x = (y\n  .foo)", 2), ("x = (y\n  .append(1)\n  .foo)", 3), ("x = (y\n  [5])", 2),
      ("x = (5\n  (1))", 2),
      ("x = y.foo(\n  1)", 1), ("x = (y[0].foo\n  (1))", 1), ("x = (1 and\n  None.x)", 2),
      ("x = y[\n  5]", 1),
    ])
  func linesOfTrailers(program: String, line: Int) {
    let text = machine.run("y = [1, 2]\n" + program)
    #expect(
      text.split(separator: "\n").dropFirst().first == "  File \"test.py\", line \(line + 1), in <module>",
      "\(text)")
  }

  @Test("what is thrown into a generator that has not begun stands at its first line")
  func throwBeforeTheFirstLine() {
    #expect(
      machine.run("\ndef g():\n  yield 1\ng().throw(ValueError)\n") == """
        Traceback (most recent call last):
          File "test.py", line 4, in <module>
          File "test.py", line 3, in g
        ValueError: \n
        """)
  }

  @Test("in viper the last thing that is wrong with types is told")
  func viperTypes() {
    #expect(
      machine.run(
        """
        def show(source):
            try: exec('@micropython.viper\\ndef f(x: int): ' + source)
            except Exception as e: print(e)
        show('return not x')
        show('return x is 3')
        """) == """
          return expected 'object' but got 'int'
          return expected 'object' but got 'int'

          """)
  }

  @Test("a keyword argument given twice: functions refuse it, dict takes the last, other built-ins count it")
  func keywordsGivenTwice() {
    #expect(
      machine.evaluate(
        "dict(a=1, **{'a': 2})", "sorted(dict({'b': 1}, a=1, **{'a': 2}).items())",
        "dict(**{'a': 1}, **{'a': 3})", "(lambda a: a)(a=1, **{'a': 2})",
        "(lambda **k: k)(a=1, **{'a': 2})", "(lambda **k: k)(**{'a': 1}, a=2)",
        "sorted([2, 1], reverse=False, **{'reverse': True})", "print(1, sep='', **{'sep': ''})",
        "'{a}'.format(a=1, **{'a': 2})")
        == [
          "{'a': 2}", "[('a', 2), ('b', 1)]", "{'a': 3}",
          "TypeError(\"function got multiple values for argument 'a'\",)",
          "TypeError(\"function got multiple values for argument 'a'\",)",
          "TypeError(\"function got multiple values for argument 'a'\",)",
          "TypeError('extra keyword arguments given',)", "TypeError('extra keyword arguments given',)", "1",
        ])
  }
}
