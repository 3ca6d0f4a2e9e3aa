import Testing

@testable import MicroPython

/// Results are those of MicroPython 1.29.
@Suite struct ArrayTests {
  private let machine = TestMachine()

  @Test func bytearrayGrowsAndShrinks() {
    #expect(
      machine.run(
        """
        b = bytearray(b'abc')
        b.append(100)
        b.extend(b'ef')
        b += b'g'
        b[1:3] = b'XYZ'
        b[0:1] = b''
        print(b, len(b), b[0], b == b'XYZdefg', b'Zd' in b)
        """) == "bytearray(b'XYZdefg') 7 88 True True\n")
  }

  @Test func arraysKeepTheirItemsSize() {
    #expect(
      machine.run(
        """
        from array import array
        a = array('h', [1, -2, 70000])
        a.append(4)
        print(a, len(bytes(a)), a[1:3], a == array('h', [1, -2, 4464, 4]))
        print(array('f', [0.1]), array('Q', [2**64 - 1]), array('I', b'\\x01\\0\\0\\0\\x02'))
        try:
          array('z')
        except ValueError as error:
          print(error)
        """)
          == """
          array('h', [1, -2, 4464, 4]) 8 array('h', [-2, 4464]) True
          array('f', [0.1]) array('Q', [18446744073709551615]) array('I', [1])
          bad typecode

          """)
  }

  @Test func memoryviewWritesThroughAndSurvivesGrowthOfItsBase() {
    #expect(
      machine.run(
        """
        b = bytearray(8)
        m = memoryview(b)[2:6]
        m[0] = 65
        m[1:3] = b'BC'
        for i in range(1000):
          b.append(i)
        m[3] = 68
        print(bytes(m), len(m), m.itemsize, b[:8])
        try:
          memoryview(b'abc')[0] = 1
        except TypeError as error:
          print(error)
        """)
        == "b'ABCD' 4 1 bytearray(b'\\x00\\x00ABCD\\x00\\x00')\n"
        + "'memoryview' object doesn't support item assignment\n")
  }

  @Test func arraysOfValuesKeepThemAlive() {
    #expect(
      machine.run(
        """
        from array import array
        kept = array('O')
        for i in range(50):
          kept.append('item' + str(i))
        for i in range(5000):
          [i] * 10
        print(kept[0], kept[49], len(kept))
        """) == "item0 item49 50\n")
  }
}
