import Testing

@testable import MicroPython

/// Results are those of MicroPython 1.29 at a board's level of error texts.
@Suite struct FormattingTests {
  private let machine = TestMachine()

  @Test func percentLaysOutFields() {
    #expect(
      machine.evaluate(
        "'%5d|%-5d|%05d|%+d|%x|%#X|%o|%s|%r|%c' % (42, 42, -42, 42, 255, 255, 8, 'a', 'a', 'c')",
        "'%8.3d|%-8.3d|%*d|%.*f' % (5, 5, 4, 7, 2, 3.14159)", "'%(a)s-%(b)02d' % {'a': 1, 'b': 2}",
        "'%e %G %g %6.2f' % (12345.678, 1e-10, 1e20, 2.5)", "b'%s|%d' % (b'x', 3)",
        "repr('%.2r' % '\\u20ac')")
        == [
          "   42|42   |-0042|+42|ff|0XFF|10|a|'a'|c", "     005|005     |   7|3.14", "1-02",
          "1.234568e+04 1E-10 1e+20   2.50", "b'x|3'", "\"'\\x02\"",
        ])
  }

  @Test func formatLaysOutFields() {
    #expect(
      machine.evaluate(
        "'{:5}|{:<5}|{:^5}|{:*>5}|{:05}'.format(1, 2, 3, 4, -5)",
        "'{:x} {:#b} {:,} {:_x} {:010,} {:+} {:c}'.format(255, 5, 1234567, 0xabcdef12, 1234, 6, 65)",
        "'{:.3f} {:e} {:.1%} {:g}'.format(3.14159, 12345.678, 0.256, 1e6)",
        "'{1}{0} {x} {!r:>5} {:{}}'.replace('{!r:>5} {:{}}', '').format(1, 2, x=3)",
        "'{!r:>5}|{:{}}|{:.2}|{{}}'.format('a', 'b', 4, 'long')", "'{:5}|{:5d}'.format(True, True)")
        == [
          "    1|2    |  3  |****4|-0005", "ff 0b101 1,234,567 abcd_ef12 00,001,234 +6 A",
          "3.142 1.234568e+04 25.6% 1e+06", "21 3 ", "  'a'|b   |lo|{}", "    1|    1",
        ])
  }

  @Test func mistakesAreNamed() {
    #expect(
      machine.evaluate(
        "'{'.format()", "'}'.format()", "'{}'.format()", "'{a}'.format()", "'{}{0}'.format(1)",
        "'{:d}'.format('a')", "'{:z}'.format(1)", "'{!x}'.format(1)", "'%d' % 'a'", "'%s %s' % 1",
        "'%s' % (1, 2)",
        "'%z' % 1", "'%' % 1")
        == [
          "ValueError(\"unmatched '{' in format\",)",
          "ValueError(\"single '}' encountered in format string\",)",
          "IndexError('tuple index out of range',)", "KeyError('a',)",
          "ValueError(\"can't switch from automatic field numbering to manual field specification\",)",
          "ValueError(\"unknown format code 'd' for object of type 'str'\",)",
          "ValueError('invalid format specifier',)", "ValueError('bad conversion specifier',)",
          "TypeError(\"can't convert str to int\",)", "TypeError('format string needs more arguments',)",
          "TypeError(\"format string didn't convert all arguments\",)",
          "ValueError(\"unsupported format character 'z' (0x7a) at index 1\",)",
          "ValueError('incomplete format',)",
        ])
  }
}
