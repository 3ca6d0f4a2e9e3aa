import Devices
import Machine
import MicroPython
import Timebase

/// `_device`, the module that `device.py` is built on. Pins and values are numbers, in the order of their
/// description.
enum DeviceModule: PythonModule {
  static let name = "_device"

  static func define(_ module: PythonModuleBuilder<DeviceModel>) {
    module.constant("methods", PythonTuple(DeviceMethod.allCases.map(\.rawValue)))
    var count = 0
    module.function("count") { _ in
      count += 1
      return count
    }
    definePins(of: module)
    defineSerialLines(of: module)
    defineValues(of: module)
    defineTime(of: module)
    defineTexts(of: module)
  }

  // MARK: Pins

  private static func definePins(of module: PythonModuleBuilder<DeviceModel>) {
    module.function("level", .required("pin", .wideInt)) { call, pin in
      try call.terminal(pin).level == .high ? 1 : 0
    }
    module.function("volts", .required("pin", .wideInt)) { call, pin in try call.terminal(pin).net.voltage }
    module.function("is_wired", .required("pin", .wideInt)) { call, pin in try call.terminal(pin).isWired }
    module.function("drive", .required("pin", .wideInt), .required("level", .bool)) { call, pin, isHigh in
      try call.terminal(pin).drive(isHigh ? .high : .low)
    }
    module.function("drive_volts", .required("pin", .wideInt), .required("volts", .float)) {
      call, pin, volts in
      guard volts.isFinite else { throw PythonError.value("drive_volts takes a number of volts") }
      try call.terminal(pin).driver.drive(voltage: volts)
    }
    module.function("release", .required("pin", .wideInt)) { call, pin in try call.terminal(pin).release() }
    module.function("pull", .required("pin", .wideInt), .required("level", .orNone(.bool))) {
      call, pin, isUp in
      let pull: Pull = if let isUp { isUp ? .up : .down } else { .none }
      try call.terminal(pin).pull(pull)
    }
    module.function(
      "pulses", .required("pin", .wideInt), .required("frequency", .frequency), .required("share", .float)
    ) { call, pin, frequency, share in
      let period = Int((1e9 / frequency).rounded())
      guard (0...1).contains(share) else { throw PythonError.value("share must be 0 to 1") }
      let start = try call.device.site.now
      try call.terminal(pin).driver.drive(
        PulseWaveform(
          start: start, rate: TickRate(hertz: 1_000_000_000), period: period,
          pulse: Int((Double(period) * share).rounded())))
    }
  }

  private static func defineSerialLines(of module: PythonModuleBuilder<DeviceModel>) {
    module.function(
      "send", .required("pin", .wideInt), .required("data", .bytes), .required("baudrate", .baudRate)
    ) { call, pin, bytes, rate in try call.device.send(bytes, at: pin, baudRate: rate) }
    module.function(
      "receive", .required("pin", .wideInt), .required("baudrate", .baudRate), .required("function", .value)
    ) { call, pin, rate, function in
      try call.device.receive(at: pin, baudRate: rate, RootedValue(function, in: call.vm.heap))
    }
  }

  // MARK: Controls and signals

  private static func defineValues(of module: PythonModuleBuilder<DeviceModel>) {
    module.function("get", .required("number", .wideInt)) { call, number in
      try call.device.state(number)?.value.value(in: call.vm)
    }
    module.function("set", .required("number", .wideInt), .required("value", .value)) { call, number, value in
      guard let state = try call.device.state(number) else { return }
      state.set(try state.form.partValue(of: value, name: state.name, call.vm))
    }
  }

  // MARK: Time and chance

  private static func defineTime(of module: PythonModuleBuilder<DeviceModel>) {
    module.function("now") { call in Int(try call.device.site.now.nanoseconds) }
    module.function("after", .required("delay", .wideInt), .required("function", .value)) {
      call, delay, function in
      guard delay >= 0 else { throw PythonError.value("a delay cannot be negative") }
      guard call.vm.isCallable(function) else {
        throw PythonError.type("a function has to follow the delay")
      }
      return try call.device.after(.nanoseconds(delay), RootedValue(function, in: call.vm.heap))
    }
    module.function("cancel", .required("event", .orNone(.wideInt))) { call, event in
      if let event { try call.device.cancel(event) }
    }
    module.function("hold", .required("delay", .wideInt)) { call, nanoseconds in
      guard (0...1_000_000_000).contains(nanoseconds) else {
        throw PythonError.value("hold_us must be 0 to 1000000")
      }
      try call.device.hold = .nanoseconds(nanoseconds)
    }
    module.function("random") { call in Double(call.host.random() >> 11) / Double(1 << 53) }
  }

  // MARK: Texts

  private static func defineTexts(of module: PythonModuleBuilder<DeviceModel>) {
    module.function("name") { call in try call.device.name }
    module.function("trace", .required("text", .string)) { call, text in try call.device.site.trace(text) }
    module.function("report", .required("text", .string), .required("advice", .string)) {
      call, text, advice in try call.device.site.report(.deviceReport, text, advice: advice)
    }
  }
}

extension Call<DeviceModel> {
  fileprivate var device: PythonDevice {
    get throws(Raised) {
      guard let device = host.device else {
        throw vm.error(.runtimeError, "a device has its pins and its time from __init__ on")
      }
      return device
    }
  }

  fileprivate func terminal(_ number: Int) throws(Raised) -> Terminal {
    guard let terminal = try device.terminal(number) else { throw vm.error(.valueError, "no such pin") }
    return terminal
  }
}

extension ArgumentType<Double> {
  fileprivate static var frequency: Self {
    Self { (vm, value) throws(Raised) in
      let frequency = try vm.double(value)
      guard frequency >= 0.001, frequency <= 100_000_000 else {
        throw vm.error(.valueError, "frequency must be 0.001 to 100000000")
      }
      return frequency
    }
  }
}

extension ArgumentType<Int> {
  fileprivate static var baudRate: Self {
    Self { (vm, value) throws(Raised) in
      let rate = try vm.wideInt(value)
      guard (50...10_000_000).contains(rate) else {
        throw vm.error(.valueError, "baudrate must be 50 to 10000000")
      }
      return rate
    }
  }
}
