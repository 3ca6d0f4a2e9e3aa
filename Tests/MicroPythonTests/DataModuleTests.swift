import Testing

@testable import MicroPython

/// Modules that hold, pack and print data. Results are those of MicroPython 1.29.
@Suite struct DataModuleTests {
  private let machine = TestMachine()

  @Test func structPacksObjectsAsTheirAddresses() {
    #expect(
      machine.run(
        """
        import struct, uctypes
        class A: pass
        things = [A(), 'text', 7, -1 << 30, None, True, ..., 1.5, A, 10 ** 20, [1]]
        words = [struct.pack('<O', thing) for thing in things]
        print([thing is struct.unpack('<O', word)[0] for thing, word in zip(things, words) if thing != 1.5])
        print(struct.unpack('<S', struct.pack('<S', uctypes.addressof('abc'))), struct.calcsize('OSP'))
        try:
            struct.unpack('<O', bytes(4))
        except ValueError as error:
            print(error)
        """) == """
          [True, True, True, True, True, True, True, True, True, True]
          ('abc',) 12
          no object at 0x0; see `vpyboard docs compatibility`

          """)
  }

  @Test func structPacksAsTheBoardDoes() {
    #expect(
      machine.run(
        """
        import struct
        print(struct.pack('<bHiQ', -1, 70000, -2, 2**64 - 1), struct.pack('>h3sxe', 5, b'ab', 1.5))
        print(struct.unpack('<bHiQ', struct.pack('<bHiQ', -1, 65535, -2, 2**64 - 1)))
        print(struct.calcsize('bI'), struct.calcsize('<bI'), struct.calcsize('lq'), struct.unpack_from('>H', b'abcd', -2))
        buffer = bytearray(4)
        struct.pack_into('>H', buffer, -3, 0x1234)
        print(buffer)
        """)
          == """
          b'\\xffp\\x11\\xfe\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff' b'\\x00\\x05ab\\x00\\x00>\\x00'
          (-1, 65535, -2, 18446744073709551615)
          8 5 16 (25444,)
          bytearray(b'\\x00\\x124\\x00')

          """)
    #expect(
      machine.run("import struct\nstruct.unpack('<I', b'abc')").hasSuffix("ValueError: buffer too small\n"))
    #expect(machine.run("import struct\nstruct.pack('=I', 1)").hasSuffix("ValueError: bad typecode\n"))
  }

  /// As MicroPython prints it where the compiler has no type for half precision.
  @Test func structPacksHalfPrecisionAsTheBoardDoes() {
    #expect(
      machine.run(
        """
        import struct
        for number in (1.25, 3.9996, 2.0**16, 2.0**33, 2.0**50, 1.25 * 2.0**-15, -1.5 * 2.0**-14, 1.25 * 2.0**-24, float('-inf')):
            print(struct.pack('>e', number).hex(), end=' ')
        """) == "3d00 4400 7c00 c000 7c00 0100 8600 0001 fc00 ")
  }

  @Test func dequesAreRingsOfAFixedSize() {
    #expect(
      machine.run(
        """
        from collections import deque
        d = deque((), 3)
        for i in range(5): d.append(i)
        print(list(d), len(d), d[-1], d.popleft(), d.pop())
        d.appendleft(9)
        d.extend([7, 8])
        print(list(d))
        try:
          deque([1, 2, 3], 2, 1)
        except IndexError as error:
          print(error)
        """) == "[2, 3, 4] 3 4 2 4\n[3, 7, 8]\nfull\n")
  }

  @Test func namedTuplesAreTuplesWithNames() {
    #expect(
      machine.run(
        """
        from collections import namedtuple, OrderedDict
        P = namedtuple('P', 'x y')
        p = P(1, y=2)
        print(p, p.y, p[0], p == (1, 2), p + (3,), isinstance(p, tuple), P)
        try:
          P(1)
        except TypeError as error:
          print(error)
        try:
          p.x = 3
        except AttributeError as error:
          print(error)
        print(OrderedDict([('z', 1), ('a', 2)]))
        """)
          == """
          P(x=1, y=2) 2 1 True (1, 2, 3) True <class 'P'>
          function takes 2 positional arguments but 1 were given
          can't set attribute
          OrderedDict({'z': 1, 'a': 2})

          """)
  }

  @Test func json() {
    #expect(
      machine.run(
        """
        import json
        print(json.dumps([None, True, 'a"\\\\\\n\\x01é', (1, 2.5), {1: {}}]))
        print(json.dumps({'a': [1]}, separators=(',', ':')))
        print(json.loads(' {"a": [1, -2.5e1, "\\\\u00e9\\\\n", null], "b": {}} '))
        loop = []
        loop.append(loop)
        for broken in ['[1', '{"a" 1} x', 'nul', '"abc', '']:
          try:
            json.loads(broken)
          except ValueError as error:
            print(error)
        try:
          json.dumps(loop)
        except RuntimeError as error:
          print(error)
        """)
          == """
          [null, true, "a\\"\\\\\\n\\u0001é", [1, 2.5], {"1": {}}]
          {"a":[1]}
          {'a': [1, -25.0, 'é\\n', None], 'b': {}}
          syntax error in JSON
          syntax error in JSON
          syntax error in JSON
          syntax error in JSON
          syntax error in JSON
          maximum recursion depth exceeded

          """)
  }

  @Test func heapsAndChecksums() {
    #expect(
      machine.evaluate(
        "__import__('binascii').hexlify(b'\\x00\\xff', ':')", "__import__('binascii').unhexlify('0')",
        "__import__('binascii').b2a_base64(b'abcd')", "hex(__import__('binascii').crc32(b'hello'))",
        "__import__('heapq').heappop([])", "__import__('errno').errorcode[2]",
        "__import__('hashlib').sha256(b'abc').digest()[:4]")
        == [
          "b'00:ff'", "ValueError('non-hex digit',)", "b'YWJjZA==\\n'", "0x3610a686",
          "IndexError('empty heap',)",
          "ENOENT", "b'\\xbax\\x16\\xbf'",
        ])
  }

  @Test func structuresOverMemory() {
    #expect(
      machine.run(
        """
        import uctypes
        data = bytearray(b'\\x01\\x02\\x03\\x04\\x05\\x06')
        layout = {'word': 0 | uctypes.UINT16, 'low': 0 | uctypes.BFUINT8 | 0 << uctypes.BF_POS | 4 << uctypes.BF_LEN,
          'rest': (2 | uctypes.ARRAY, 4 | uctypes.UINT8), 'sub': (4, {'b': 1 | uctypes.UINT8})}
        s = uctypes.struct(uctypes.addressof(data), layout, uctypes.BIG_ENDIAN)
        s.sub.b = 0x77
        s.low = 0xfe
        s.rest[0] = 9
        print(hex(s.word), s.low, bytes(s.rest), uctypes.sizeof(s), data)
        try:
          uctypes.struct(4, layout).word
        except ValueError as error:
          print(error)
        """)
          == """
          0xe02 14 b'\\t\\x04\\x05w' 6 bytearray(b'\\x0e\\x02\\t\\x04\\x05w')
          no memory at 0x4: only buffers can be accessed, by pointers or addressof()

          """)
  }

  @Test("a bytearray at an address where nothing is has its length and address, and its bytes cannot be had")
  func memoryThatIsNotThere() {
    #expect(
      machine.run(
        """
        import uctypes
        buffer = uctypes.bytearray_at(0x1000, 0x1000002)
        view = memoryview(buffer)
        print(len(buffer), isinstance(buffer, bytearray), bool(buffer), uctypes.sizeof(buffer))
        print(view[8:12], len(view[8:12]), view.itemsize, [hex(uctypes.addressof(x)) for x in (buffer, view, view[8:12])])
        def write(): buffer[0] = 1
        def put(): view[0:2] = b'ab'
        def far(): view[0x1000000:]
        for access in (lambda: buffer[0], write, put, lambda: list(buffer), lambda: bytes(view), lambda: buffer == b'',
            lambda: buffer.append(1), lambda: repr(buffer), lambda: b'a' + buffer, lambda: view[2:][0], far):
            try:
                access()
                print('?')
            except (ValueError, OverflowError) as error:
                print(error if error.args[0][0] == 'm' else error.args[0][:50])
        """)
          == """
          16777218 True True 16777218
          <memoryview> 4 1 ['0x1000', '0x1000', '0x1008']
          nothing of the virtual board's is at 0x1000 (16777
          nothing of the virtual board's is at 0x1000 (16777
          nothing of the virtual board's is at 0x1000 (16777
          nothing of the virtual board's is at 0x1000 (16777
          nothing of the virtual board's is at 0x1000 (16777
          nothing of the virtual board's is at 0x1000 (16777
          nothing of the virtual board's is at 0x1000 (16777
          nothing of the virtual board's is at 0x1000 (16777
          nothing of the virtual board's is at 0x1000 (16777
          nothing of the virtual board's is at 0x1002 (16777
          memoryview offset too large

          """)
  }
}
