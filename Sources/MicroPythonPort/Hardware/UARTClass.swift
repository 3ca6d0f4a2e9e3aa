import Machine
import MicroPython
import Timebase

/// A UART as a stream of the interpreter.
final class UARTObject: NativeStream {
  let uart: UART

  init(_ uart: UART) { self.uart = uart }

  func read(into buffer: UnsafeMutableRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    guard isWhole(buffer.count) else { return .failed(.eio) }
    guard let count = try attempt(vm, { try uart.read(into: buffer) }) else { return .failed(.eagain) }
    return .done(count)
  }

  func write(_ bytes: UnsafeRawBufferPointer, _ vm: Interpreter) throws(Raised) -> StreamResult {
    guard isWhole(bytes.count) else { return .failed(.eio) }
    let count = try attempt(vm) { try uart.write(bytes) }
    try vm.safePoint()
    return count.map { .done($0) } ?? .failed(.eagain)
  }

  /// Characters of nine bits take two bytes each; the board transfers no half ones, so that `readline()`, which reads byte by
  /// byte, fails too.
  private func isWhole(_ byteCount: Int) -> Bool { uart.settings?.isNineBit != true || byteCount % 2 == 0 }

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

  /// Runs a body that may wait: an interruption of the wait (Ctrl-C) comes out as it is, the UART's own
  /// errors as the board's.
  private func attempt<Result>(_ vm: Interpreter, _ body: () throws -> Result) throws(Raised) -> Result {
    do { return try body() } catch { throw vm.raised(error) }
  }
}

/// `machine.UART`, which is also `pyb.UART` (ports/stm32/machine_uart.c, ports/rp2/machine_uart.c).
enum UARTClass: HardwareClass {
  static let name = "UART"
  static let modules = [HardwareModule.machine, .pyb]
  static let boardBytes = 128

  static func define(_ type: PythonClassBuilder<Hardware, UARTObject>) {
    let port = type.host.port
    let objects = type.objects
    type.make(.required("id", .value), .rest) { call, id, rest -> Value in
      let uart = try uart(id, call)
      let value = objects.shared(for: uart) { UARTObject(uart) }
      try port.construct(uart, rest, call.host)
      return value
    }
    type.print { port.text(of: $0.uart) }
    type.streams([.read, .readline, .readinto, .write, .flush])
    for constant in port.uartConstants.all { type.constant(constant.name, constant.number) }
    type.method("init", .rest) { object, call, rest in try port.start(object.uart, rest, call.host) }
    type.method("deinit") { $0.uart.stop() }
    type.method("any") { $0.uart.available }
    type.method("txdone") { $0.uart.isIdle }
    type.method("sendbreak") { try $0.uart.sendBreak() }
    port.addUARTMembers(to: type)
    type.method("irq", .rest) { object, call, rest in try irq(object.uart, call, rest) }
  }

  private static func uart(_ identifier: Value, _ call: Call<Hardware>) throws -> UART {
    try call.host.bus("UART", identifier, in: call.host.board.uarts, connector: \.connector)
  }
}

// MARK: irq

extension UARTClass {
  /// `UART.irq`
  fileprivate static func irq(_ uart: UART, _ call: Call<Hardware>, _ arguments: Arguments) throws -> Value {
    let hardware = call.host
    if !arguments.isEmpty {
      let request = try IRQRequest.read(arguments, call.vm, trigger: 0)
      let trigger = try hardware.uartTrigger(request.trigger)
      uart.setInterrupt(
        trigger,
        try hardware.handler(
          request.handler, argument: call.object, request.isHard ? .hard : .soft,
          complaint: Hardware.irqComplaint))
    }
    return hardware.objects(of: IRQClass.self).shared(for: uart) { IRQObject(UARTIRQ(uart, hardware)) }
  }
}

extension Hardware {
  fileprivate func uartTrigger(_ number: Int) throws(PythonError) -> UART.Trigger {
    guard let trigger = port.uartConstants.trigger(number) else { throw port.unsupportedTrigger(number) }
    return trigger
  }
}

/// The interrupt of a UART, as `UART.irq` returns it.
private final class UARTIRQ: IRQSource {
  private let uart: UART
  private unowned let hardware: Hardware

  init(_ uart: UART, _ hardware: Hardware) {
    self.uart = uart
    self.hardware = hardware
  }

  var trigger: Int { hardware.port.uartConstants.number(uart.trigger) }
  var flags: Int { hardware.port.uartConstants.number(uart.interruptFlags) }
  var handler: InterruptHandler? { uart.handler }
  func setTrigger(_ number: Int) throws { uart.changeTrigger(try hardware.uartTrigger(number)) }
  func disable() { uart.setInterrupt([], nil) }
}
