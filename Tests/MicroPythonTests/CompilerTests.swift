import Testing

@testable import MicroPython

/// The shape of the code decides how fast firmware runs.
@Suite struct CompilerTests {
  /// The instructions of the first function in `source`, or of the module if it defines none.
  private func instructions(_ source: String) throws -> [String] {
    let module = try compile(source)
    return Disassembly(code: module.children.first ?? module).instructions
  }

  private func compile(_ source: String) throws -> CompiledCode {
    let tree = try parseModule(Array(source.utf8), file: "test.py")
    return try Compiler.compile(module: tree, file: "test.py")
  }

  @Test func roundOfCountingLoopTakesTwoInstructions() throws {
    let code = try instructions(
      """
      def f(n):
        i = 0
        while i < n:
          i += 1
      """)
    #expect(
      code == ["loadInt r1 0", "jump →3", "inplaceAddInt r1 r1 1", "jumpIfLess r1 r0 →2", "returnNone"])
  }

  @Test func switchingTaskTakesNineInstructionsPerRound() throws {
    let code = try instructions(
      """
      async def task():
        global count
        while True:
          await asyncio.sleep_ms(0)
          count += 1
      """)
    #expect(
      code == [
        "generatorStart", "loadGlobal r0 asyncio", "loadMethod r0 r0 sleep_ms", "loadInt r2 0",
        "callMethod r0 1", "await r0", "loadGlobal r0 count", "inplaceAddInt r0 r0 1", "storeGlobal r0 count",
        "jump →1",
      ])
  }

  @Test func recursiveCallNeedsNoMoves() throws {
    let code = try instructions("def fib(n):\n  return n if n < 2 else fib(n - 1) + fib(n - 2)")
    #expect(!code.contains { $0.hasPrefix("move") })
  }

  @Test func conditionsMakeNoBooleans() throws {
    let code = try instructions(
      "def f(a, b):\n  if not (a is None or 1 < b <= 5) and a != b: return a")
    #expect(
      code == [
        "jumpIfNone r0 →6", "loadInt r2 1", "jumpUnlessLess r2 r1 →4", "jumpIfLessOrEqualInt r1 5 →6",
        "jumpUnlessNotEqual r0 r1 →6", "returnValue r0", "returnNone",
      ])
  }

  @Test func swapMakesNoTuple() throws {
    let code = try instructions("def f(a, b):\n  a, b = b, a")
    #expect(code == ["move r2 r0", "move r0 r1", "move r1 r2", "returnNone"])
  }

  @Test func countedLoopMakesNoRange() throws {
    let code = try instructions("def f(n):\n  for i in range(n): pass")
    #expect(!code.contains { $0.hasPrefix("call") || $0.hasPrefix("getIterator") })
    let unknownStep = try instructions("def f(n, s):\n  for i in range(0, n, s): pass")
    #expect(unknownStep.contains { $0.hasPrefix("call") })
  }

  @Test func privateConstantsVanish() throws {
    let code = try instructions("from micropython import const\n_LED = const(3 << 2)\nx = _LED + 1\n")
    #expect(code.contains("loadInt r0 13"))
    #expect(!code.contains { $0.contains("_LED") })
  }

  @Test func localsAreCheckedOnlyWhereTheyMayBeUnbound() throws {
    let code = try instructions(
      """
      def f(a):
        if a: x = 1
        try: y = g()
        except OSError as e: print(e)
        return x, y, x
      """)
    #expect(code.filter { $0.hasPrefix("checkBound") }.count == 2)
  }

  @Test func excludedCodeNeitherRunsNorBinds() throws {
    let module = try compile(
      """
      def f():
        if not __debug__:
          x = 1
          yield x
        return x
      """)
    #expect(!module.children[0].flags.contains(.generator))
    #expect(Disassembly(code: module.children[0]).instructions == ["loadGlobal r0 x", "returnValue r0"])
  }

  @Test func jumpsReachAcrossLongCode() throws {
    let body = String(repeating: "    x += a\n", count: 40_000)
    let module = try compile("def f(a, x):\n  for b in a:\n" + body + "  return x\n")
    let code = module.children[0]
    let jumps = code.instructions.enumerated().filter { $1.opcode == .jump }
    let targets = jumps.map { $0 + 1 + $1.signedBC }
    #expect(targets.contains(code.instructions.count - 1))
    #expect(targets.allSatisfy { code.instructions.indices.contains($0) })
  }

  @Test func nestedExpressionsUpToTheParsersLimitCompile() throws {
    _ = try compile("x = " + Array(repeating: "a", count: 480).joined(separator: " + "))
  }

  @Test func instructionsKnowTheirLines() throws {
    let module = try compile("x = 1\n\ny = f(\n  1,\n  g())\nz = 2\n")
    #expect(module.lines.map(\.line) == [1, 3, 5, 6])
  }

  @Test(arguments: [
    ("def f():\n  break\n", "'break'/'continue' outside loop", 2, "f"),
    ("x = 1\nreturn x\n", "'return' outside function", 2, "<module>"),
    ("def f(a, a): pass\n", "argument name reused", 1, "f"),
    ("def f():\n  pass\n  f() = 1\n", "can't assign to expression", 3, "f"),
    ("def f(a):\n  def g():\n    nonlocal b\n", "no binding for nonlocal found", 3, "g"),
    ("def f(a):\n  x\n  global x\n", "identifier redefined as global", 3, "f"),
    ("def f(a):\n  nonlocal a\n", "identifier redefined as nonlocal", 2, "f"),
    ("nonlocal x\n", "can't declare nonlocal in outer code", 1, "<module>"),
    ("f(a=1, 2)\n", "positional arg after keyword arg", 1, "<module>"),
    ("f(**a, 2)\n", "positional arg after **", 1, "<module>"),
    ("f(**a, *b)\n", "* arg after **", 1, "<module>"),
    ("f(a=1,\n *b)\n", "* arg after kwarg", 2, "<module>"),
    ("del f()\n", "can't delete expression", 1, "<module>"),
    ("x = *a\n", "*x must be assignment target", 1, "<module>"),
    ("a, *b, *c = d\n", "multiple *x in assignment", 1, "<module>"),
    ("try:\n  pass\nexcept:\n  pass\nexcept E: pass\n", "default 'except' must be last", 3, "<module>"),
    ("def f():\n  def g(): super()\n", "super() can't find self", 2, "g"),
    ("async def f(): pass\nawait f()\n", "'await' outside function", 2, "<module>"),
    ("class A:\n  yield 1\n", "'yield' outside function", 2, "A"),
    ("def f():\n  async with x: pass\n", "async for/with outside async function", 2, "f"),
    ("def f():\n  from x import *\n", "import * not at module level", 2, "f"),
    ("def f(a=1, b): pass\n", "non-default argument follows default argument", 1, "<module>"),
    ("__debug__ = 1\n", "can't assign to expression", 1, "<module>"),
    ("@micropython.foo\ndef f(): pass\n", "invalid micropython decorator", 1, "<module>"),
  ])
  func mistakes(source: String, message: String, line: Int, scope: String) throws {
    let problem = #expect(throws: SyntaxProblem.self) { try compile(source) }
    #expect(problem?.message == message)
    #expect(problem?.line == line)
    #expect(problem?.scopeName == scope)
    #expect(problem?.file == "test.py")
  }

  @Test func constantMustBeConstant() throws {
    let problem = #expect(throws: SyntaxProblem.self) { try compile("a = 1\n_x = const(a)\n") }
    #expect(problem?.message == "not a constant")
    #expect(problem?.line == 2)
  }
}
