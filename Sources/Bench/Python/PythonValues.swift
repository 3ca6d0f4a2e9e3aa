import Glibc
import Machine
import MicroPython
import Timebase

/// Values of controls, signals and board times as Python has them.
extension Interpreter {
  /// A length of board time: text as in "5ms", or a number of seconds.
  func boardTime(_ value: Value) throws(Raised) -> Interval {
    if StringHandle(native(of: value)) != nil {
      let text = try string(value)
      guard let interval = Interval(text: text) else {
        throw error(
          .valueError, "\"\(text)\" is no time; give \"5ms\", \"10us\", \"1.5s\", or a number of seconds")
      }
      return interval
    }
    guard !value.isImmediateFloat else {
      let seconds = try double(value)
      guard seconds >= 0 else { throw error(.valueError, "a time can't be negative") }
      return .seconds(Self.shortest(seconds))
    }
    let seconds = try wideInt(value)
    guard seconds >= 0 else { throw error(.valueError, "a time can't be negative") }
    return .seconds(seconds)
  }

  /// Returns the number as somebody wrote it with few digits, before single precision changed it a little.
  private static func shortest(_ seconds: Double) -> Double {
    guard seconds > 0 else { return 0 }
    let unit = pow(10, (log10(seconds)).rounded(.down) - 6)
    return (seconds / unit).rounded() * unit
  }

  /// The same of an argument that may be missing or None.
  func optionalBoardTime(_ value: Value) throws(Raised) -> Interval? {
    value.isUnbound || value.isNone ? nil : try boardTime(value)
  }

  /// Whole microseconds as an integer, parts of one as a float, as long as the board's floats can hold them: one in single precision
  /// counts no single microseconds any more after 16 seconds. Must be called where memory is not counted.
  func microseconds(_ nanoseconds: Int64) -> Value {
    let isWhole = nanoseconds % 1000 == 0 || heap.hasSingleFloats && nanoseconds >= 1000 << 22
    return isWhole ? heap.int(Int((nanoseconds + 500) / 1000)) : heap.float(Double(nanoseconds) / 1000)
  }

  /// Must be called where memory is not counted.
  func value(of value: PartValue) -> Value {
    switch value {
    case .flag(let flag): Value(flag)
    case .level(.high): Value(smallInt: 1)
    case .level(.low): Value(smallInt: 0)
    case .level(.floating): .none
    case .level(.conflict): heap.string("conflict")
    case .integer(let number): heap.int(number)
    case .real(let number): heap.float(number)
    case .vector(let components): heap.tuple(components.map { heap.int($0) })
    case .interval(let interval): microseconds(interval.nanoseconds)
    case .date(let date): heap.string(date.description)
    case .bytes(let bytes): heap.bytes(bytes)
    case .text(let text): heap.string(text)
    }
  }

  /// Returns the setting for a control. Text is read as `--at` reads it.
  func setting(_ value: Value, for control: Control, named name: String) throws(Raised) -> Control.Setting {
    let wanted: Control.Setting?
    if StringHandle(native(of: value)) != nil, control.form != .text, control.form != .bytes {
      wanted = control.setting(of: try string(value))
    } else {
      wanted = Control.Setting(try partValue(value, of: control.form))
    }
    guard let wanted, control.form.allows(wanted.value) else {
      let text = String(decoding: try text(of: value, .repr), as: UTF8.self)
      throw error(
        .valueError, "\(name) cannot be \(text): it takes \(control.summary), as in \(control.example)")
    }
    return wanted
  }

  /// A value of a form; one that the form does not allow where it is no such value.
  func partValue(_ value: Value, of form: ValueForm) throws(Raised) -> PartValue {
    switch form {
    case .flag: return .flag(try isTrue(value))
    case .level:
      if value.isNone { return .level(.floating) }
      if StringHandle(native(of: value)) != nil {
        return form.value(of: try string(value)) ?? .level(.conflict)
      }
      return .level(try isTrue(value) ? .high : .low)
    case .integer: return .integer(try wideInt(value))
    case .real: return .real(try double(value))
    case .vector:
      var components: [Int] = []
      for item in try collect(value) { components.append(try wideInt(item)) }
      return .vector(components)
    case .interval: return .interval(try boardTime(value))
    case .date:
      let text = try string(value)
      return form.value(of: text) ?? .text(text)
    case .bytes: return .bytes(try bytes(value))
    case .text: return .text(try string(value))
    }
  }
}
