/// `errno`
enum ErrnoModule: PythonModule {
  static let name = "errno"
  static let aliases = ["uerrno"]

  static func define(_ module: PythonModuleBuilder<Interpreter>) {
    let heap = module.vm.heap
    let names = heap.dict(ordered: true)
    for number in ErrorNumber.allCases {
      module.constant(number.name, number.rawValue)
      names.insertNew(
        Value(smallInt: number.rawValue), hash: number.rawValue, value: heap.intern(number.name),
        isInterned: false, in: heap)
    }
    // A plain dict that keeps its order, in the board's ROM.
    names.header.pointee.type = heap.types.dict.pointer
    names.isLocked = true
    module.constant("errorcode", names.value)
  }
}
