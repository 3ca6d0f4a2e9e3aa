import Testing

@testable import MicroPython

/// Results are those of MicroPython 1.29.
@Suite struct IntegerTests {
  private let machine = TestMachine()

  @Test func divisionRoundsDown() {
    #expect(
      machine.evaluate("-7 // 2, -7 % 2, 7 % -2, divmod(-7, 2)", "(-2**70) // 1000, (-2**70) % 1000")
        == ["-4 1 -1 (-4, 1)", "-1180591620717411304 576"])
  }

  @Test func numbersOfSeveralWordsAreDividedAndRaised() {
    #expect(
      machine.evaluate(
        "(10**60 + 7) // (2**70 + 1), (10**60 + 7) % (2**70 + 1), divmod(-(3**90), 7**20)",
        "(2**192 - 1) // (2**128 - 1), (2**192 - 2**64) % (2**128 - 2**64 + 1)",
        "pow(3, 10**20, 10**30 + 57), pow(-3, 5, -(10**20))",
        "hex(10**40), int('z' * 20, 36), -(10**25) * 10**25, 10**30 - 10**30")
        == [
          "847032947254300339067605035865907655711 93573375685344889832 "
            + "(-109383577796046636418005577, 63672866860088128)",
          "18446744073709551616 340282366920938463426481119284349108224",
          "432022735502812758199986491015 -243",
          "0x1d6329f1c35ca4bfabb9f5610000000000 13367494538843734067838845976575 "
            + "-100000000000000000000000000000000000000000000000000 0",
        ])
  }

  @Test func aLoopCountsThroughNumbersOfSeveralWords() {
    #expect(machine.run("for i in range(2**70, 2**70 + 2): print(i - 2**70)") == "0\n1\n")
  }

  @Test func bitOperationsSeeInfinitelyManySignBits() {
    #expect(
      machine.evaluate(
        "-(1 << 64) & -1, -(1 << 64) | 5, -(1 << 64) ^ (1 << 65)", "-(2**100) >> 3, -1 >> 200, ~(1 << 64)",
        "1 << 100, (1 << 100) >> 90")
        == [
          "-18446744073709551616 -18446744073709551611 -55340232221128654848",
          "-158456325028528675187087900672 -1 -18446744073709551617",
          "1267650600228229401496703205376 1024",
        ])
  }

  @Test func errorsHaveABoardsTexts() {
    #expect(
      machine.evaluate(
        "1 << -1", "1 // 0", "1 + 'a'", "int('1x')", "int('z', 37)", "int(None)", "(300).to_bytes(1)",
        "(-1).to_bytes(1)", "pow(2, 3, 0)")
        == [
          "ValueError('negative shift count',)", "ZeroDivisionError('divide by zero',)",
          "TypeError(\"unsupported types for __add__: 'int', 'str'\",)",
          "ValueError('invalid syntax for integer with base 10',)",
          "ValueError('int() arg 2 must be >= 2 and <= 36',)",
          "TypeError(\"can't convert NoneType to int\",)",
          "OverflowError('value would overflow a 1 byte buffer',)",
          "OverflowError(\"can't convert negative int to unsigned\",)", "ValueError('divide by zero',)",
        ])
  }

  @Test func textsInAnyBaseAreRead() {
    #expect(
      machine.evaluate("int('0x1F', 0), int(' -12_3 '), int('zz', 36), int(b'77', 8), int('-' + '9' * 30)")
        == ["31 -123 1295 63 -999999999999999999999999999999"])
  }

  @Test func bytesGoBothWays() {
    #expect(
      machine.evaluate(
        "(258).to_bytes(2, 'little'), (-2).to_bytes(3, 'big', signed=True)",
        "int.from_bytes(b'\\x01\\x02'), int.from_bytes(b'\\xff' * 9, 'little')")
        == ["b'\\x02\\x01' b'\\xff\\xff\\xfe'", "258 4722366482869645213695"])
  }

  @Test func hugeResultsRunOutOfMemoryInsteadOfTime() {
    #expect(
      machine.evaluate("(2**70) ** (2**40)", "1 << 100000000", "'x' * (1 << 40)")
        .allSatisfy { $0.hasPrefix("MemoryError") })
  }
}
