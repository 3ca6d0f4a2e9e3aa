/// A line of firmware in Swift: where a task was made or awaits something, where a part of the board was set
/// up. Costs a few stores; a text is made of it only when there is something to report.
@usableFromInline
package struct SourceLine: Sendable {
  /// Module and file, as `#fileID` has it.
  @usableFromInline package let file: StaticString
  @usableFromInline package let line: UInt32

  @inlinable @inline(__always) package init(_ file: StaticString, _ line: UInt) {
    self.file = file
    self.line = UInt32(truncatingIfNeeded: line)
  }

  /// Whether it is firmware's own, and not of a driver or a primitive that firmware uses.
  package var isFirmwares: Bool {
    let file = "\(file)"
    return !file.hasPrefix("Asyncio/") && !file.hasPrefix("Drivers/")
  }

  package func place(task: String = "") -> Diagnostic.Place {
    Diagnostic.Place(file: "\(file)", line: Int(line), task: task.isEmpty ? nil : task)
  }
}
