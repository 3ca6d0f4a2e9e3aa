/// `errno`
extension Interpreter {
  func addErrnoModule() {
    addModule("errno") { [unowned self] module in
      let names = heap.dict(ordered: true)
      for number in ErrorNumber.allCases {
        module.attribute(number.name, Value(smallInt: number.rawValue))
        names.insertNew(
          Value(smallInt: number.rawValue), hash: number.rawValue, value: heap.intern(number.name),
          isInterned: false, in: heap)
      }
      // A plain dict that keeps its order, in the board's ROM.
      names.header.pointee.type = heap.types.dict.pointer
      names.isLocked = true
      module.attribute("errorcode", names.value)
    }
  }
}
