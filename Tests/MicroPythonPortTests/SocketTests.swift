import MicroPythonPort
import Testing

/// `socket` and asyncio's streams over it, on loopback.
@Suite struct SocketTests {
  /// A server on a port that the host chooses would be no use to firmware, which cannot ask for it: each test has its own.
  @Test func aServerAnswersAClientInTheSameFirmware() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      async def serve(reader, writer):
          line = await reader.readline()
          print("server", line, writer.get_extra_info("peername")[0])
          writer.write(line.upper())
          await writer.drain()
          writer.close()
          await writer.wait_closed()
      async def main():
          server = await asyncio.start_server(serve, "0.0.0.0", 28471)
          async with server:
              reader, writer = await asyncio.open_connection("localhost", 28471)
              writer.write(b"hello\\n")
              await writer.drain()
              print("client", await reader.read())
              writer.close()
              await writer.wait_closed()
          print("closed")
      asyncio.run(main())
      """, powerOff: 5000)
    #expect(run.output == "server b'hello\\n' 127.0.0.1\nclient b'HELLO\\n'\nclosed\n")
  }

  @Test func blockingSocketsAndThreads() throws {
    let run = try FirmwareRun(
      """
      import socket, _thread
      address = socket.getaddrinfo("127.0.0.1", 28472)[0][-1]
      listener = socket.socket()
      listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
      listener.bind(address)
      listener.listen(1)
      def serve():
          connection, peer = listener.accept()
          connection.sendall(b"<" + connection.recv(100) + b">")
          connection.close()
      _thread.start_new_thread(serve, ())
      client = socket.socket()
      client.connect(address)
      print(client.send(b"abc"), client.makefile("rb").read(), client.recv(5))
      client.close()
      listener.close()
      """, powerOff: 5000)
    #expect(run.output == "3 b'<abc>' b''\n")
  }

  @Test func datagramsAndTimeouts() throws {
    let run = try FirmwareRun(
      """
      import socket, errno, select, time
      a = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      a.bind(("127.0.0.1", 28473))
      b = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      print(b.sendto(b"news", ("127.0.0.1", 28473)))
      data, peer = a.recvfrom(10)
      print(data, peer[0])
      a.sendto(b"answer", peer)
      print(b.recv(10))
      a.settimeout(0.05)
      start = time.ticks_ms()
      try:
          a.recv(1)
      except OSError as error:
          print(error.errno == errno.ETIMEDOUT, time.ticks_diff(time.ticks_ms(), start))
      a.setblocking(False)
      try:
          a.recv(1)
      except OSError as error:
          print(error.errno == errno.EAGAIN)
      print(select.select([a], [a], [a], 0) == ([], [a], []))
      a.close()
      try:
          a.recv(1)
      except OSError as error:
          print(error.errno)
      """, powerOff: 5000)
    #expect(run.output == "4\nb'news' 127.0.0.1\nb'answer'\nTrue 50\nTrue\nTrue\n9\n")
  }

  @Test(arguments: [
    (
      "s.connect(('192.0.2.1', 80))",
      "(113, '192.0.2.1: the emulated board reaches only 127.0.0.1; see `vpyboard docs compatibility`')"
    ),
    (
      "socket.getaddrinfo('micropython.org', 80)",
      "(-2, 'micropython.org: the emulated board knows no name but localhost')"
    ),
    ("s.connect(('127.0.0.1', 28474))", "(104,)"),
    ("socket.socket(10)", "(95, 'only AF_INET sockets exist on the emulated board')"),
  ])
  func whatCannotBeReachedIsAnError(_ code: String, _ arguments: String) throws {
    let run = try FirmwareRun(
      """
      import socket
      s = socket.socket()
      try:
          \(code)
      except OSError as error:
          print(error.args)
      """, powerOff: 5000)
    #expect(run.output == arguments + "\n")
  }

  @Test("Sockets refuse as lwIP does what does not fit their state")
  func refusalsAreThoseOfLwIP() throws {
    let run = try FirmwareRun(
      """
      import socket, errno
      def attempt(*calls):
          names = []
          for call in calls:
              try:
                  call()
                  names.append("ok")
              except OSError as error:
                  names.append(errno.errorcode.get(error.errno, error.errno))
          print(*names)
      address = ("127.0.0.1", 28475)
      listener = socket.socket()
      attempt(listener.accept, lambda: listener.bind(address), listener.listen)
      attempt(lambda: listener.recv(1), lambda: listener.send(b"x"), lambda: listener.connect(address))
      s = socket.socket()
      attempt(lambda: s.recv(1), lambda: s.send(b"x"), s.accept)
      s.setblocking(False)
      attempt(lambda: s.recv(1), lambda: s.send(b"x"))
      s.setblocking(True)
      attempt(lambda: s.connect(address), lambda: s.connect(address), lambda: s.send(b"x"), s.listen)
      print(s, listener)
      d = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      attempt(d.listen, d.accept, lambda: d.connect(address), lambda: d.connect(address))
      refused = socket.socket()
      refused.setblocking(False)
      nobody = ("127.0.0.1", 28476)
      attempt(lambda: refused.connect(nobody), lambda: refused.connect(nobody), lambda: refused.recv(1))
      s.close()
      attempt(lambda: s.recv(1), lambda: s.connect(address))
      """, powerOff: 5000)
    #expect(
      run.output == """
        EINVAL ok ok
        ENOTCONN ENOTCONN EALREADY
        ENOTCONN ENOTCONN EINVAL
        EAGAIN ENOTCONN
        ok 106 ok ENOTCONN
        <socket state=3 timeout=4294967295 incoming=0 off=0> <socket state=1 timeout=4294967295 incoming=0 off=0>
        EOPNOTSUPP EOPNOTSUPP ok ok
        EINPROGRESS EBADF ECONNRESET
        EBADF EBADF

        """)
  }
}
