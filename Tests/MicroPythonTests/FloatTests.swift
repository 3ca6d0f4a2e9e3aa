import Testing

@testable import MicroPython

/// Results are those of MicroPython 1.29 built with a Pyboard's single-precision floats.
@Suite struct FloatTests {
  private let board = TestMachine()

  @Test func boardPrintsSinglePrecision() {
    #expect(
      board.evaluate(
        "1/3, 0.1 + 0.2, 1e7, 16777217.0, 123456.789, 1e16, 1e15, -0.0, 1e-5, 2.0**0.5",
        "3.14159265358979, 537.58376, -2.55e-31, float('-2.55e-31')",
        "float('inf'), -float('inf'), float('nan')")
        == [
          "0.33333334 0.3 10000000.0 16777216.0 123456.79 1e+16 1000000000000000.0 -0.0 1e-05 1.4142135",
          "3.1415924 537.58376 -2.55e-31 -2.55e-31", "inf -inf nan",
        ])
  }

  @Test func doublesShowTheShortestTextThatReadsBack() {
    let machine = TestMachine(singleFloats: false)
    #expect(
      machine.evaluate("1/3, 0.1 + 0.2, 1e22, 1e23, 5e-324, 2.675", "'%.2f %.20f %.0f' % (2.675, 0.1, 0.5)")
        == [
          "0.3333333333333333 0.30000000000000004 1e+22 1e+23 4.940656458412465e-324 2.675",
          "2.67 0.10000000000000000000 1",
        ])
  }

  @Test func remainderHasTheDivisorsSign() {
    #expect(
      board.evaluate("5.5 % -2, -5.5 % 2, divmod(-5.5, 2), -5.5 // 2", "5.0 // 0", "0.0 ** -1", "1 / 0")
        == [
          "-0.5 0.5 (-3.0, 0.5) -3.0", "ZeroDivisionError('divide by zero',)",
          "ZeroDivisionError('divide by zero',)", "ZeroDivisionError('divide by zero',)",
        ])
  }

  @Test func integersMeetFloats() {
    #expect(
      board.evaluate(
        "1 == 1.0, hash(2) == hash(2.0), 2**24 + 1 == float(2**24 + 1), 3 < 3.5", "int(1e10), int(-1.9)",
        "int(float('inf'))", "int(float('nan'))", "2**200 / 2**199, float(2**200)", "float('1.5x')")
        == [
          "True True True True", "10000000000 -1", "OverflowError(\"can't convert inf to int\",)",
          "ValueError(\"can't convert NaN to int\",)", "nan inf",
          "ValueError('invalid syntax for number',)",
        ])
  }

  @Test func objectsMayStandForFloats() {
    #expect(
      board.run(
        """
        class Half:
          def __float__(self): return 0.5
        class Turn:
          def __complex__(self): return 2j
        print(1.0 + Half(), float(Half()), '%.2f' % Half(), complex(Turn()))
        """) == "1.5 0.5 0.50 2j\n")
  }

  @Test func complexNumbers() {
    #expect(
      board.evaluate(
        "(1+2j) * (3-1j), 1j ** 2, abs(3+4j), (-8) ** 0.5", "complex('1+2j'), complex(1, 2).imag, 1j == 1j",
        "1j < 2", "1j / 0", "(1j) // 1")
        == [
          "(5+5j) (-1-8.742278e-08j) 5.0 (-1.2363448e-07+2.828427j)", "(1+2j) 2.0 True",
          "TypeError(\"unsupported types for __lt__: 'complex', 'int'\",)",
          "ZeroDivisionError('complex divide by zero',)",
          "TypeError(\"can't truncate-divide a complex number\",)",
        ])
  }
}
