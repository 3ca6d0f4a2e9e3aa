import Timebase

/// A class that firmware sees, described in Swift: its name, how its objects are made, and their members.
///
///     /// `pyb.LED` (ports/stm32/led.c).
///     enum LEDClass: PythonClass {
///       static let name = "LED"
///       static func define(_ type: PythonClassBuilder<Hardware, LED>) {
///         type.make(shared: true, .required("id", .int)) { call, id in try call.host.board.led(id) }
///         type.print { "LED(\($0.number))" }
///         type.method("on") { $0.on() }
///         type.accessor("intensity", .int, get: { $0.intensity }, set: { $0.intensity = $1 })
///       }
///     }
package protocol PythonClass: SendableMetatype {
  /// The object that the class is bound to: the board's `Hardware`, the asyncio runtime, the interpreter
  /// itself.
  associatedtype Host: AnyObject
  /// The Swift object behind each of its objects: a part of the board, or one that belongs to firmware's
  /// object.
  associatedtype Receiver: AnyObject
  static var name: String { get }
  /// Bytes that an object takes on the board; 0 for objects that lie in its flash.
  static var boardBytes: Int { get }
  static func define(_ type: PythonClassBuilder<Host, Receiver>)
}

extension PythonClass {
  package static var boardBytes: Int { 16 }

  /// Makes the class for an interpreter.
  /// - Parameter type: the type that is to be filled in; nil for a new one.
  @discardableResult
  package static func make(
    in vm: Interpreter, host: Host, as type: TypeHandle? = nil
  ) -> PythonClassBuilder<Host, Receiver> {
    let definition = PythonClassBuilder<Host, Receiver>(
      type ?? vm.heap.type(name), boardBytes: boardBytes, vm, host)
    define(definition)
    return definition
  }
}

/// The call that a body answers.
package struct Call<Host: AnyObject> {
  package let vm: Interpreter
  /// The object whose method was called, the class that was called or `unbound` in a function of a module.
  package let object: Value
  let hostReference: UncountedReference<Host>

  package init(_ vm: Interpreter, _ object: Value, _ host: UncountedReference<Host>) {
    self.vm = vm
    self.object = object
    hostReference = host
  }

  package var host: Host { hostReference.counted }
}

/// The objects of one class: their receivers, and for parts of the board the one object that firmware has of
/// each.
package final class PythonObjects<Receiver: AnyObject> {
  package let type: TypeHandle
  private let boardBytes: Int
  private unowned let vm: Interpreter
  /// By identity of the receiver, which its object keeps alive.
  private var shared: [ObjectIdentifier: RootedValue] = [:]

  init(_ type: TypeHandle, boardBytes: Int, _ vm: Interpreter) {
    self.type = type
    self.boardBytes = boardBytes
    self.vm = vm
  }

  /// A new object.
  /// - Parameter boardBytes: if it takes another number of them than the other objects of its class.
  package func make(_ receiver: Receiver, boardBytes: Int? = nil) -> Value {
    vm.heap.native(type, receiver, boardBytes: boardBytes ?? self.boardBytes)
  }

  /// The object that stands for `receiver` whenever firmware asks.
  package func shared(for receiver: Receiver) -> Value { shared(for: receiver) { receiver } }

  /// The object that stands for a part whenever firmware asks.
  /// - Parameter make: makes the object's receiver, which keeps the part alive.
  package func shared(for part: AnyObject, _ make: () -> Receiver) -> Value {
    if let known = shared[ObjectIdentifier(part)] { return known.value }
    let value = self.make(make())
    shared[ObjectIdentifier(part)] = RootedValue(value, in: vm.heap)
    return value
  }

  /// Returns the receiver of an object; nil for an object of another class. Objects of firmware's subclasses
  /// count.
  package func receiver(ifAny value: Value) -> Receiver? {
    let native = vm.native(of: value)
    guard let object = NativeHandle(native), vm.isInstance(native, of: type) else { return nil }
    // Invariant: every object of the type was made by `make`.
    return unsafeDowncast(object.payload, to: Receiver.self)
  }

  /// Returns the receiver of a method call's object.
  @inline(__always) package func receiver(of value: Value) throws(Raised) -> Receiver {
    if value.isObject, value.header.pointee.type == type.pointer {
      // Invariant: every object of the type is a native one that `make` has made.
      return unsafeDowncast(NativeHandle(unchecked: value).payload, to: Receiver.self)
    }
    if let receiver = receiver(ifAny: value) { return receiver }
    throw vm.wrongReceiver()
  }

  /// Returns the receiver of an object that is an argument.
  package func argument(_ value: Value) throws(Raised) -> Receiver {
    if let receiver = receiver(ifAny: value) { return receiver }
    throw vm.error(.typeError, "argument should be a '\(type.name)' not a '\(vm.type(of: value).name)'")
  }
}
