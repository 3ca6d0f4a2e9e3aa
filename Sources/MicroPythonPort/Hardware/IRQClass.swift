import Machine
import MicroPython

/// The source behind an `irq` object. The interrupt and its handler are the part's.
protocol IRQSource: AnyObject {
  /// The port's numbers for the events that interrupt, and for those that did last.
  var trigger: Int { get }
  var flags: Int { get }
  var handler: InterruptHandler? { get }
  func setTrigger(_ number: Int) throws
  /// Takes the handler away.
  func disable() throws
}

/// The arguments of `irq` of a serial line: a function or None, the port's numbers for the events, and the kind of handler.
struct IRQRequest {
  var handler: Value
  var trigger: Int
  var isHard: Bool

  /// - Parameter trigger: the events where none are given.
  /// - Throws: `ValueError` if the handler cannot be called.
  static func read(_ arguments: Arguments, _ vm: Interpreter, trigger: Int) throws -> IRQRequest {
    let signature = Signature(
      IRQRequest.init, rules: .named, .optional("handler", .value, default: .none),
      .optional("trigger", .int, default: trigger), .optional("hard", .bool, default: false))
    let request = try signature.read(arguments, vm)
    try check(handler: request.handler, vm)
    return request
  }

  static func check(handler: Value, _ vm: Interpreter) throws(PythonError) {
    guard handler.isNone || vm.isCallable(handler) else {
      throw PythonError.value("handler must be None or callable")
    }
  }
}

/// The object that `Pin.irq` and `UART.irq` return.
final class IRQObject {
  let source: any IRQSource
  init(_ source: any IRQSource) { self.source = source }
}

/// The class of the objects that `Pin.irq` and `UART.irq` return (shared/runtime/mpirq.c).
enum IRQClass: HardwareClass {
  static let name = "irq"
  static let modules: [HardwareModule] = []

  static func define(_ type: PythonClassBuilder<Hardware, IRQObject>) {
    type.method("flags") { $0.source.flags }
    type.method("trigger", .optional("trigger", .int)) { object, number in
      let before = object.source.trigger
      if let number { try object.source.setTrigger(number) }
      return before
    }
    type.call { object, _ -> Value in
      guard case .routine(let routine as PythonHandler, _) = object.source.handler else { return .none }
      // A handler that raises has reported it, and is off from now on.
      do throws(Raised) { try routine.call() } catch { try object.source.disable() }
      return .none
    }
  }
}
