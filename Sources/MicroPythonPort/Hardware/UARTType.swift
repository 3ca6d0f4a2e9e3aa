import Asyncio
import Machine
import MicroPython
import Timebase

/// A UART as a stream of the interpreter.
final class UARTObject: NativeStream {
  let uart: UART
  private unowned let board: Board

  init(_ uart: UART, board: Board) {
    self.uart = uart
    self.board = board
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    guard let count = try attempt(vm, { try uart.read(into: buffer) }) else { return .failed(.eagain) }
    return .done(count)
  }

  func write(_ bytes: UnsafeRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    let count = try attempt(vm) { try uart.write(bytes) }
    try vm.safePoint()
    return count.map { .done($0) } ?? .failed(.eagain)
  }

  func control(_ request: Int, _ argument: Int, _ vm: Interpreter) throws(Raised) -> StreamResult {
    switch request {
    case StreamRequest.poll:
      let wanted = PollEvents(rawValue: UInt8(truncatingIfNeeded: argument))
      return .done(Int(uart.poll(wanted).rawValue))
    case StreamRequest.flush:
      uart.flush()
      return .done(0)
    default: return .failed(.einval)
    }
  }

  /// Runs something that may wait: what interrupts the wait (Ctrl-C) comes out as it is, the UART's own complaints
  /// as the board's errors.
  func attempt<Result>(_ vm: Interpreter, _ body: () throws -> Result) throws(Raised) -> Result {
    do {
      return try body()
    } catch let raised as Raised {
      throw raised
    } catch {
      throw vm.error(.valueError, "\(error)")
    }
  }
}

/// `machine.UART`, which is also `pyb.UART` (ports/stm32/machine_uart.c, ports/rp2/machine_uart.c).
extension Hardware {
  private func stream(_ value: Value) throws(Raised) -> UARTObject { try part(value, types.uart) }

  func defineUART() {
    types.uart.info.make = { [unowned self] (vm, type, arguments) throws(Raised) in
      guard arguments.count > 0 else {
        throw vm.error(.typeError, "function missing 1 required positional arguments")
      }
      let uart = try uart(arguments[0])
      let value = singleton(for: uart) {
        vm.heap.native(type, UARTObject(uart, board: board), boardBytes: 128)
      }
      if port is RP2Port {
        if arguments.count > 1 || arguments.keywordCount > 0 || uart.settings == nil {
          try startRP2(uart, arguments.dropFirst(), isNew: true)
        }
      } else if arguments.count > 1 || arguments.keywordCount > 0 {
        try start(stream(value), arguments.dropFirst())
      }
      return value
    }
    types.uart.info.print = { [unowned self] (_, value, _, output) throws(Raised) in
      let uart = try stream(value).uart
      output.write(port is RP2Port ? rp2Text(of: uart) : Hardware.text(of: uart))
    }
    vm.makeStreams(of: types.uart)
    vm.iterateByLines(types.uart)
    vm.define(types.uart) { type in
      vm.defineStreamMethods([.read, .readline, .readinto, .write, .flush], on: type)
      for (name, value) in UARTConstants(board.description.identity.port).all {
        type.attribute(name, Value(smallInt: value))
      }
      defineUARTMethods(type)
    }
  }

  private func uart(_ identifier: Value) throws(Raised) -> UART {
    if let name = StringHandle(identifier)?.text {
      if let uart = board.uarts.values.first(where: { $0.connector == name }) { return uart }
      throw vm.error(.valueError, "UART(\(name)) doesn't exist")
    }
    let number = try vm.int(identifier)
    guard let uart = board.uarts[number] else { throw vm.error(.valueError, "UART(\(number)) doesn't exist") }
    return uart
  }

  private func defineUARTMethods(_ type: TypeBuilder) {
    type.method("init", 0...4, keywords: true) { [unowned self] (_, args) throws(Raised) in
      let stream = try stream(args[0])
      if port is RP2Port {
        try startRP2(stream.uart, args.dropFirst(), isNew: false)
      } else {
        try start(stream, args.dropFirst())
      }
      return .none
    }
    type.method("deinit", 0...0) { [unowned self] (_, args) throws(Raised) in
      try stream(args[0]).uart.stop()
      return .none
    }
    type.method("any", 0...0) { [unowned self] (_, args) throws(Raised) in
      Value(smallInt: try stream(args[0]).uart.available)
    }
    type.method("txdone", 0...0) { [unowned self] (_, args) throws(Raised) in
      Value(try stream(args[0]).uart.isIdle)
    }
    type.method("sendbreak", 0...0) { [unowned self] (vm, args) throws(Raised) in
      let stream = try stream(args[0])
      try stream.attempt(vm) { try stream.uart.sendBreak() }
      return .none
    }
    if port is STM32Port { defineCharacterMethods(type) }
    type.method("irq", 0...3, keywords: true) { [unowned self] (vm, args) throws(Raised) in
      try requestInterrupt(uart: stream(args[0]).uart, args)
    }
  }

  private func defineCharacterMethods(_ type: TypeBuilder) {
    type.method("writechar", 1...1) { [unowned self] (vm, args) throws(Raised) in
      let stream = try stream(args[0])
      let character = UInt16(truncatingIfNeeded: try vm.int(args[1]))
      _ = try stream.attempt(vm) { try stream.uart.write(characters: [character]) }
      return .none
    }
    type.method("readchar", 0...0) { [unowned self] (vm, args) throws(Raised) in
      let stream = try stream(args[0])
      let characters = try stream.attempt(vm) { try stream.uart.read(characters: 1) }
      return Value(smallInt: characters?.first.map(Int.init) ?? -1)
    }
  }

  private func start(_ stream: UARTObject, _ arguments: Arguments) throws(Raised) {
    let options = try vm.parse(
      arguments, positional: ["baudrate", "bits", "parity", "stop"], required: 1,
      keywordOnly: ["flow", "timeout", "timeout_char", "rxbuf", "read_buf_len"])
    func number(_ index: Int, _ fallback: Int) throws(Raised) -> Int {
      options[index].isUnbound ? fallback : try vm.int(options[index])
    }
    var parity: UARTSettings.Parity?
    if !options[2].isUnbound && !options[2].isNone { parity = try vm.int(options[2]) & 1 == 0 ? .even : .odd }
    guard try number(4, 0) == 0 else {
      throw vm.error(.notImplementedError, "hardware flow control is not emulated; see docs/compatibility.md")
    }
    let rxbuf = try number(7, -1)
    let settings = UARTSettings(
      baudRate: try vm.int(options[0]), bits: try number(1, 8), parity: parity, stopBits: try number(3, 1),
      timeout: Int64(try number(5, 0)), timeoutBetweenBytes: Int64(try number(6, 0)),
      receiveBufferSize: rxbuf >= 0 ? rxbuf : try number(8, 64))
    do throws(UARTError) {
      try stream.uart.start(settings)
    } catch { throw vm.error(.valueError, error.description) }
  }

  private static func text(of uart: UART) -> String {
    guard let settings = uart.settings else { return "UART(\(uart.number))" }
    let parity = settings.parity.map { String($0.rawValue) } ?? "None"
    return "UART(\(uart.number), baudrate=\(uart.actualBaudRate), bits=\(settings.bits), parity=\(parity), "
      + "stop=\(settings.stopBits), flow=0, timeout=\(settings.timeout), "
      + "timeout_char=\(settings.timeoutBetweenBytes), rxbuf=\(settings.receiveBufferSize))"
  }
}
