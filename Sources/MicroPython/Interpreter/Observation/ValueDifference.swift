/// The place at which two long values differ, for the report of an assertion that compared them.
enum ValueDifference {
  /// Characters of text, or bytes, that are shown of each.
  private static let shown = 40

  /// - Returns: nil for values of which nothing better can be said than that they differ.
  static func text(_ left: Value, _ right: Value, _ vm: Interpreter) throws(Raised) -> String? {
    if let left = StringHandle(left), let right = StringHandle(right) {
      let (ours, theirs) = (Array(left.text.unicodeScalars), Array(right.text.unicodeScalars))
      return text(of: ours, theirs, "characters") { String(String.UnicodeScalarView($0)).debugDescription }
    }
    if let left = BytesHandle(left), let right = BytesHandle(right) {
      return text(of: Array(left.bytes), Array(right.bytes), "bytes") { part in
        part.map { $0.hexadecimal(digits: 2) }.joined(separator: " ")
      }
    }
    guard let (ours, theirs) = items(left, right) else { return nil }
    for (index, (our, their)) in zip(ours, theirs).enumerated() {
      if try vm.isTrue(vm.compare(.equal, our, their)) { continue }
      return "item \(index) is \(try brief(our, vm)) and \(try brief(their, vm))"
    }
    return "they have \(ours.count) and \(theirs.count) items"
  }

  /// Those of two lists, or of two tuples.
  private static func items(_ left: Value, _ right: Value) -> ([Value], [Value])? {
    if let left = ListHandle(left), let right = ListHandle(right) {
      return (Array(left.items), Array(right.items))
    }
    if let left = TupleHandle(left), let right = TupleHandle(right) {
      return (Array(left.items), Array(right.items))
    }
    return nil
  }

  private static func brief(_ value: Value, _ vm: Interpreter) throws(Raised) -> String {
    let bytes = try vm.text(of: value, .repr)
    return String(decoding: bytes.prefix(2 * shown), as: UTF8.self) + (bytes.count > 2 * shown ? "…" : "")
  }

  private static func text<Element: Equatable>(
    of left: [Element], _ right: [Element], _ unit: String, _ write: ([Element]) -> String
  ) -> String {
    guard let place = zip(left, right).enumerated().first(where: { $0.element.0 != $0.element.1 })?.offset
    else { return "they have \(left.count) and \(right.count) \(unit)" }
    func part(_ whole: [Element]) -> String {
      write(Array(whole[max(0, place - shown / 4)..<min(whole.count, place + shown)]))
    }
    return "from \(max(0, place - shown / 4)) on \(part(left)) and \(part(right))"
  }
}
