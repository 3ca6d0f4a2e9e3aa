import Testing

@testable import MicroPython

/// Memory that is used up: what firmware sees, and that it can go on.
@Suite struct MemoryTests {
  @Test func firmwareGoesOnAfterAMemoryErrorItCaught() {
    let machine = TestMachine()
    #expect(
      machine.run(
        """
        kept = []
        try:
            while True: kept.append(bytearray(1000))
        except MemoryError as error:
            count, kept = len(kept), None
            print(count in range(90, 100), error)
        again = [bytearray(1000) for i in range(80)]
        print(len(again))
        def fill():
            kept = []
            try:
                while True: kept.append(bytearray(1000))
            except MemoryError:
                return len(kept) > 10
        again = None
        print(fill(), fill(), len(bytearray(60000)))
        """) == "True memory allocation failed, allocating 1000 bytes\n80\nTrue True 60000\n")
  }

  @Test func largeBuffersTakeThePlaceOfGarbage() {
    let machine = TestMachine()
    #expect(
      machine.run(
        """
        first = bytearray(50000)
        for i in range(60): bytearray(1000)
        first = None
        second = bytearray(60000)
        print(len(second))
        try:
            bytearray(45000)
        except MemoryError as error:
            print(error)
        print(len(bytearray(20000)))
        """) == "60000\nmemory allocation failed, allocating 45000 bytes\n20000\n")
  }
}
