/// A Python function: code together with its closure.
package struct FunctionObject {
  var header: ObjectHeader
  var code: UnsafeMutablePointer<CodeObject>
  var globals: UnsafeMutablePointer<DictObject>
  /// Tuple of defaults of the last positional parameters, or unbound.
  var defaults: Value
  /// Dict of defaults of keyword-only parameters, or unbound.
  var keywordDefaults: Value
  /// Tuple of closure cells, or unbound.
  var closure: Value
}

package struct FunctionHandle: ObjectHandle {
  package typealias Layout = FunctionObject
  package static let kind = ObjectKind.function
  package let pointer: UnsafeMutablePointer<FunctionObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<FunctionObject>) { self.pointer = pointer }
  package var code: CodeHandle { CodeHandle(pointer: pointer.pointee.code) }
  package var globals: DictHandle { DictHandle(pointer: pointer.pointee.globals) }
  /// Whether calling it makes a coroutine.
  package var isCoroutineFunction: Bool {
    pointer.pointee.code.pointee.flags.contains(.coroutine)
  }
}

/// A method together with its receiver.
package struct BoundMethodObject {
  var header: ObjectHeader
  var function: Value
  var receiver: Value
}

package struct BoundMethodHandle: ObjectHandle {
  package typealias Layout = BoundMethodObject
  package static let kind = ObjectKind.boundMethod
  package let pointer: UnsafeMutablePointer<BoundMethodObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<BoundMethodObject>) { self.pointer = pointer }
  @inline(__always) package var function: Value { pointer.pointee.function }
  @inline(__always) package var receiver: Value { pointer.pointee.receiver }
}

/// A variable shared between a function and the functions inside it.
package struct CellObject {
  var header: ObjectHeader
  var content: Value
}

/// `staticmethod`, `classmethod`, `property` and `super`: a type around up to three values.
package struct WrapperObject {
  var header: ObjectHeader
  var first: Value
  var second: Value
  var third: Value
}

package struct WrapperHandle: ObjectHandle {
  package typealias Layout = WrapperObject
  package static let kind = ObjectKind.wrapper
  package let pointer: UnsafeMutablePointer<WrapperObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<WrapperObject>) { self.pointer = pointer }
  package var first: Value { pointer.pointee.first }
  package var second: Value { pointer.pointee.second }
  package var third: Value { pointer.pointee.third }
}

/// Generators and coroutines: a suspended frame whose registers follow the fixed part.
package struct GeneratorObject {
  enum State: UInt8 { case created, suspended, running, finished }

  var header: ObjectHeader
  var state: State
  /// Kept here because the code may be freed in the same sweep.
  var registerCount: Int
  var code: UnsafeMutablePointer<CodeObject>
  var globals: UnsafeMutablePointer<DictObject>
  var closure: Value
  /// The instruction at which to go on: the one after the `yieldValue`, or the `yieldFrom`/`await` itself.
  var resumePoint: UnsafePointer<Instruction>
  /// The value of `return`, until it is taken.
  var result: Value
  /// Suspended at a `yieldFrom` or `await`, whose iterator is in its register.
  var isDelegating = false
  /// The exception that `pend_throw` has left to be raised at the next resume, or unbound.
  var pendingException = Value.unbound
  /// The place at which a coroutine was made, for diagnostics; `none` for other generators.
  var createdAt = CallSite.none
}

package struct GeneratorHandle: ObjectHandle {
  package typealias Layout = GeneratorObject
  package static let kind = ObjectKind.generator
  package let pointer: UnsafeMutablePointer<GeneratorObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<GeneratorObject>) { self.pointer = pointer }
  @inline(__always) var registers: UnsafeMutablePointer<Value> {
    UnsafeMutableRawPointer(pointer + 1).assumingMemoryBound(to: Value.self)
  }
  package var isFinished: Bool { pointer.pointee.state == .finished }
  package var isRunning: Bool { pointer.pointee.state == .running }
  /// Never started: a coroutine dropped in this state was never awaited.
  package var isCreated: Bool { pointer.pointee.state == .created }
  /// A coroutine that has not begun and that no task was made of.
  var isNeverAwaited: Bool {
    isCreated && pointer.pointee.createdAt != .none && header.pointee.flags & ObjectHeader.taskFlag == 0
  }
  /// The place at which a coroutine was made.
  package var createdAt: CallSite { pointer.pointee.createdAt }
  /// Whether a task runs it.
  package var belongsToTask: Bool { header.pointee.flags & ObjectHeader.taskFlag != 0 }
  /// Notes that a task runs it.
  package func giveToTask() { header.pointee.flags |= ObjectHeader.taskFlag }
  package var code: CodeHandle { CodeHandle(pointer: pointer.pointee.code) }
}
