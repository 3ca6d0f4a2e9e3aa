/// A module: a name and its globals.
package struct ModuleObject {
  var header: ObjectHeader
  var globals: UnsafeMutablePointer<DictObject>
}

package struct ModuleHandle: ObjectHandle {
  package typealias Layout = ModuleObject
  package static let kind = ObjectKind.module
  package let pointer: UnsafeMutablePointer<ModuleObject>
  @inline(__always) package init(pointer: UnsafeMutablePointer<ModuleObject>) { self.pointer = pointer }
  package var globals: DictHandle { DictHandle(pointer: pointer.pointee.globals) }
}
