import Machine
import MicroPython

/// Finds the pin that firmware names, as `Pin(…)` and everything that takes a pin does (ports/stm32/pin.c
/// `pin_find`): a pin, the result of `Pin.mapper` or `Pin.dict`, a name of the board, a name of the
/// processor.
final class PinFinder {
  /// `Pin.mapper`: a function or None.
  var mapper: Value {
    get { mapperRoot.value }
    set { mapperRoot.value = newValue }
  }
  /// `Pin.dict`: a dict or None.
  var dictionary: Value {
    get { dictionaryRoot.value }
    set { dictionaryRoot.value = newValue }
  }
  /// `Pin.debug`: whether it prints how it found a pin.
  var isTalkative = false

  private let mapperRoot: RootedValue
  private let dictionaryRoot: RootedValue
  private unowned let hardware: Hardware
  private var vm: Interpreter { hardware.vm }

  init(_ hardware: Hardware) {
    self.hardware = hardware
    mapperRoot = RootedValue(.none, in: hardware.vm.heap)
    dictionaryRoot = RootedValue(.none, in: hardware.vm.heap)
  }

  func find(_ value: Value) throws(Raised) -> Pin {
    let pins = hardware.objects(of: PinClass.self)
    if let pin = pins.receiver(ifAny: value) {
      if isTalkative { try tell("Pin map passed pin ", pin) }
      return pin
    }
    if !mapper.isNone {
      let answer = try vm.call(mapper, value)
      if !answer.isNone {
        guard let pin = pins.receiver(ifAny: answer) else {
          throw vm.error(.valueError, "Pin.mapper didn't return a Pin object")
        }
        return try found(pin, by: "Pin.mapper", value)
      }
    }
    if let known = try entry(value) {
      // On the board anything in the dict is taken for a pin.
      guard let pin = pins.receiver(ifAny: known) else {
        throw vm.error(.valueError, "Pin.dict doesn't hold a Pin object")
      }
      return try found(pin, by: "Pin.map_dict", value)
    }
    if let name = StringHandle(value)?.text, let pin = hardware.board.pins.find(name) {
      return try found(pin, by: name == pin.cpuName ? "Pin.cpu" : "Pin.board", value)
    }
    if value.isSmallInt, let pin = hardware.board.pins.find(number: value.smallInt) { return pin }
    if hardware.port.pinNamesAreText { _ = try vm.string(value) }
    throw vm.raised(
      hardware.port.noSuchPin(named: try hardware.text(of: value), isText: StringHandle(value) != nil))
  }

  private func entry(_ name: Value) throws(Raised) -> Value? {
    guard !dictionary.isNone else { return nil }
    do throws(Raised) { return try vm.getItem(dictionary, name) } catch {
      guard vm.isException(error.exception, .keyError) else { throw error }
      return nil
    }
  }

  private func found(_ pin: Pin, by way: String, _ value: Value) throws(Raised) -> Pin {
    guard isTalkative else { return pin }
    let asked = String(decoding: try vm.text(of: value, .repr), as: UTF8.self)
    try tell("\(way) maps \(asked) to ", pin)
    return pin
  }

  private func tell(_ text: String, _ pin: Pin) throws(Raised) {
    vm.write(Array((text + hardware.port.text(of: pin) + "\n").utf8))
  }
}

extension Hardware {
  /// The pin that firmware names, by an object, a name, or its number where the processor only counts pins.
  func findPin(_ value: Value) throws(Raised) -> Pin { try pinFinder.find(value) }

  /// The pin of a `Pin` object.
  func pin(_ value: Value) throws(Raised) -> Pin { try objects(of: PinClass.self).argument(value) }

  /// `str(value)`.
  func text(of value: Value) throws(Raised) -> String {
    String(decoding: try vm.text(of: value, .str), as: UTF8.self)
  }
}
