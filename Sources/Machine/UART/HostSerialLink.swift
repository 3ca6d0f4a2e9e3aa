import Timebase

/// A UART's end of a serial port of the host, in place of the lines to its pins.
final class HostSerialLink {
  private let port: any HostSerialPort
  private let context: PartContext
  private var input: HostSerialInput?

  init(_ port: any HostSerialPort, context: PartContext) {
    self.port = port
    self.context = context
  }

  /// - Returns: whether the port is open; the run or the language port reports its refusal.
  func open(_ settings: UARTSettings, number: Int) -> Bool {
    guard let input = context.interrupts.makeHostSerialInput(number: number) else { return false }
    do throws(HostPinError) {
      try port.open(settings, input: input)
      self.input = input
      return true
    } catch {
      context.fail(error)
      return false
    }
  }

  func close() {
    input = nil
    port.close()
  }

  /// Whether it is what is open now that has this input.
  func isOpen(_ input: HostSerialInput) -> Bool { self.input === input }

  var isIdle: Bool { port.unsentCount == 0 }

  /// Sends bytes; where the host's buffer is full it waits, for `timeout` at first and then for `timeoutBetweenBytes`.
  /// - Returns: how many were taken in time.
  func send(_ bytes: [UInt8], _ settings: UARTSettings) -> Int {
    var count = 0
    var patience = settings.timeout
    var deadline = context.clock.now + .milliseconds(patience)
    do throws(HostPinError) {
      while count < bytes.count {
        let taken = try port.write(Array(bytes[count...]))
        count += taken
        if taken > 0 {
          patience = settings.timeoutBetweenBytes
          deadline = context.clock.now + .milliseconds(patience)
          continue
        }
        guard context.clock.now < deadline, context.clock.busy(for: .milliseconds(1)) else { break }
      }
    } catch { context.fail(error) }
    return count
  }

  /// Waits until everything has left the host's buffer.
  func flush() { while !isIdle && context.clock.busy(for: .milliseconds(1)) {} }

  func sendBreak() {
    do throws(HostPinError) { try port.sendBreak() } catch { context.fail(error) }
  }
}

extension PartContext {
  /// Reports a refusal of a line or port of the host.
  func fail(_ error: HostPinError) { _ = hostPinFailures.latestFirst.contains { $0(error) } }
}
