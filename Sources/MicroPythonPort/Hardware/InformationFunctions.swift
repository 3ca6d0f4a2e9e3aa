import Diagnostics
import Machine
import MicroPython

/// Functions of `pyb` that report about the board, or set options that make no difference to an emulator.
enum InformationFunctions: HardwareFunctions {
  static let modules = [HardwareModule.pyb]

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    MachineInformation.define(module)
    // On the board, would show registers at a crash of its own firmware.
    module.function("fault_debug", .required("value", .bool)) { _, _ in }
    module.function("sync") { _ in }
    // Whether the prompt begins with the board's banner.
    module.function("repl_info", .required("value", .value)) { call, value in
      call.host.resets.showsReplInformation = try call.vm.isTrue(value)
    }
    module.function("repl_uart", .optional("uart", .value)) { call, uart -> Value in
      let terminal = call.host.terminalCopies
      guard let uart else { return terminal.value(at: TerminalCopies.uartSlot) }
      guard uart.isNone || NativeHandle(uart)?.payload is UARTObject else {
        throw PythonError.value("need a UART object")
      }
      _ = try terminal.set(uart, at: TerminalCopies.uartSlot)
      return .none
    }
    let network = module.host.network
    module.function("country", .optional("code", .string)) { _, code in try network.country(code) }
  }
}

/// `machine.info`, which `pyb` has too.
enum MachineInformation: HardwareFunctions {
  static let modules = [HardwareModule.machine]

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    module.function("info", .optional("dump_alloc_table", .value)) { call, _ in
      call.vm.write(Array(information(call).utf8))
    }
  }

  /// As the board prints it, as far as there is something that the lines can mean here (ports/stm32/modmachine.c `machine_info`).
  private static func information(_ call: Call<Hardware>) -> String {
    let identifier = Array(call.host.port.uniqueIdentifier.utf8)
    let digits = identifier.map { $0.hexadecimal(digits: 2) }
    let groups = stride(from: 0, to: digits.count, by: 4).map {
      digits[$0..<min($0 + 4, digits.count)].joined()
    }
    let chip = ChipIdentity(processor: call.host.board.description.processor.name)
    let clocks = call.host.board.context.clocks.frequencies
    return """
      ID=\(groups.joined(separator: ":"))
      DEVID=0x\(chip.device.hexadecimal(digits: 4))
      REVID=0x\(chip.revision.hexadecimal(digits: 4))
      S=\(clocks.system)
      H=\(clocks.processor)
      P1=\(clocks.apb1)
      P2=\(clocks.apb2)

      """ + memoryInformation(call.vm.heap)
  }

  /// The lines about names and memory.
  static func memoryInformation(_ heap: Heap) -> String {
    """
    qstr:
      n_pool=1
      n_qstr=\(heap.internedCount)
    GC:
      \(heap.capacity) total
      \(heap.capacity - heap.free) : \(heap.free)

    """
  }
}
