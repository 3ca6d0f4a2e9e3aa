import Devices
import Machine
import MicroPython
import Timebase

/// `_device`, the module that `device.py` is built on. Pins and values are numbers, in the order of their
/// description.
struct DeviceModule {
  unowned let model: DeviceModel

  func add(to vm: Interpreter) {
    let model = model
    vm.addModule("_device") { [unowned model] module in
      let names = DeviceMethod.allCases.map { module.vm.heap.string($0.rawValue) }
      module.attribute("methods", module.vm.heap.tuple(names))
      var count = 0
      module.function("count", 0...0) { _, _ in
        count += 1
        return Value(smallInt: count)
      }
      Self.addPins(module, model)
      Self.addValues(module, model)
      Self.addTime(module, model)
      Self.addTexts(module, model)
    }
  }

  private static func device(_ model: DeviceModel) throws(Raised) -> PythonDevice {
    guard let device = model.device else {
      throw model.vm.error(.runtimeError, "a device has its pins and its time from __init__ on")
    }
    return device
  }

  private static func terminal(_ model: DeviceModel, _ number: Value) throws(Raised) -> Terminal {
    guard let terminal = try device(model).terminal(try model.vm.wideInt(number)) else {
      throw model.vm.error(.valueError, "no such pin")
    }
    return terminal
  }

  private static func frequency(_ value: Value, _ vm: Interpreter) throws(Raised) -> Double {
    let frequency = try vm.double(value)
    guard frequency >= 0.001, frequency <= 100_000_000 else {
      throw vm.error(.valueError, "frequency must be 0.001 to 100000000")
    }
    return frequency
  }

  private static func baudRate(_ value: Value, _ vm: Interpreter) throws(Raised) -> Int {
    let rate = try vm.wideInt(value)
    guard (50...10_000_000).contains(rate) else {
      throw vm.error(.valueError, "baudrate must be 50 to 10000000")
    }
    return rate
  }

  // MARK: Pins

  private static func addPins(_ module: ModuleBuilder, _ model: DeviceModel) {
    module.function("level", 1...1) { [unowned model] (_, args) throws(Raised) in
      Value(smallInt: try terminal(model, args[0]).level == .high ? 1 : 0)
    }
    module.function("volts", 1...1) { [unowned model] (vm, args) throws(Raised) in
      vm.heap.float(try terminal(model, args[0]).net.voltage)
    }
    module.function("is_wired", 1...1) { [unowned model] (_, args) throws(Raised) in
      Value(try terminal(model, args[0]).isWired)
    }
    module.function("drive", 2...2) { [unowned model] (vm, args) throws(Raised) in
      try terminal(model, args[0]).drive(try vm.isTrue(args[1]) ? .high : .low)
      return .none
    }
    module.function("drive_volts", 2...2) { [unowned model] (vm, args) throws(Raised) in
      let volts = try vm.double(args[1])
      guard volts.isFinite else { throw vm.error(.valueError, "drive_volts takes a number of volts") }
      try terminal(model, args[0]).driver.drive(voltage: volts)
      return .none
    }
    module.function("release", 1...1) { [unowned model] (_, args) throws(Raised) in
      try terminal(model, args[0]).release()
      return .none
    }
    module.function("pull", 2...2) { [unowned model] (vm, args) throws(Raised) in
      let pull: Pull = args[1].isNone ? .none : try vm.isTrue(args[1]) ? .up : .down
      try terminal(model, args[0]).pull(pull)
      return .none
    }
    module.function("pulses", 3...3) { [unowned model] (vm, args) throws(Raised) in
      let period = Int((1e9 / (try frequency(args[1], vm))).rounded())
      let share = try vm.double(args[2])
      guard (0...1).contains(share) else { throw vm.error(.valueError, "share must be 0 to 1") }
      let start = try device(model).site.now
      try terminal(model, args[0]).driver.drive(
        PulseWaveform(
          start: start, rate: TickRate(hertz: 1_000_000_000), period: period,
          pulse: Int((Double(period) * share).rounded())))
      return .none
    }
    module.function("send", 3...3) { [unowned model] (vm, args) throws(Raised) in
      let bytes = try vm.bytes(args[1])
      try device(model).send(bytes, at: vm.wideInt(args[0]), baudRate: baudRate(args[2], vm))
      return .none
    }
    module.function("receive", 3...3) { [unowned model] (vm, args) throws(Raised) in
      try device(model).receive(
        at: vm.wideInt(args[0]), baudRate: baudRate(args[1], vm), RootedValue(args[2], in: vm.heap))
      return .none
    }
  }

  // MARK: Controls and signals

  private static func addValues(_ module: ModuleBuilder, _ model: DeviceModel) {
    module.function("get", 1...1) { [unowned model] (vm, args) throws(Raised) in
      guard let state = try device(model).state(try vm.wideInt(args[0])) else { return .none }
      return state.value.value(in: vm)
    }
    module.function("set", 2...2) { [unowned model] (vm, args) throws(Raised) in
      guard let state = try device(model).state(try vm.wideInt(args[0])) else { return .none }
      state.set(try state.form.partValue(of: args[1], name: state.name, vm))
      return .none
    }
  }

  // MARK: Time and chance

  private static func addTime(_ module: ModuleBuilder, _ model: DeviceModel) {
    module.function("now", 0...0) { [unowned model] (vm, _) throws(Raised) in
      vm.heap.int(Int(try device(model).site.now.nanoseconds))
    }
    module.function("after", 2...2) { [unowned model] (vm, args) throws(Raised) in
      let delay = try vm.wideInt(args[0])
      guard delay >= 0 else { throw vm.error(.valueError, "a delay cannot be negative") }
      guard vm.isCallable(args[1]) else { throw vm.error(.typeError, "a function has to follow the delay") }
      let function = RootedValue(args[1], in: vm.heap)
      return vm.heap.int(try device(model).after(.nanoseconds(delay), function))
    }
    module.function("cancel", 1...1) { [unowned model] (vm, args) throws(Raised) in
      if !args[0].isNone { try device(model).cancel(try vm.wideInt(args[0])) }
      return .none
    }
    module.function("hold", 1...1) { [unowned model] (vm, args) throws(Raised) in
      let nanoseconds = try vm.wideInt(args[0])
      guard (0...1_000_000_000).contains(nanoseconds) else {
        throw vm.error(.valueError, "hold_us must be 0 to 1000000")
      }
      try device(model).hold = .nanoseconds(nanoseconds)
      return .none
    }
    module.function("random", 0...0) { [unowned model] (vm, _) throws(Raised) in
      vm.heap.float(Double(model.random() >> 11) / Double(1 << 53))
    }
  }

  // MARK: Texts

  private static func addTexts(_ module: ModuleBuilder, _ model: DeviceModel) {
    module.function("name", 0...0) { [unowned model] (vm, _) throws(Raised) in
      vm.heap.string(try device(model).name)
    }
    module.function("trace", 1...1) { [unowned model] (vm, args) throws(Raised) in
      let text = try vm.string(args[0])
      try device(model).site.trace(text)
      return .none
    }
    module.function("report", 2...2) { [unowned model] (vm, args) throws(Raised) in
      try device(model).site.report(
        .deviceReport, try vm.string(args[0]), advice: try vm.string(args[1]))
      return .none
    }
  }
}
