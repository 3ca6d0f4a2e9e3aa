import Machine
import MicroPython

/// The chip's memory that resets leave alone, for as long as the board has power.
final class BackupMemory {
  /// In the order of `machine.mem_backup`.
  let regions: [FixedMemory]
  let isOfWords: [Bool]

  init(_ port: BoardDescription.Port) {
    switch port {
    // 4 KiB of backup SRAM, and the twenty backup registers of the real-time clock (RM0090, 2.3.1 and 26.6.20).
    case .stm32:
      regions = [FixedMemory(wordCount: 1024), FixedMemory(wordCount: 20)]
      isOfWords = [false, true]
    // The scratch registers of the watchdog but the one that the boot loader uses (RP2040 data sheet, 4.7.6).
    case .rp2:
      regions = [FixedMemory(wordCount: 4), FixedMemory(wordCount: 3)]
      isOfWords = [true, true]
    }
  }
}

extension FixedMemory: WordStorage {}

/// `machine.mem_backup` (extmod/machine_mem.c, ports/stm32/machine_mem_backup.c, ports/rp2/machine_mem_backup.c).
enum BackupFunctions: HardwareFunctions {
  static let modules = [HardwareModule.machine]

  /// The memoryviews, once firmware has asked for one: the same each time, as on the board.
  private final class Views: ValueHolding {
    var values: [Value] = []
    func visitValues(_ visit: (Value) -> Void) { values.forEach(visit) }
  }

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    let views = Views()
    module.vm.rootVisitors.append { views.visitValues($0) }
    module.function("mem_backup", .optional("region", .int, default: 0)) { call, region -> Value in
      let backup = call.host.resets.backup
      for (memory, isOfWords) in zip(backup.regions, backup.isOfWords).dropFirst(views.values.count) {
        views.values.append(try call.vm.memoryview(of: memory, isOfWords: isOfWords))
      }
      if region == -1 { return call.vm.heap.tuple(views.values) }
      guard views.values.indices.contains(region) else { throw PythonError.value("invalid region") }
      return views.values[region]
    }
  }
}
