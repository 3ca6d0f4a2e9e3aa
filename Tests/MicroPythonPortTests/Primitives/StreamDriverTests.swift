import Testing

/// Stream drivers written in firmware. Expected outputs were checked against MicroPython.
@Suite struct StreamDriverTests {
  @Test func aDriverIsReadWhenItIsReady() throws {
    let run = try FirmwareRun(
      """
      import asyncio, io
      class Device(io.IOBase):
          def __init__(self):
              self.data = b""
              self.room = 3
              self.written = b""
          def ioctl(self, request, argument):
              if request != 3:
                  return -1
              ready = 0
              if argument & 1 and self.data:
                  ready |= 1
              if argument & 4 and self.room:
                  ready |= 4
              return ready
          def read(self, n=-1):
              part = self.data if n < 0 else self.data[:n]
              self.data = self.data[len(part):]
              return part
          def readline(self):
              end = self.data.find(b"\\n") + 1
              return self.read(end or len(self.data))
          def readinto(self, buffer, n=-1):
              part = self.read(len(buffer))
              buffer[:len(part)] = part
              return len(part)
          def close(self):
              print("closed")
          def write(self, buffer, *rest):
              if not self.room:
                  return None
              part = bytes(buffer)[:self.room]
              self.written += part
              self.room -= len(part)
              return len(part)
      async def feed(device, *parts):
          for part in parts:
              await asyncio.sleep_ms(10)
              device.data += part
      async def drain(device):
          for _ in range(5):
              await asyncio.sleep_ms(10)
              print("  written", device.written)
              device.room = 3
      async def main():
          device = Device()
          reader = asyncio.StreamReader(device)
          writer = asyncio.StreamWriter(device, {"name": "device"})
          print(writer.get_extra_info("name"))
          asyncio.create_task(feed(device, b"on", b"e\\ntwo\\nth", b"ree\\n", b"12345", b"678", b"last"))
          for _ in range(3):
              print(await reader.readline())
          print(await reader.readexactly(6))
          buffer = bytearray(4)
          print(await reader.readinto(buffer), buffer)
          print(await reader.read(10))
          try:
              await asyncio.wait_for_ms(reader.readline(), 10)
          except asyncio.TimeoutError:
              print("timeout")
          asyncio.create_task(drain(device))
          writer.write(b"abcdefgh")
          print("written at once", device.written)
          await writer.drain()
          print("drained", device.written)
          await writer.awrite(b"0123456789", 2, 5)
          print(device.written)
          writer.close()
          await writer.wait_closed()
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        device
        b'one\\n'
        b'two\\n'
        b'three\\n'
        b'123456'
        2 bytearray(b'78\\x00\\x00')
        b'last'
        timeout
        written at once b'abc'
          written b'abc'
          written b'abcdef'
        drained b'abcdefgh'
          written b'abcdefgh2'
          written b'abcdefgh2345'
        b'abcdefgh23456'
        closed

        """)
    #expect(run.end == .finished)
  }

  @Test func pollAsksDrivers() throws {
    let run = try FirmwareRun(
      """
      import io, select
      class Device(io.IOBase):
          def __init__(self, name):
              self.name = name
              self.ready = 0
          def ioctl(self, request, argument):
              return self.ready & (argument | 0x18) if request == 3 else -1
      a, b = Device("a"), Device("b")
      poller = select.poll()
      poller.register(a, select.POLLIN)
      poller.register(b, select.POLLIN | select.POLLOUT)
      def show(found):
          return [(device.name, event) for device, event in found]
      print(show(poller.poll(0)))
      a.ready = 5
      b.ready = 4
      print(show(poller.poll(10)))
      poller.modify(b, select.POLLIN)
      print(show(poller.poll(0)))
      b.ready = 16
      print(show(poller.poll(0)), [(item[0].name, item[1]) for item in poller.ipoll(0)])
      poller.unregister(a)
      print(show(poller.poll(0)))
      b.ready = 1
      print([item[0].name for item in poller.ipoll(0, 1)], show(poller.poll(0)))
      try:
          poller.modify(a, 1)
      except OSError as error:
          print(error.errno)
      """)
    #expect(
      run.output == """
        []
        [('a', 1), ('b', 4)]
        [('a', 1)]
        [('a', 1), ('b', 16)] [('a', 1), ('b', 16)]
        [('b', 16)]
        ['b'] []
        2

        """)
    #expect(run.end == .finished)
  }

  @Test func oneTaskReadsAndOneWrites() throws {
    let run = try FirmwareRun(
      """
      import asyncio, io
      class Device(io.IOBase):
          ready = 0
          def ioctl(self, request, argument):
              return self.ready & argument if request == 3 else -1
          def read(self, n):
              return b"x" * n
          def write(self, buffer):
              return len(buffer)
      async def read(name, stream):
          try:
              print(name, await stream.read(1))
          except AssertionError:
              print(name, "somebody else reads")
      async def write(stream):
          stream.out_buf = b"later"
          await stream.drain()
          print("written")
      async def main():
          device = Device()
          stream = asyncio.StreamReader(device)
          asyncio.create_task(read("a", stream))
          asyncio.create_task(read("b", stream))
          asyncio.create_task(write(stream))
          await asyncio.sleep_ms(5)
          device.ready = 4
          await asyncio.sleep_ms(5)
          device.ready = 1
          await asyncio.sleep_ms(5)
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        b somebody else reads
        written
        a b'x'

        """)
    #expect(run.end == .finished)
  }

  @Test func aFlagCanBeQueried() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from select import POLLIN, poll
      async def main():
          flag = asyncio.ThreadSafeFlag()
          poller = poll()
          poller.register(flag, POLLIN)
          def is_ready():
              return (flag, POLLIN) in poller.ipoll(0)
          print(is_ready())
          flag.set()
          print(is_ready(), is_ready())
          await flag.wait()
          print(is_ready())
          flag.set()
          flag.clear()
          print(is_ready())
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        False
        True True
        False
        False

        """)
    #expect(run.end == .finished)
  }
}
