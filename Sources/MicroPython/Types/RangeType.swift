/// `range`. A Pyboard's build has no `==` for ranges beyond identity.
enum RangeType {
  static func install(in vm: Interpreter) {
    let info = vm.heap.types.range.info
    info.make = make
    info.print = print
    info.unary = unary
    info.binary = binary
    info.getItem = getItem
    info.getAttribute = getAttribute
    info.iterate = { (vm, value) throws(Raised) in
      let range = RangeHandle(unchecked: value)
      return vm.heap.rangeIterator(range.start, range.stop, range.step)
    }
  }

  private static func make(_ vm: Interpreter, _ type: TypeHandle, _ arguments: Arguments) throws(Raised)
    -> Value
  {
    try vm.require(arguments, 1...3)
    if arguments.count == 1 { return vm.heap.range(0, try vm.int(arguments[0]), 1) }
    let start = try vm.int(arguments[0])
    let stop = try vm.int(arguments[1])
    let step = arguments.count > 2 ? try vm.int(arguments[2]) : 1
    if step == 0 { throw vm.error(.valueError, "zero step") }
    return vm.heap.range(start, stop, step)
  }

  static func count(_ range: RangeHandle) -> Int {
    let span = range.stop - range.start
    let count = (span + range.step - range.step.signum()) / range.step
    return max(0, count)
  }

  private static func print(
    _ vm: Interpreter, _ value: Value, _ style: PrintStyle, _ output: inout TextOutput
  ) throws(Raised) {
    let range = RangeHandle(unchecked: value)
    output.write("range(\(range.start), \(range.stop)")
    output.write(range.step == 1 ? ")" : ", \(range.step))")
  }

  private static func unary(_ vm: Interpreter, _ operation: UnaryOperation, _ value: Value) throws(Raised)
    -> Value
  {
    let count = count(RangeHandle(unchecked: value))
    switch operation {
    case .bool: return Value(count > 0)
    case .length: return vm.heap.int(count)
    default: return .unbound
    }
  }

  private static func binary(
    _ vm: Interpreter, _ operation: BinaryOperation, _ left: Value, _ right: Value
  ) throws(Raised) -> Value {
    // Walking a range to find an integer in it gives the same answer.
    guard operation == .contains, right.isSmallInt else { return .unbound }
    let range = RangeHandle(unchecked: left)
    let (distance, remainder) = (right.smallInt &- range.start).quotientAndRemainder(dividingBy: range.step)
    return Value(remainder == 0 && distance >= 0 && distance < count(range))
  }

  private static func getItem(_ vm: Interpreter, _ value: Value, _ index: Value) throws(Raised) -> Value {
    let range = RangeHandle(unchecked: value)
    let count = count(range)
    if let slice = SliceHandle(index) {
      let bounds = try vm.bounds(of: slice, count: count)
      let (step, overflow) = range.step.multipliedReportingOverflow(by: bounds.step)
      // Sums of bounds must not overflow.
      guard !overflow, step.magnitude < 1 << 60 else {
        throw vm.error(.overflowError, "overflow converting long int to machine word")
      }
      return vm.heap.range(
        range.start + bounds.start * range.step, range.start + bounds.stop * range.step, step)
    }
    return vm.heap.int(range.start + (try vm.position(index, in: value, count: count)) * range.step)
  }

  private static func getAttribute(_ vm: Interpreter, _ value: Value, _ name: Value) throws(Raised) -> Value {
    let range = RangeHandle(unchecked: value)
    switch StringHandle(unchecked: name).text {
    case "start": return vm.heap.int(range.start)
    case "stop": return vm.heap.int(range.stop)
    case "step": return vm.heap.int(range.step)
    default: return .unbound
    }
  }
}
