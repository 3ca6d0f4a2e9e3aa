import Testing

@testable import MicroPython

/// Results are those of MicroPython 1.29.
@Suite struct StringTests {
  private let machine = TestMachine()

  @Test func charactersNotBytesAreCounted() {
    #expect(
      machine.evaluate(
        "len('żółw'), 'żółw'[1], 'żółw'[-2:], 'żółw'.find('w'), list('aé')", "'żółw'.center(8) + '|'",
        "'é'.encode(), b'\\xc3\\xa9'.decode(), b'a\\xff'.decode('utf-8', 'replace')", "b'\\xff'.decode()")
        == [
          "4 ó łw 3 ['a', 'é']", "  żółw  |", "b'\\xc3\\xa9' é a\u{fffd}", "UnicodeError()",
        ])
  }

  @Test func representationIsMicroPythons() {
    #expect(
      machine.evaluate(#"repr("it's"), repr('"'), repr('\n\x01é\\'), repr(b'\xff\'')"#)
        == [#""it's" '"' '\n\x01é\\' b"\xff'""#])
  }

  @Test func splittingAndSearching() {
    #expect(
      machine.evaluate(
        "'a,b,,c'.split(','), ' a  b '.split(), 'a,b,c'.rsplit(',', 1), 'a\\nb\\r\\nc'.splitlines(True)",
        "'abc'.partition('b'), bytearray(b'abc').rpartition(b'z'), 'xxaxx'.strip('x')",
        "'aaa'.replace('a', 'b', 2), 'abc'.replace('', '-'), 'aaa'.count(''), 'abcabc'.rfind('b')",
        "'abc'.startswith(('x', 'a')), 'abc'.endswith('c', 0, 2), b'abc'.find(98), 'b' in 'abc'",
        "','.join('abc'), b''.join([b'a', bytearray(b'b')]), b'\\x01\\xab'.hex(':'), bytes.fromhex('01 ab')")
        == [
          "['a', 'b', '', 'c'] ['a', 'b'] ['a,b', 'c'] ['a\\n', 'b\\r\\n', 'c']",
          "('a', 'b', 'c') (b'', b'', bytearray(b'abc')) a", "bba -a-b-c- 4 4", "True False 1 True",
          "a,b,c b'ab' 01:ab b'\\x01\\xab'",
        ])
  }

  @Test func mistakesAreNamed() {
    #expect(
      machine.evaluate(
        "'a' + 1", "'a'[1.0]", "'a'[5]", "b'a' in 'a'", "','.join([1])", "'abc'[::2]", "'abc'.index('z')",
        "'a'.split('')", "bytes('a')", "bytes([256])", "b'a'.decode('latin')")
        == [
          "TypeError(\"unsupported types for __add__: 'str', 'int'\",)",
          "TypeError('string indices must be integers, not float',)",
          "IndexError('string index out of range',)",
          "TypeError(\"can't convert 'bytes' object to str implicitly\",)",
          "TypeError('join expects a list of str/bytes objects consistent with self object',)",
          "NotImplementedError('only slices with step=1 (aka None) are supported',)",
          "ValueError('substring not found',)", "ValueError('empty separator',)",
          "TypeError('string argument without an encoding',)", "ValueError('bytes value out of range',)",
          "LookupError('unknown encoding: latin',)",
        ])
  }
}
