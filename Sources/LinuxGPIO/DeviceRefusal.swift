import Glibc
import Machine

/// The words for what the kernel says about a device of this machine that a board file names, most of which mean the same for each:
/// why it cannot be had, and what to do.
struct DeviceRefusal {
  let path: String
  /// `I2C bus`.
  let kind: String
  /// Advice for a machine that has none.
  let remedy: String
  /// The key of the board file that names another one.
  let key: String
  /// Whose owner decides who may use it; nil for the device itself.
  var ownedFile: String?
  /// The user that has it, and how to end that; nil where that cannot be.
  var whenBusy: String?
  /// The set-up that the device cannot have; nil where that cannot be.
  var whenUnfit: String?
  /// The kind that a file should have been, `an SPI bus`; nil where that cannot be.
  var whenOther: String?
  /// In front of the kernel's own words.
  var verb = " cannot be opened"

  /// - Parameter number: `errno`.
  func error(_ number: Int32) -> HostPinError {
    HostPinError(errorNumber: number, text(number))
  }

  private func text(_ number: Int32) -> String {
    switch number {
    case ENOENT, ENODEV, ENXIO:
      return "this machine has no \(kind) \(path): \(remedy), or name another one in the board file (\(key):)"
    case EACCES, EPERM: return DeviceOwner(of: ownedFile ?? path).advice
    case EBUSY:
      if let whenBusy { return "\(path) is in use: \(whenBusy)" }
    case ENOTTY:
      if let whenOther { return "\(path) is not \(whenOther)" }
    case EINVAL:
      if let whenUnfit { return "\(path) cannot have \(whenUnfit)" }
    default: break
    }
    return "\(path)\(verb): \(SystemError(number: number))"
  }
}
