import Testing

@testable import MicroPython

/// `io` and what is built on streams. Results are those of MicroPython 1.29.
@Suite struct StreamModuleTests {
  private let machine = TestMachine()

  @Test func textAndBytesInMemory() {
    #expect(
      machine.run(
        """
        import io
        s = io.StringIO('hello\\nwörld\\nx')
        print(s.read(3), s.readline(), s.read(2), s.tell(), s.read(), s.read(), s.seek(1), s.readline(2))
        for line in io.StringIO('a\\n\\nb'): print(repr(line))
        b = io.BytesIO(b'123')
        print(b.write(b'45'), b.getvalue(), b.seek(6), b.write(b'x'), b.getvalue())
        buffer = bytearray(4)
        print(io.BytesIO(b'abcdef').readinto(buffer, 2), buffer, b.seek(-1, 2), b.read())
        with io.BytesIO(b'z') as f: pass
        try:
          f.read()
        except ValueError as error:
          print(error)
        """)
          == """
          hel lo
           wö 9 rld
          x  1 el
          'a\\n'
          '\\n'
          'b'
          2 b'453' 6 1 b'453\\x00\\x00\\x00x'
          2 bytearray(b'ab\\x00\\x00') 6 b'x'
          I/O operation on closed file

          """)
  }

  @Test func firmwareClassesAreStreams() {
    #expect(
      machine.run(
        """
        import io, json
        class Link(io.IOBase):
          def __init__(self):
            self.data = b'{"a": [1, 2]}'
            self.log = b''
          def readinto(self, buffer):
            count = min(len(buffer), 3, len(self.data))
            buffer[:count] = self.data[:count]
            self.data = self.data[count:]
            return count
          def write(self, buffer):
            self.log += bytes(buffer)
            return len(buffer)
          def ioctl(self, request, argument):
            return 0
        link = Link()
        print(json.load(link))
        print('x', 1, file=link)
        json.dump([1, None], link)
        print(link.log)
        """) == "{'a': [1, 2]}\nb'x 1\\n[1, null]'\n")
  }

  @Test func aStreamThatHasNothingYetGivesNone() {
    #expect(
      machine.run(
        """
        import io, json
        class Empty(io.IOBase):
          def readinto(self, buffer):
            return None
        try:
          json.load(Empty())
        except OSError as error:
          print(error)
        """) == "[Errno 11] EAGAIN\n")
  }

  @Test func compressedStreams() {
    #expect(
      machine.run(
        """
        import io, deflate, binascii
        data = binascii.a2b_base64(b'eJxLTEpOTEoEEQAVCwPT')
        print(deflate.DeflateIO(io.BytesIO(data), deflate.ZLIB).read())
        try:
          deflate.DeflateIO(io.BytesIO(b'\\0' + data), deflate.AUTO).read()
        except OSError as error:
          print(error)
        """) == "b'abcababcab'\n[Errno 22] EINVAL\n")
  }
}
