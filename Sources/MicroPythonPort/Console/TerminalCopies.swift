import Machine
import MicroPython

/// The streams that the board's terminal is on besides its USB socket (`os.dupterm`, extmod/os_dupterm.c, and
/// `pyb.repl_uart`): output goes to each, and bytes that arrive from any of them count as typed.
final class TerminalCopies {
  /// The slot that holds the terminal at the USB socket until firmware puts something else there.
  private static let usbSlot = 1
  /// Of `pyb.repl_uart`; none that `os.dupterm` could name.
  static let uartSlot = Int.max

  private unowned let hardware: Hardware
  private unowned let vm: Interpreter
  private var streams: [Int: Copy] = [:]
  /// Whether firmware has taken out the USB socket's terminal, for a stream or for nothing.
  private var isUSBDetached = false
  private var isWriting = false

  private struct Copy {
    let value: RootedValue
    let stream: any NativeStream
  }

  /// Called when something was attached or detached.
  var changed: (() -> Void)?
  /// Called when the character arrives that interrupts the program.
  var interrupted: (() -> Void)?

  init(_ hardware: Hardware) {
    self.hardware = hardware
    vm = hardware.vm
  }

  var isEmpty: Bool { streams.isEmpty }
  /// Whether the terminal is on the USB socket, too.
  var isOnUSB: Bool { !isUSBDetached }

  private var usbTerminal: Value {
    hardware.objects(of: USBVCPClass.self).shared(for: hardware.usb) { [hardware] in USBTerminal(hardware) }
  }

  /// Returns the stream in a slot; None for an empty one.
  func value(at slot: Int) -> Value {
    if let copy = streams[slot] { return copy.value.value }
    return slot == Self.usbSlot && !isUSBDetached && hardware.port.has(class: USBVCPClass.self)
      ? usbTerminal : .none
  }

  /// `os.dupterm`
  /// - Returns: the stream that was there before.
  func set(_ value: Value, at slot: Int) throws(Raised) -> Value {
    guard (0..<hardware.port.terminalSlotCount).contains(slot) || slot == Self.uartSlot else {
      throw vm.error(.valueError, "invalid dupterm index")
    }
    let before = self.value(at: slot)
    let stream = value.isNone ? nil : try vm.stream(value)
    if let uart = (streams[slot]?.stream as? UARTObject)?.uart { uart.intercepts = nil }
    let isUSB = stream is USBTerminal
    streams[slot] =
      isUSB ? nil : stream.map { Copy(value: RootedValue(value, in: vm.heap), stream: $0) }
    if slot == Self.usbSlot { isUSBDetached = !isUSB }
    if let uart = (stream as? UARTObject)?.uart {
      uart.intercepts = { [unowned self] character in
        guard vm.interruptCharacter >= 0, Int(character) == vm.interruptCharacter else { return false }
        interrupted?()
        return true
      }
    }
    changed?()
    return before
  }

  /// Nothing of the firmware's is called any more.
  func detachAll() {
    for copy in streams.values { (copy.stream as? UARTObject)?.uart.intercepts = nil }
    streams = [:]
    changed = nil
    interrupted = nil
  }

  // MARK: Traffic

  /// Writes the terminal's output to all streams; one that fails gets no more.
  func write(_ bytes: [UInt8]) {
    // A stream of the firmware's own may print.
    guard !isWriting else { return }
    isWriting = true
    defer { isWriting = false }
    for (slot, copy) in streams.sorted(by: { $0.key < $1.key }) {
      do throws(Raised) { _ = try vm.streamWrite(copy.stream, bytes) } catch {
        streams[slot] = nil
        vm.write(Array("dupterm: Exception in write() method, deactivating: ".utf8))
        vm.write(vm.tracebackText(of: error.exception))
      }
    }
  }

  /// Takes the input that has arrived.
  func takeInput() throws(Raised) -> [UInt8] {
    var bytes: [UInt8] = []
    for (_, copy) in streams.sorted(by: { $0.key < $1.key }) {
      guard try isReadable(copy.stream) else { continue }
      var chunk = [UInt8](repeating: 0, count: (copy.stream as? UARTObject)?.uart.available ?? 1)
      let result = try chunk.withUnsafeMutableBufferPointer { (buffer) throws(Raised) in
        try copy.stream.read(into: UnsafeMutableRawBufferPointer(buffer), vm)
      }
      if case .done(let count) = result { bytes += chunk.prefix(count) }
    }
    return bytes
  }

  private func isReadable(_ stream: any NativeStream) throws(Raised) -> Bool {
    if let uart = (stream as? UARTObject)?.uart { return uart.isReadable }
    guard case .done(let ready) = try stream.control(StreamRequest.poll, StreamRequest.readable, vm) else {
      return false
    }
    return ready & StreamRequest.readable != 0
  }
}
