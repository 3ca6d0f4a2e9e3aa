import Devices
import Machine
import MicroPython

/// A Python class's description of itself, read from the result of `_describe` in `device.py`.
struct ModelDescription {
  var kind = DeviceKind("", title: "", source: "", pins: [])
  var values: [ModelValue] = []
  var methods: Set<DeviceMethod> = []
  var spiMode = 0

  init() {}

  /// - Parameter name: of the kind, the file's without its suffix.
  init(_ description: Value, name: String, _ vm: Interpreter) throws(Raised) {
    let items = try vm.collect(description)
    guard items.count == 8 else { throw vm.error(.typeError, "device.py does not fit the emulator") }
    let pins = try Self.texts(items[2], vm).map(Self.pin)
    for item in try vm.collect(items[4]) { values.append(try ModelValue(item, vm)) }
    methods = Set(try Self.texts(items[5], vm).compactMap { DeviceMethod(rawValue: $0) })
    spiMode = try vm.wideInt(items[7])
    let isOnI2C = ["scl", "sda"].allSatisfy { line in pins.contains { $0.name == line } }
    var keys: [DeviceKind.Key] = []
    let addresses = try vm.collect(items[3])
    if !addresses.isEmpty {
      guard isOnI2C else {
        throw vm.error(.valueError, "a device with an address needs pins 'scl' and 'sda'")
      }
      let address = try vm.wideInt(addresses[0])
      guard (0x08...0x77).contains(address) else {
        throw vm.error(.valueError, "address must be 0x08 to 0x77")
      }
      let pullups = try vm.isTrue(items[6])
      keys = [
        .address(address),
        DeviceKind.Key("pullups", .flag, standard: .flag(pullups), title: DeviceKind.Key.pullups.title),
      ]
    }
    kind = DeviceKind(
      name, title: try vm.string(items[0]), source: try vm.string(items[1]), pins: pins, keys: keys)
  }

  private static func texts(_ value: Value, _ vm: Interpreter) throws(Raised) -> [String] {
    var texts: [String] = []
    for item in try vm.collect(value) { texts.append(try vm.string(item)) }
    return texts
  }

  /// `data`, `[alert]` for one that may stay open, `rw=GND` for one that goes somewhere unless it is wired.
  private static func pin(_ text: String) -> DeviceKind.Pin {
    if text.hasPrefix("["), text.hasSuffix("]") {
      return DeviceKind.Pin(String(text.dropFirst().dropLast()), isOptional: true)
    }
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    if parts.count == 2 { return DeviceKind.Pin(parts[0], standard: parts[1]) }
    switch text {
    case "vcc", "vdd", "vin": return .power(text)
    case "gnd", "vss": return .ground(text)
    default: return DeviceKind.Pin(text)
    }
  }
}

/// A control or a signal of a class in Python.
struct ModelValue {
  let name: String
  /// Whether only the device sets it.
  let isSignal: Bool
  let first: PartValue
  let form: ValueForm
  let unit: String?

  /// Whole numbers without a range of their own.
  private static let anyInteger = -1_000_000_000_000...1_000_000_000_000

  init(_ description: Value, _ vm: Interpreter) throws(Raised) {
    let items = try vm.collect(description)
    name = try vm.string(items[0])
    isSignal = try vm.isTrue(items[1])
    unit = items[5].isNone ? nil : try vm.string(items[5])
    let (value, low, high) = (items[2], items[3], items[4])
    let isReal = [value, low, high].contains { vm.type(of: $0) == vm.heap.types.float }
    if value.isBool {
      form = .flag
    } else if vm.type(of: value) == vm.heap.types.str {
      form = .text
    } else if vm.type(of: value) == vm.heap.types.bytes {
      form = .bytes
    } else if isReal {
      let lowest = low.isNone ? -1e12 : try vm.double(low)
      form = .real(lowest...max(lowest, high.isNone ? 1e12 : try vm.double(high)))
    } else {
      let lowest = low.isNone ? Self.anyInteger.lowerBound : try vm.wideInt(low)
      let range = lowest...max(lowest, high.isNone ? Self.anyInteger.upperBound : try vm.wideInt(high))
      if vm.type(of: value) == vm.heap.types.tuple {
        let names = ["X", "Y", "Z"]
        let count = try vm.collect(value).count
        form = .vector(axes: (0..<count).map { $0 < names.count ? names[$0] : "\($0)" }, range)
      } else {
        form = .integer(range)
      }
    }
    first = try form.partValue(of: value, name: name, vm)
  }
}

extension ValueForm {
  /// The value of a Python object.
  /// - Throws: `TypeError` and `ValueError` for a value that is not of this form.
  func partValue(of value: Value, name: String, _ vm: Interpreter) throws(Raised) -> PartValue {
    let result: PartValue
    switch self {
    case .flag: result = .flag(try vm.isTrue(value))
    case .integer: result = .integer(try vm.wideInt(value))
    case .real: result = .real(try vm.double(value))
    case .text: result = .text(try vm.string(value))
    case .bytes: result = .bytes(try vm.bytes(value))
    case .vector:
      var components: [Int] = []
      for item in try vm.collect(value) { components.append(try vm.wideInt(item)) }
      result = .vector(components)
    case .level, .interval, .date: throw vm.error(.typeError, "\(name) has no Python form")
    }
    guard allows(result) else {
      throw vm.error(.valueError, "\(name) cannot be \(result): it takes \(summary(unit: nil))")
    }
    return result
  }
}

extension PartValue {
  /// As Python sees it.
  func value(in vm: Interpreter) -> Value {
    switch self {
    case .flag(let flag): Value(flag)
    case .integer(let number): vm.heap.int(number)
    case .real(let number): vm.heap.float(number)
    case .vector(let components): vm.heap.tuple(components.map { vm.heap.int($0) })
    case .bytes(let bytes): vm.heap.bytes(bytes)
    case .text(let text): vm.heap.string(text)
    case .level, .interval, .date: vm.heap.string(description)
    }
  }
}
