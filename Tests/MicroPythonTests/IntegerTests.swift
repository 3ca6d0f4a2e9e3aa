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

  @Test("built-ins take integers of a word of the board, 32 bits, and refuse others with OverflowError")
  func words() {
    let program = """
      B = 1 << 31
      for f in (
          lambda: bytearray(B), lambda: [0] * B, lambda: (1,) * -B, lambda: 'a' * B, lambda: range(B), lambda: range(-B),
          lambda: chr(B), lambda: 1 << B, lambda: 1 >> B, lambda: 1 << -B, lambda: round(1, B), lambda: int('1', B),
          lambda: bytes([B]), lambda: [1, 2][B], lambda: 'ab'[B], lambda: [1, 2][B:], lambda: b'ab'[:-B],
          lambda: [1].index(1, -B), lambda: [1].pop(B), lambda: 'a'.split(None, B),
          lambda: 'abc'.find('b', B), lambda: 'a'.center(B), lambda: '%*d' % (B, 1), lambda: '%c' % B,
          lambda: (1).to_bytes(B, 'little'), lambda: enumerate([1], B), lambda: memoryview(b'ab')[B]):
          try:
              print(f())
          except OverflowError as error:
              assert str(error) == 'overflow converting long int to machine word'
      print(len(bytearray(B >> 20)), range(B - 1), [1, 2][:B - 1], [1][1 - B:])
      for f in (lambda: bytes(B), lambda: bytes(1 << 30), lambda: 'a'.center(-5)):
          try:
              print(f())
          except (MemoryError, TypeError) as error:
              print(error)
      """
    #expect(
      machine.run(program) == """
        2048 range(0, 2147483647) [1, 2] [1]
        'int' object isn't iterable
        'int' object isn't iterable
        memory allocation failed, allocating 4294967292 bytes

        """)
  }

  @Test("the hash of an integer is what fits a word of the board beside its tag")
  func hashes() {
    #expect(
      machine.evaluate(
        "hash(1 << 31), hash((1 << 31) + 5), hash(-(1 << 31) - 5), hash(1 << 30), hash((1 << 31) - 1), hash(7)",
        "{1 << 31, (1 << 31) + 1, 5, 1 << 64, -(1 << 31), 7, -(1 << 64) - 1, 1 << 40, (1 << 40) + 9}",
        "{1 << 31: 1, (1 << 31) + 1: 2, 5: 3, 1 << 64: 4, (1 << 33) + 2: 6, 1.5: 7}")
        == [
          "0 5 -5 -1073741824 -1 7",
          "{2147483648, 2147483649, 18446744073709551616, -2147483648, -18446744073709551617, 5, 1099511627776, 7, "
            + "1099511627785}",
          "{2147483648: 1, 2147483649: 2, 18446744073709551616: 4, 8589934594: 6, 1.5: 7, 5: 3}",
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
      machine.evaluate("(2**70) ** (2**40)", "1 << 100000000", "'x' * (1 << 30)")
        .allSatisfy { $0.hasPrefix("MemoryError") })
  }
}
