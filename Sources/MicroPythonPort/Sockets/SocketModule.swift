import Asyncio
import Glibc
import MicroPython
import Timebase

/// `socket`, on the host's loopback addresses. Names, numbers and behaviour are those of boards with lwIP.
struct SocketModule {
  let network: LoopbackNetwork
  /// Whether firmware may make sockets; otherwise it is `OSError(EACCES)`.
  let isAllowed: Bool

  private static let streamType = 1
  private static let datagramType = 2
  /// lwIP's numbers, which differ from the host's.
  private static let socketLevel = 0xfff
  private static let tcpProtocol = 6
  private static let reuseAddress = 4
  private static let keepAlive = 8
  private static let broadcast = 0x20
  private static let noDelay = 1

  func add(to vm: Interpreter) {
    vm.addModule("socket") { module in
      module.attribute("socket", makeType(module.vm).value)
      for (name, value) in [
        ("AF_INET", 2), ("AF_INET6", 10), ("SOCK_STREAM", Self.streamType), ("SOCK_DGRAM", Self.datagramType),
        ("SOCK_RAW", 3), ("SOL_SOCKET", Self.socketLevel), ("SO_REUSEADDR", Self.reuseAddress),
        ("SO_KEEPALIVE", Self.keepAlive), ("SO_BROADCAST", Self.broadcast), ("IPPROTO_IP", 0),
        ("IPPROTO_TCP", Self.tcpProtocol), ("IPPROTO_UDP", 17), ("TCP_NODELAY", Self.noDelay),
      ] {
        module.attribute(name, Value(smallInt: value))
      }
      module.function("getaddrinfo", 2...6) { (vm, args) throws(Raised) in
        let host = try SocketAddress.resolve(try vm.string(args[0]), vm)
        guard let port = UInt16(exactly: try vm.int(args[1])) else {
          throw vm.error(.valueError, "port must be 0 to 65535")
        }
        if args.count > 2, ![0, 2].contains(try vm.int(args[2])) {
          throw vm.osError(.eopnotsupp, "only AF_INET addresses exist on the emulated board")
        }
        let kind = args.count > 3 ? try vm.int(args[3]) : 0
        return vm.heap.list([
          vm.heap.tuple([
            Value(smallInt: 2), Value(smallInt: kind == 0 ? Self.streamType : kind), Value(smallInt: 0),
            vm.heap.string(""), SocketAddress(host: host, port: port).value(vm),
          ])
        ])
      }
    }
    vm.addModuleAlias("usocket", for: "socket")
  }

  private func makeType(_ vm: Interpreter) -> TypeHandle {
    let type = vm.heap.type("socket")
    type.info.make = { [network, isAllowed] (vm, type, args) throws(Raised) in
      try vm.require(args, 0...3)
      if !isAllowed { throw vm.osError(Int(EACCES)) }
      let family = args.count > 0 ? try vm.int(args[0]) : 2
      let kind = args.count > 1 ? try vm.int(args[1]) : Self.streamType
      if args.count > 2 { _ = try vm.int(args[2]) }
      guard family == 2 else {
        throw vm.osError(.eopnotsupp, "only AF_INET sockets exist on the emulated board")
      }
      guard kind == Self.streamType || kind == Self.datagramType else { throw vm.osError(Int(EINVAL)) }
      let socket = try BoardSocket(isDatagram: kind == Self.datagramType, network, vm)
      return vm.heap.native(type, socket, boardBytes: 96)
    }
    vm.makeStreams(of: type)
    type.info.print = { _, value, _, output in
      output.write((NativeHandle(value)?.payload as? BoardSocket)?.text ?? "<socket>")
    }
    vm.define(type) { builder in
      vm.defineStreamMethods([.read, .readinto, .readline, .write, .close], on: builder)
      defineConnections(on: builder, type)
      defineTransfers(on: builder)
      defineSettings(on: builder)
    }
    return type
  }

  private func socket(_ args: Arguments, _ vm: Interpreter) throws(Raised) -> BoardSocket {
    guard let socket = NativeHandle(vm.native(of: args[0]))?.payload as? BoardSocket else {
      throw vm.error(.typeError, "argument has wrong type")
    }
    guard !socket.isClosed else { throw vm.osError(Int(EBADF)) }
    return socket
  }

  private func defineConnections(on builder: TypeBuilder, _ type: TypeHandle) {
    builder.method("bind", 1...1) { (vm, args) throws(Raised) in
      try socket(args, vm).bind(SocketAddress(args[1], listens: true, vm), vm)
      return .none
    }
    builder.method("listen", 0...1) { (vm, args) throws(Raised) in
      try socket(args, vm).listen(args.count > 1 ? try vm.int(args[1]) : 2, vm)
      return .none
    }
    builder.method("accept", 0...0) { (vm, args) throws(Raised) in
      let (accepted, peer) = try socket(args, vm).accept(vm)
      return vm.heap.tuple([vm.heap.native(type, accepted, boardBytes: 96), peer.value(vm)])
    }
    builder.method("connect", 1...1) { (vm, args) throws(Raised) in
      try socket(args, vm).connect(SocketAddress(args[1], vm), vm)
      return .none
    }
  }

  private func defineTransfers(on builder: TypeBuilder) {
    builder.method("send", 1...2) { (vm, args) throws(Raised) in
      vm.heap.int(try socket(args, vm).send(try vm.bytes(args[1]), vm))
    }
    builder.method("sendall", 1...2) { (vm, args) throws(Raised) in
      var rest = try vm.bytes(args[1])[...]
      while !rest.isEmpty { rest = rest.dropFirst(try socket(args, vm).send(Array(rest), vm)) }
      return .none
    }
    builder.method("sendto", 2...2) { (vm, args) throws(Raised) in
      let address = try SocketAddress(args[2], vm)
      return vm.heap.int(try socket(args, vm).send(try vm.bytes(args[1]), to: address, vm))
    }
    builder.method("recv", 1...2) { (vm, args) throws(Raised) in
      vm.heap.bytes(try socket(args, vm).receive(upTo: try size(args[1], vm), vm).bytes)
    }
    builder.method("recvfrom", 1...2) { (vm, args) throws(Raised) in
      let (bytes, sender) = try socket(args, vm).receive(upTo: try size(args[1], vm), vm)
      return vm.heap.tuple([vm.heap.bytes(bytes), sender.value(vm)])
    }
    builder.method("makefile", 0...3) { _, args in args[0] }
  }

  private func size(_ value: Value, _ vm: Interpreter) throws(Raised) -> Int {
    let size = try vm.int(value)
    guard size >= 0 else { throw vm.error(.valueError, arguments: []) }
    try vm.requireBoardMemory(size)
    return size
  }

  private func defineSettings(on builder: TypeBuilder) {
    builder.method("settimeout", 1...1) { (vm, args) throws(Raised) in
      let socket = try socket(args, vm)
      socket.timeout =
        args[1].isNone ? nil : .milliseconds(Int64(max(0, try vm.milliseconds(seconds: args[1]))))
      return .none
    }
    builder.method("setblocking", 1...1) { (vm, args) throws(Raised) in
      try socket(args, vm).timeout = try vm.isTrue(args[1]) ? nil : .zero
      return .none
    }
    builder.method("setsockopt", 3...3) { (vm, args) throws(Raised) in
      let socket = try socket(args, vm)
      let (level, option) = (try vm.int(args[1]), try vm.int(args[2]))
      let host: (level: Int32, option: Int32)
      switch (level, option) {
      case (Self.socketLevel, Self.reuseAddress): host = (SOL_SOCKET, SO_REUSEADDR)
      case (Self.socketLevel, Self.keepAlive): host = (SOL_SOCKET, SO_KEEPALIVE)
      case (Self.socketLevel, Self.broadcast): host = (SOL_SOCKET, SO_BROADCAST)
      case (Self.tcpProtocol, Self.noDelay): host = (Int32(IPPROTO_TCP), TCP_NODELAY)
      default:
        throw vm.osError(
          .eopnotsupp, "socket option \(option) of level \(level) does not exist on the emulated board")
      }
      let value =
        args[3].isSmallInt ? Int32(truncatingIfNeeded: args[3].smallInt) : try vm.isTrue(args[3]) ? 1 : 0
      try socket.setOption(host.level, host.option, value, vm)
      return .none
    }
  }
}
