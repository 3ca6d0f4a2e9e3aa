import Testing

@testable import MicroPython

@Suite struct MathModuleTests {
  private let machine = TestMachine()

  @Test func resultsAreRoundedToTheBoardsFloats() {
    #expect(
      machine.evaluate(
        "__import__('math').pi == 3.1415927410125732", "__import__('math').sqrt(2) == 2 ** 0.5",
        "__import__('math').exp(100)",
        "__import__('math').log(-1)", "__import__('math').floor(-2.5)", "__import__('math').trunc(1e10)",
        "__import__('math').factorial(25)", "__import__('math').frexp(-6)", "__import__('math').modf(-1.25)",
        "__import__('math').isclose(1, 1.0000001)", "__import__('math').ceil(float('inf'))",
        "__import__('cmath').sqrt(-4).imag", "__import__('cmath').polar(1j)[0]")
        == [
          "True", "True", "ValueError('math domain error',)", "ValueError('math domain error',)",
          "-3",
          "10000000000", "15511210043330985984000000", "(-0.75, 3)", "(-0.25, -1.0)", "False",
          "OverflowError(\"can't convert inf to int\",)", "2.0", "1.0",
        ])
  }

  @Test func aSeedGivesTheBoardsNumbers() {
    let program = """
      import random
      random.seed(42)
      print(random.getrandbits(32), random.randint(1, 6), random.randrange(5, 50, 7), random.choice('abc'))
      try:
        random.getrandbits(33)
      except ValueError as error:
        print(error)
      """
    #expect(machine.run(program) == "2003356 1 33 c\nbits must be 32 or less\n")
  }

  @Test func runsWithoutASeedRepeat() {
    let program =
      "import random\nrandom.seed()\na = random.random()\nrandom.seed()\nprint(a, a == random.random())"
    let first = TestMachine().run(program)
    #expect(first == TestMachine().run(program))
    #expect(first.hasSuffix(" False\n"))
  }
}
