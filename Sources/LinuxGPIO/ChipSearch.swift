import Glibc
import Machine

/// Finds chips by label, by name, by device file; never by a fixed number.
struct ChipSearch {
  let library: any GPIOLibrary

  /// Opens the chips that can be opened, and returns the error of the first one that cannot.
  func openAll() throws(GPIOError) -> (chips: [any GPIOChip], failure: GPIOError?) {
    guard library.version != nil else { throw .noLibrary }
    let paths = library.chipPaths()
    guard !paths.isEmpty else { throw .noChips }
    var chips: [any GPIOChip] = []
    var failure: GPIOError?
    for path in paths {
      do throws(GPIOError) { chips.append(try open(path)) } catch { failure = failure ?? error }
    }
    return (chips, failure)
  }

  /// The first chip that has one of these labels, the earlier label first.
  func find(labels: [String]) throws(GPIOError) -> any GPIOChip {
    let (chips, failure) = try openAll()
    for label in labels {
      if let chip = chips.first(where: { $0.label == label }) { return chip }
    }
    // One that may not be opened is most likely the one that was meant.
    if let failure { throw failure }
    throw .noSuchChip(wanted: labels, available: chips.map(Self.title))
  }

  /// The chip that `--chip` names.
  func find(_ name: String) throws(GPIOError) -> any GPIOChip {
    guard library.version != nil else { throw .noLibrary }
    if name.contains("/") { return try open(name) }
    let (chips, failure) = try openAll()
    if let chip = chips.first(where: { $0.name == name || $0.label == name }) { return chip }
    if let failure { throw failure }
    throw .noSuchChip(wanted: [name], available: chips.map(Self.title))
  }

  static func title(_ chip: any GPIOChip) -> String { "\(chip.name) [\(chip.label)]" }

  private func open(_ path: String) throws(GPIOError) -> any GPIOChip {
    do throws(SystemError) {
      return try library.open(path)
    } catch {
      switch error.number {
      case EACCES, EPERM: throw .noPermission(DeviceOwner(of: path))
      default: throw .chipUnusable(path: path, error)
      }
    }
  }
}
