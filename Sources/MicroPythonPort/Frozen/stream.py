# Readers and writers of streams.
# Where a traceback can name a line, "# line N" gives the next one the number that it has in MicroPython's own file.

from . import core


# Its methods are generators rather than coroutines where a subclass may delegate to them either way.
class Stream:
    def __init__(self, s, e={}):
        self.s = s
        self.e = e
        self.out_buf = b""

    def get_extra_info(self, v):
        return self.e[v]

    def close(self):
        pass

    async def wait_closed(self):
        # line 21
        self.s.close()

    def read(self, n=-1):
        everything = b""
        while True:
            # line 27
            yield core._io_queue.queue_read(self.s)
            part = self.s.read(n)
            if part is None:
                continue
            if n >= 0:
                return part
            if not part:
                return everything
            everything += part

    def readinto(self, buf):
        # line 38
        yield core._io_queue.queue_read(self.s)
        return self.s.readinto(buf)

    def readexactly(self, n):
        parts = b""
        while n > 0:
            # line 45
            yield core._io_queue.queue_read(self.s)
            part = self.s.read(n)
            if part is not None:
                if not part:
                    raise EOFError
                parts += part
                n -= len(part)
        return parts

    def readline(self):
        line = b""
        while True:
            # line 58
            yield core._io_queue.queue_read(self.s)
            part = self.s.readline()
            if part is not None:
                line += part
                if not part or line.endswith(b"\n" if isinstance(line, bytes) else "\n"):
                    return line

    def write(self, buf):
        if not self.out_buf:
            # What the device takes at once need not wait for drain().
            # line 69
            count = self.s.write(buf)
            if count == len(buf):
                return
            if count:
                buf = buf[count:]
        # line 74
        self.out_buf += buf

    def drain(self):
        if not self.out_buf:
            # Even then other tasks get their turn.
            # line 80
            return (yield from core.sleep_ms(0))
        rest = memoryview(self.out_buf)
        while len(rest):
            # line 84
            yield core._io_queue.queue_write(self.s)
            count = self.s.write(rest)
            if count:
                rest = rest[count:]
        self.out_buf = b""


StreamReader = StreamWriter = Stream


def open_connection(host, port, ssl=None, server_hostname=None):
    import errno, socket

    if ssl:
        raise OSError("this board has no ssl")
    # line 103
    info = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)[0]
    s = socket.socket(*info[:3])
    s.setblocking(False)
    try:
        # line 107
        s.connect(info[-1])
    except OSError as error:
        if error.errno != errno.EINPROGRESS:
            # line 110
            raise error
    # Writable as soon as it is connected.
    stream = Stream(s)
    yield core._io_queue.queue_write(s)
    return stream, stream


# What start_server returns.
class Server:
    async def __aenter__(self):
        return self

    async def __aexit__(self, exc_type, exc, tb):
        self.close()
        await self.wait_closed()

    def close(self):
        self.state = True
        self.task.cancel()

    async def wait_closed(self):
        await self.task

    # Accepts connections until it is cancelled, each for a task of its own.
    async def _serve(self, s, cb):
        self.state = False
        while True:
            try:
                yield core._io_queue.queue_read(s)
            except core.CancelledError:
                s.close()
                if not self.state:
                    # Not close(), but somebody who cancelled the task that waits for it.
                    raise
                return
            try:
                connection, peer = s.accept()
            except:
                # The other end has gone again.
                continue
            connection.setblocking(False)
            stream = Stream(connection, {"peername": peer})
            core.create_task(cb(stream, stream))


async def start_server(cb, host, port, backlog=5, ssl=None):
    import socket

    if ssl:
        raise OSError("this board has no ssl")
    # line 183
    info = socket.getaddrinfo(host, port)[0]
    s = socket.socket(info[0])
    s.setblocking(False)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # line 187
    s.bind(info[-1])
    s.listen(backlog)

    server = Server()
    server.task = core.create_task(server._serve(s, cb))
    try:
        # Once _serve runs it closes the socket when it is cancelled.
        await core.sleep_ms(0)
    except core.CancelledError:
        server.task.cancel()
        raise
    return server


# What older firmware writes.
async def stream_awrite(self, buf, off=0, sz=-1):
    if off or sz >= 0:
        view = memoryview(buf)
        buf = view[off:] if sz < 0 else view[off : off + sz]
    self.write(buf)
    await self.drain()


Stream.aclose = Stream.wait_closed
Stream.awrite = Stream.awritestr = stream_awrite
