import Diagnostics

/// A line of firmware in Swift: where a task was made or awaits something. Costs a few stores; a text is made of it only
/// when there is something to tell.
@usableFromInline
struct SourceLine: Sendable {
  /// Module and file, as `#fileID` has it.
  @usableFromInline let file: StaticString
  @usableFromInline let line: UInt32

  @inlinable @inline(__always) init(_ file: StaticString, _ line: UInt) {
    self.file = file
    self.line = UInt32(truncatingIfNeeded: line)
  }

  func place(task: String) -> Diagnostic.Place {
    Diagnostic.Place(file: "\(file)", line: Int(line), task: task.isEmpty ? nil : task)
  }
}
