import Machine
import MicroPython
import Timebase

/// Functions of `machine` or `pyb` that belong together. Adding some takes their own file and a line in
/// `HardwareFunctionGroups.all`.
protocol HardwareFunctions: SendableMetatype {
  /// The modules that have them.
  static var modules: [HardwareModule] { get }
  /// Whether the board has them.
  static func exists(on hardware: Hardware) -> Bool
  static func define(_ module: PythonModuleBuilder<Hardware>)
}

extension HardwareFunctions {
  static func exists(on hardware: Hardware) -> Bool { true }
}

/// The registry.
enum HardwareFunctionGroups {
  static let all: [any HardwareFunctions.Type] = [
    BackupFunctions.self,
    BitstreamFunctions.self,
    DHTFunctions.self,
    InformationFunctions.self,
    MachineInformation.self,
    MachinePowerFunctions.self,
    MachineResetFunctions.self,
    MemoryAccess.self,
    MountFunction.self,
    PulseFunctions.self,
    PybPowerFunctions.self,
    PybResetFunctions.self,
    PybTimeFunctions.self,
    RandomFunction.self,
    ServoFunctions.self,
    SystemFunctions.self,
    USBFunctions.self,
  ]
}

extension Hardware {
  /// Puts the functions of a module into it.
  func addFunctions(of module: HardwareModule, to builder: PythonModuleBuilder<Hardware>) {
    for group in HardwareFunctionGroups.all where group.modules.contains(module) {
      if port.has(group), group.exists(on: self) { group.define(builder) }
    }
  }
}

// MARK: Exact times on a pin

extension Hardware {
  /// Keeps interrupts out while a pin is driven or sampled at exact times, as MicroPython's drivers do.
  func withoutInterrupts<Result>(_ body: () throws -> Result) rethrows -> Result {
    let state = board.interrupts.disable()
    defer { board.interrupts.enable(state) }
    return try body()
  }

  /// Lets time pass without doing anything else.
  func busyWait(_ interval: Interval) { board.clock.busy(for: interval) }

  /// How long a pin stays at a level, looked at every microsecond (extmod/machine_pulse.c).
  /// - Returns: microseconds; nil when the pulse does not begin or does not end within `limit` microseconds.
  func pulseLength(of pin: Pin, at level: Level, atMost limit: Int) -> Int? {
    guard waited(atMost: limit, while: pin, is: level.opposite) != nil else { return nil }
    return waited(atMost: limit, while: pin, is: level)
  }

  /// Waits as long as a pin is at a level, looking at it each microsecond.
  /// - Returns: microseconds; nil after `limit` microseconds.
  func waited(atMost limit: Int, while pin: Pin, is level: Level) -> Int? {
    let start = board.clock.now
    while pin.level == level {
      let left = Int64(limit) - (board.clock.now - start).nanoseconds / 1000
      guard left > 0, board.clock.busy(for: .microseconds(min(left, uneventfulMicroseconds(of: pin)))) else {
        return nil
      }
    }
    return Int((board.clock.now - start).nanoseconds / 1000)
  }

  /// How many looks at a pin, one each microsecond, can be left out because nothing can have happened before; at least the one until
  /// the next.
  private func uneventfulMicroseconds(of pin: Pin) -> Int64 {
    let clock = board.clock
    guard clock.mode != .host, !pin.isHostPin else { return 1 }
    let now = clock.now
    let next = [clock.nextEventDue, pin.net.waveform?.nextEdge(after: now)].compactMap { $0 }.min()
    guard let next else { return .max }
    return max(1, ((next - now).nanoseconds + 999) / 1000)
  }
}

extension Hardware {
  /// Lets the board live until something is true; handlers and scheduled callbacks run meanwhile.
  /// - Returns: false when the time was over before.
  func wait(milliseconds: Int, until condition: () -> Bool) throws(Raised) -> Bool {
    let end = board.clock.now + .milliseconds(max(0, milliseconds))
    while !condition() {
      guard board.clock.now < end else { return false }
      try vm.live(until: end)
    }
    return true
  }
}
