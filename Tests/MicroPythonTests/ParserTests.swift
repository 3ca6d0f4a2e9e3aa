import Testing

@testable import MicroPython

@Suite struct ParserTests {
  @Test(arguments: [
    ("1_000", Constant.int(1000)), ("0xFf", .int(255)), ("0b1_01", .int(5)), ("0o17", .int(15)),
    ("00", .int(0)),
    ("123456789012345678901234567890", .bigInt(BigInt("123456789012345678901234567890") ?? 0)),
    ("1.5e3", .float(1500)), (".5", .float(0.5)), ("1.", .float(1)), ("2j", .imaginary(2)),
    (#"'a\x41\101\u00e9\n\q'"#, .string(Array("aAAé\n\\q".utf8))),
    (#"r'\n\''"#, .string(Array(#"\n\'"#.utf8))),
    (#"b'\xff\u12'"#, .bytes([0xff] + Array(#"\u12"#.utf8))), ("'a' \"b\"\n", .string(Array("ab".utf8))),
    ("'''a\nb'''", .string(Array("a\nb".utf8))), (#"'\ud800'"#, .string([0xed, 0xa0, 0x80])),
    ("...", .ellipsis), ("__debug__", .true),
  ])
  func literals(source: String, value: Constant) throws {
    guard case .constant(let parsed) = try parseExpression(Array(source.utf8), file: "").kind else {
      Issue.record("\(source) is no constant")
      return
    }
    #expect(parsed == value)
  }

  @Test(arguments: [
    ("1 + 2 * 3 - 4", "((1 + (2 * 3)) - 4)"), ("-a ** -b ** c", "(- (a ** (- (b ** c))))"),
    ("a or b and not c == d < e", "(a or (b and (not (c == d < e))))"),
    ("x not in y is not z", "(x not in y is not z)"),
    ("a if b else c if d else e", "(a if b else (c if d else e))"),
    ("f(a, *b, k=1, **c)[1:, ::2].d", "f(a, *b, k=1, **c)[(1:None:None, None:None:2)].d"),
    ("(x, ), [], {1: 2}, {3}", "((x), [], {1: 2}, {3})"),
    ("[a for b, c in d if e for f in g]", "[a for (b, c) in d if e for f in g]"),
    ("sum(x for x in (y := z))", "sum((x for x in (y := z)))"), ("await f().g", "(await f().g)"),
    ("f'{a!r:>{w}} {b=}'.x", "'{!r:>{}} b={}'.format(a, w, b).x"),
    (#"f"{d["k"]}{{}}" 'z'"#, "'{}{{}}z'.format(d['k'])"),
  ])
  func expressions(source: String, tree: String) throws {
    #expect(rendering(try parseExpression(Array(source.utf8), file: "")) == tree)
  }

  @Test func statementsKeepTheirLines() throws {
    let source = """
      @a.b(1)
      async def f(x: int, y=2, *args, z, **kw) -> None:
      \tif x: pass; y = z = (yield)
              # comment at another indent
      \telif y:
      \t  return
      class C(B, m=1): x: int = 5

      try:
        from ..a.b import (c as d, e,)
      except (E, F) as g: raise X from g
      else:
        with a as b, c: x += \\
            1
      finally: del a, b[0]
      """
    let statements = try parseModule(Array(source.utf8), file: "")
    #expect(statements.map(\.line) == [1, 7, 9])
    guard case .function(let function) = statements[0].kind,
      case .if(_, let then, let otherwise) = function.body[0].kind,
      case .try(let body, let handlers, let alternative, let finally) = statements[2].kind,
      case .importFrom("a.b", 2, let names) = body[0].kind
    else {
      Issue.record("unexpected tree")
      return
    }
    #expect(function.isAsync && function.line == 2 && function.decorators.count == 1)
    #expect(function.parameters.map(\.kind) == [.positional, .positional, .star, .keywordOnly, .doubleStar])
    #expect(then.map(\.line) == [3, 3] && otherwise.map(\.line) == [5])
    #expect(names.map(\.name) == ["c", "e"] && names.map(\.alias) == ["d", nil])
    #expect(handlers[0].line == 11 && handlers[0].name == "g")
    #expect(alternative.map(\.line) == [13] && finally.map(\.line) == [15])
  }

  @Test(arguments: [
    ("x = = 1", 1, "invalid syntax"), ("if x:\npass", 2, "invalid syntax"),
    ("x\n  y", 2, "unexpected indent"),
    (" x", 1, "unexpected indent"),
    ("if x:\n    y\n  z", 2, "unindent doesn't match any outer indent level"),
    ("a = 'x\nb", 1, "invalid syntax"), ("(\n1,\n", 3, "invalid syntax"), ("f'{}'", 1, "malformed f-string"),
    ("\n0777", 2, "invalid syntax for integer with base 0"), ("1.2.3", 1, "invalid syntax for number"),
    ("'\\x4'", 1, "invalid syntax"), ("def f(a, /): pass", 1, "invalid syntax"),
    ("{**a}", 1, "invalid syntax"),
    ("def f(**k, a): pass", 1, "invalid syntax"), ("f(1=2)", 1, "LHS of keyword arg must be an id"),
    ("{1: 2, 3}", 1, "expecting key:value for dict"), ("{1, 2: 3}", 1, "expecting just a value for set"),
    ("(1 := 2)\nx y", 2, "invalid syntax"), ("match x:\n  case 1: pass", 1, "invalid syntax"),
    ("\u{7f}ELF", 1, "invalid syntax"), ("try:\n  pass", 3, "invalid syntax"),
    ("@1\ndef f(): pass", 1, "invalid syntax"),
  ])
  func problems(source: String, line: Int, message: String) {
    let problem = #expect(throws: SyntaxProblem.self) { try parseModule(Array(source.utf8), file: "main.py") }
    #expect(problem?.message == message)
    #expect(problem?.line == line)
    #expect(problem?.file == "main.py")
    #expect(problem?.isIndentation == message.contains("indent"))
  }

  @Test(arguments: [
    ("", "("), ("a", "+a"), ("a", ".a"), ("", "not "), ("", "lambda:"), ("", "{1:"),
    ("if a: b\n", "elif a: b\n"),
  ])
  func nestingBeyondTheBoardsStackIsRefused(start: String, repeated: String) {
    let source = start + String(repeating: repeated, count: 20_000) + "a"
    let problem = #expect(throws: SyntaxProblem.self) { try parseModule(Array(source.utf8), file: "") }
    #expect(problem?.kind == .tooDeep)
    #expect(problem?.message == "maximum recursion depth exceeded")
  }

  @Test func mutilatedSourceIsRefusedOrParsedButNeverCrashes() {
    let source = Array("def f(a=1, *b):\n  for x in f'{a!r:{b}}': yield [x, {1: '\\u1234'}, b'\\x00']\n".utf8)
    for index in source.indices {
      for byte: UInt8 in [0, 10, 39, 40, 92, 123, 125, 255] {
        var mutilated = source
        mutilated[index] = byte
        _ = try? parseModule(mutilated, file: "")
      }
      _ = try? parseModule(Array(source[..<index]), file: "")
    }
  }
}
