import Glibc
import Machine

/// Why pins cannot be GPIO lines of this machine, or one of them not what the firmware asked for.
public enum GPIOError: Error, Hashable, CustomStringConvertible {
  case noLibrary
  /// The board file has no `gpio:`.
  case boardHasNoLines(board: String)
  case noChips
  /// - Parameter available: as `gpiochip0 [pinctrl-bcm2711]`.
  case noSuchChip(wanted: [String], available: [String])
  case noPermission(DeviceOwner)
  case chipUnusable(path: String, SystemError)
  case noSuchLine(pin: String, names: [String], chip: String, available: String)
  case lineInUse(line: String, consumer: String)
  /// - Parameter feature: the feature that was asked for: `a pull-up`.
  case unsupported(line: String, feature: String, advice: String, SystemError)
  case lineFailed(line: String, SystemError)
  case chipGone(chip: String)

  public var description: String {
    switch self {
    case .noLibrary:
      "libgpiod is not installed (looked for libgpiod.so.3 and libgpiod.so.2): install it with "
        + "\"sudo apt install libgpiod3\" (Debian 13, Raspberry Pi OS) or \"sudo apt install libgpiod2\" (Debian 12)"
    case .boardHasNoLines(let board):
      "the board file of \(board) does not say which lines its pins are (gpio:): use --board raspberry-pi, or a "
        + "board file of your own"
    case .noChips:
      "this machine has no GPIO chip: there is no /dev/gpiochip0. On a Raspberry Pi the kernel makes it; a container "
        + "or a virtual machine has to be given it"
    case .noSuchChip(let wanted, let available):
      "no GPIO chip is called \(Self.alternatives(wanted)); there is \(available.joined(separator: ", ")). Name one with "
        + "--chip"
    case .noPermission(let owner): owner.advice
    case .chipUnusable(let path, let error): "\(path) cannot be opened: \(error)"
    case .noSuchLine(let pin, let names, let chip, let available):
      "\(pin): \(chip) has no line called \(Self.alternatives(names)); it has \(available)"
    case .lineInUse(let line, let consumer):
      "\(line) is in use by \(consumer.isEmpty ? "the kernel or another program" : "\"\(consumer)\""): end that, or use "
        + "another pin (vpyboard gpio shows which are free)"
    case .unsupported(let line, let feature, let advice, let error):
      "\(line) cannot have \(feature) (\(error)): \(advice)"
    case .lineFailed(let line, let error): "\(line): \(error)"
    case .chipGone(let chip): "\(chip) has gone away"
    }
  }

  /// For Python's `OSError`.
  var errorNumber: Int32 {
    switch self {
    case .noLibrary, .boardHasNoLines, .noChips, .noSuchChip, .noSuchLine: ENOENT
    case .noPermission: EACCES
    case .lineInUse: EBUSY
    case .unsupported: ENOTSUP
    case .chipGone: ENODEV
    case .chipUnusable(_, let error), .lineFailed(_, let error): error.number
    }
  }

  private static func alternatives(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " or " + last
  }
}
