import Machine
import MicroPython

/// The chip's memory that resets leave alone, for as long as the board has power.
final class BackupMemory {
  /// In the order of `machine.mem_backup`.
  let regions: [FixedMemory]
  let isOfWords: [Bool]

  init(_ port: any MachinePort) {
    regions = port.backupRegions.map { FixedMemory(wordCount: $0.wordCount) }
    isOfWords = port.backupRegions.map(\.isOfWords)
  }
}

struct BackupRegion {
  /// Of 32 bits.
  let wordCount: Int
  /// Whether firmware sees it as an array of words rather than of bytes.
  let isOfWords: Bool
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
