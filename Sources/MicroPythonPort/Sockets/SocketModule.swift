import Asyncio
import Glibc
import MicroPython
import Timebase

/// `socket`, on the host's loopback addresses. Names, numbers and behaviour are those of boards with lwIP.
enum SocketModule: PythonModule {
  static let name = "socket"
  static let aliases = ["usocket"]

  static func define(_ module: PythonModuleBuilder<PythonRuntime>) {
    module.add(SocketClass.self)
    module.constants([
      "AF_INET": 2, "AF_INET6": 10, "SOCK_STREAM": LwIP.streamType, "SOCK_DGRAM": LwIP.datagramType,
      "SOCK_RAW": 3, "SOL_SOCKET": LwIP.socketLevel, "SO_REUSEADDR": LwIP.reuseAddress,
      "SO_KEEPALIVE": LwIP.keepAlive, "SO_BROADCAST": LwIP.broadcast, "IPPROTO_IP": 0,
      "IPPROTO_TCP": LwIP.tcpProtocol, "IPPROTO_UDP": 17, "TCP_NODELAY": LwIP.noDelay,
    ])
    module.function(
      "getaddrinfo", .required("host", .string), .required("port", .value), .optional("af", .value),
      .optional("type", .value), .optional("proto", .value), .optional("flags", .value)
    ) { call, host, port, family, kind, _, _ in
      let vm = call.vm
      let host = try SocketAddress.resolve(host, vm)
      guard let port = UInt16(exactly: try vm.int(port)) else {
        throw PythonError.value("port must be 0 to 65535")
      }
      if let family, ![0, 2].contains(try vm.int(family)) {
        throw vm.osError(.eopnotsupp, "only AF_INET addresses exist on the emulated board")
      }
      let number = if let kind { try vm.int(kind) } else { 0 }
      return PythonList([
        PythonTuple(
          2, number == 0 ? LwIP.streamType : number, 0, "", SocketAddress(host: host, port: port).value(vm))
      ])
    }
  }
}

/// lwIP's numbers, which differ from the host's.
private enum LwIP {
  static let streamType = 1
  static let datagramType = 2
  static let socketLevel = 0xfff
  static let tcpProtocol = 6
  static let reuseAddress = 4
  static let keepAlive = 8
  static let broadcast = 0x20
  static let noDelay = 1
}

/// `socket.socket`
private enum SocketClass: PythonClass {
  static let name = "socket"
  static let boardBytes = 96

  static func define(_ type: PythonClassBuilder<PythonRuntime, BoardSocket>) {
    let network = LoopbackNetwork(clock: type.host.board.clock)
    type.make(.optional("af", .value), .optional("type", .value), .optional("proto", .value)) {
      call, family, kind, proto in
      let vm = call.vm
      // Firmware may make sockets only where the run allows them.
      guard call.host.allowsSockets else { throw vm.osError(Int(EACCES)) }
      let domain = if let family { try vm.int(family) } else { 2 }
      let number = if let kind { try vm.int(kind) } else { LwIP.streamType }
      if let proto { _ = try vm.int(proto) }
      guard domain == 2 else {
        throw vm.osError(.eopnotsupp, "only AF_INET sockets exist on the emulated board")
      }
      guard number == LwIP.streamType || number == LwIP.datagramType else { throw vm.osError(Int(EINVAL)) }
      return try BoardSocket(isDatagram: number == LwIP.datagramType, network, vm)
    }
    type.print { $0.text }
    type.streams([.read, .readinto, .readline, .write, .close], iteratesByLines: false)
    defineConnections(of: type)
    defineTransfers(of: type)
    defineSettings(of: type)
  }

  private static func open(_ socket: BoardSocket, _ vm: Interpreter) throws(Raised) -> BoardSocket {
    guard !socket.isClosed else { throw vm.osError(Int(EBADF)) }
    return socket
  }

  private static func defineConnections(of type: PythonClassBuilder<PythonRuntime, BoardSocket>) {
    let objects = type.objects
    type.method("bind", .required("address", .value)) { socket, call, address in
      try open(socket, call.vm).bind(SocketAddress(address, listens: true, call.vm), call.vm)
    }
    type.method("listen", .optional("backlog", .value)) { socket, call, backlog in
      let socket = try open(socket, call.vm)
      let limit = if let backlog { try call.vm.int(backlog) } else { 2 }
      try socket.listen(limit, call.vm)
    }
    type.method("accept") { socket, call in
      let (accepted, peer) = try open(socket, call.vm).accept(call.vm)
      return PythonTuple(objects.make(accepted), peer.value(call.vm))
    }
    type.method("connect", .required("address", .value)) { socket, call, address in
      try open(socket, call.vm).connect(SocketAddress(address, call.vm), call.vm)
    }
  }

  private static func defineTransfers(of type: PythonClassBuilder<PythonRuntime, BoardSocket>) {
    type.method("send", .required("bytes", .value), .optional("flags", .value)) { socket, call, data, _ in
      try open(socket, call.vm).send(try call.vm.bytes(data), call.vm)
    }
    type.method("sendall", .required("bytes", .bytes), .optional("flags", .value)) { socket, call, data, _ in
      var rest = data[...]
      while !rest.isEmpty { rest = rest.dropFirst(try open(socket, call.vm).send(Array(rest), call.vm)) }
    }
    type.method("sendto", .required("bytes", .value), .required("address", .value)) {
      socket, call, data, address in
      let address = try SocketAddress(address, call.vm)
      return try open(socket, call.vm).send(try call.vm.bytes(data), to: address, call.vm)
    }
    type.method("recv", .required("bufsize", .value), .optional("flags", .value)) { socket, call, size, _ in
      try receive(from: socket, size, call.vm).bytes
    }
    type.method("recvfrom", .required("bufsize", .value), .optional("flags", .value)) {
      socket, call, size, _ in
      let (bytes, sender) = try receive(from: socket, size, call.vm)
      return PythonTuple(bytes, sender.value(call.vm))
    }
    type.method(
      "makefile", .optional("mode", .value), .optional("buffering", .value), .optional("encoding", .value)
    ) { _, call, _, _, _ in call.object }
  }

  private static func receive(
    from socket: BoardSocket, _ size: Value, _ vm: Interpreter
  ) throws(Raised) -> (bytes: [UInt8], from: SocketAddress) {
    let socket = try open(socket, vm)
    let size = try vm.int(size)
    guard size >= 0 else { throw vm.error(.valueError, arguments: []) }
    try vm.requireBoardMemory(size)
    return try socket.receive(upTo: size, vm)
  }

  private static func defineSettings(of type: PythonClassBuilder<PythonRuntime, BoardSocket>) {
    type.method("settimeout", .required("value", .orNone(.value))) { socket, call, seconds in
      let socket = try open(socket, call.vm)
      socket.timeout =
        if let seconds {
          .milliseconds(Int64(max(0, try call.vm.milliseconds(seconds: seconds))))
        } else { nil }
    }
    type.method("setblocking", .required("flag", .value)) { socket, call, blocks in
      let socket = try open(socket, call.vm)
      socket.timeout = try call.vm.isTrue(blocks) ? nil : .zero
    }
    type.method(
      "setsockopt", .required("level", .value), .required("optname", .value), .required("value", .value)
    ) { socket, call, level, option, value in
      let vm = call.vm
      let socket = try open(socket, vm)
      let host = try hostOption(level: try vm.int(level), option: try vm.int(option), vm)
      let number =
        value.isSmallInt ? Int32(truncatingIfNeeded: value.smallInt) : try vm.isTrue(value) ? 1 : 0
      try socket.setOption(host.level, host.option, number, vm)
    }
  }

  private static func hostOption(
    level: Int, option: Int, _ vm: Interpreter
  ) throws(Raised) -> (level: Int32, option: Int32) {
    switch (level, option) {
    case (LwIP.socketLevel, LwIP.reuseAddress): (SOL_SOCKET, SO_REUSEADDR)
    case (LwIP.socketLevel, LwIP.keepAlive): (SOL_SOCKET, SO_KEEPALIVE)
    case (LwIP.socketLevel, LwIP.broadcast): (SOL_SOCKET, SO_BROADCAST)
    case (LwIP.tcpProtocol, LwIP.noDelay): (Int32(IPPROTO_TCP), TCP_NODELAY)
    default:
      throw vm.osError(
        .eopnotsupp, "socket option \(option) of level \(level) does not exist on the emulated board")
    }
  }
}
