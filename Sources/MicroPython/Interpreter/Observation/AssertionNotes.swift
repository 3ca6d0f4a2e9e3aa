/// Remembers what the assertion that failed last compared, so that a test's report can show the values.
///
/// Code of the files that it covers hands the operands of its assertions over; the comparisons, and the text
/// of `AssertionError`, stay as they are.
package final class AssertionNotes {
  /// The comparison of an assertion that did not hold.
  package struct Note: Sendable, Hashable {
    package var file: String
    package var line: Int
    /// As it would read with the values in it: `3 == 4`.
    package var text: String
    /// The place at which two long values that should have been equal differ.
    package var difference: String?
  }

  /// No name that source text can hold.
  static let functionName = "<assert>"
  private static let longestValue = 2000

  package private(set) var last: Note?
  let covers: (String) -> Bool

  /// - Parameter covers: which source files, by the names that tracebacks give them.
  package init(covers: @escaping (String) -> Bool) { self.covers = covers }

  func install(in vm: Interpreter) {
    let function = vm.uncountedFunction(Self.functionName, 1...3) {
      [unowned self] (vm, args) throws(Raised) in
      switch args.count {
      case 1:
        let holds = try vm.isTrue(args[0])
        if !holds { try note(vm) { (text) throws(Raised) in try text.add(args[0], vm) } }
        return Value(holds)
      case 2:
        let holds = try !vm.isTrue(args[0])
        if !holds {
          try note(vm) { (text) throws(Raised) in
            text.text += "not "
            try text.add(args[0], vm)
          }
        }
        return Value(holds)
      default:
        guard let operation = ComparisonOperator(rawValue: UInt8(truncatingIfNeeded: args[2].smallInt)) else {
          return .false
        }
        let holds = try Self.compare(args[0], operation, args[1], vm)
        if !holds {
          try note(vm) { (text) throws(Raised) in
            try text.add(args[0], operation, args[1], vm)
          }
        }
        return Value(holds)
      }
    }
    vm.builtins.set(interned: vm.heap.intern(Self.functionName), to: function, in: vm.heap)
  }

  private static func compare(
    _ left: Value, _ operation: ComparisonOperator, _ right: Value, _ vm: Interpreter
  ) throws(Raised) -> Bool {
    switch operation {
    case .is: return left == right
    case .isNot: return left != right
    case .in: return try vm.contains(right, left)
    case .notIn: return try !vm.contains(right, left)
    default:
      return try vm.isTrue(vm.compare(Interpreter.comparison(operation.opcode, from: .less), left, right))
    }
  }

  private struct NoteText {
    var text = ""
    var difference: String?
    /// Bytes of a value that are shown.
    private var longest = longestValue
    /// Of values whose difference is told.
    private static let brief = 200

    mutating func add(_ value: Value, _ vm: Interpreter) throws(Raised) {
      add(try vm.text(of: value, .repr))
    }

    mutating func add(
      _ left: Value, _ operation: ComparisonOperator, _ right: Value, _ vm: Interpreter
    ) throws(Raised) {
      let (ours, theirs) = (try vm.text(of: left, .repr), try vm.text(of: right, .repr))
      if operation == .equal, max(ours.count, theirs.count) > Self.brief {
        difference = try ValueDifference.text(left, right, vm)
        if difference != nil { longest = Self.brief }
      }
      add(ours)
      text += " \(operation.symbol) "
      add(theirs)
    }

    private mutating func add(_ bytes: [UInt8]) {
      text += String(decoding: bytes.prefix(longest), as: UTF8.self)
      if bytes.count > longest { text += "… (\(bytes.count) bytes)" }
    }
  }

  private func note(
    _ vm: Interpreter, _ write: (inout NoteText) throws(Raised) -> Void
  ) throws(Raised) {
    guard let place = vm.callSite.place else { return }
    var text = NoteText()
    do throws(Raised) { try write(&text) } catch {
      // A `__repr__` that raises is no reason for the assertion to raise something else, unless the run ends.
      if vm.isHalted { throw error }
      return
    }
    last = Note(file: place.file, line: place.line, text: text.text, difference: text.difference)
  }
}

extension ComparisonOperator {
  fileprivate var symbol: String {
    switch self {
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    case .equal: "=="
    case .notEqual: "!="
    case .is: "is"
    case .isNot: "is not"
    case .in: "in"
    case .notIn: "not in"
    }
  }
}
