/// Loaded code: `CompiledCode` with its names interned, constants made into values and costs filled in.
package struct CodeObject {
  var header: ObjectHeader
  var instructions: UnsafeMutablePointer<Instruction>
  var instructionCount: Int
  var constants: UnsafeMutablePointer<Value>
  var constantCount: Int
  /// Interned strings.
  var names: UnsafeMutablePointer<Value>
  var nameCount: Int
  var caches: UnsafeMutablePointer<InlineCache>
  var cacheCount: Int
  /// Code objects of nested functions.
  var children: UnsafeMutablePointer<Value>
  var childCount: Int
  var registerCount: Int
  /// Positional parameters when nothing else is to be filled in (no starred or keyword-only ones), else -1.
  var simpleArgumentCount: Int
  /// The same for generator functions too, whose calls push no frame.
  var plainArgumentCount: Int
  /// Parameters of any kind; they have the first registers.
  var parameterCount: Int
  var flags: CompiledCode.Flags
  /// Everything that only errors and unusual calls need.
  var details: Unmanaged<CodeDetails>
}

/// The rarely used parts of loaded code.
final class CodeDetails {
  let name: Value
  let file: String
  let compiled: CompiledCode
  /// Interned names of the parameters, in register order.
  let parameterNames: [Value]
  /// See `Heap.noteExcess`.
  let excess: Int

  init(name: Value, compiled: CompiledCode, parameterNames: [Value], excess: Int) {
    self.name = name
    self.excess = excess
    self.file = compiled.file
    self.compiled = compiled
    self.parameterNames = parameterNames
  }

  /// The source line of an instruction.
  func line(ofInstruction index: Int) -> Int {
    var line = compiled.firstLine
    for entry in compiled.lines {
      if entry.instruction > index { break }
      line = entry.line
    }
    return line
  }
}

package struct CodeHandle: ObjectHandle {
  package typealias Layout = CodeObject
  package static let kind = ObjectKind.code
  package let pointer: UnsafeMutablePointer<CodeObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<CodeObject>) { self.pointer = pointer }
  var details: CodeDetails { pointer.pointee.details.takeUnretainedValue() }
  package var name: String { details.compiled.name }
  package var file: String { details.file }
  package var firstLine: Int { details.compiled.firstLine }
  /// Whether it is a coroutine function that does nothing.
  package var isEmptyCoroutine: Bool {
    details.compiled.instructions.map(\.opcode) == [.generatorStart, .returnNone]
  }
}

/// Remembers where a global or attribute was found the last time; every use verifies that it still holds.
struct InlineCache {
  /// The kind of the remembered place.
  enum Place: UInt8 { case none, newSlot, method, classValue, builtin }

  var name: Value
  /// Shape of the instance, or type of the object, for which `place` was found.
  var shape: UnsafeRawPointer?
  /// Shape of the instance that has the attribute in `slot`: one comparison for the most frequent case.
  var slotShape: UnsafeRawPointer?
  /// Index of the instance slot or of the dictionary slot.
  var slot: Int
  /// The method or class attribute found.
  var value: Value
  /// For `newSlot`: the shape that the instance has once the attribute was added.
  var nextShape: UnsafeRawPointer?
  /// `Heap.typeVersion` when a class attribute was found (any change of a class outdates it), or the
  /// `keyVersion` of the globals in which a built-in was not shadowed.
  var version: UInt32
  var place: Place
  /// Makes a cache 64 bytes long, so that its number needs only a shift to find it.
  private let padding: UInt64 = 0

  init(name: Value) {
    self.name = name
    slot = 0
    value = .unbound
    version = 0
    place = .none
  }

  /// Forgets members that were found by the address of a shape or type.
  mutating func forgetShape() {
    slotShape = nil
    guard shape != nil else { return }
    shape = nil
    nextShape = nil
    place = .none
  }
}
