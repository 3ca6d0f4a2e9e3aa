import Glibc

/// A device file that may not be opened, and its owner and group, which may.
public struct DeviceOwner: Sendable, Hashable {
  public var path: String
  public var user: String
  public var group: String
  /// The permission bits.
  public var mode: UInt32

  public init(path: String, user: String, group: String, mode: UInt32) {
    self.path = path
    self.user = user
    self.group = group
    self.mode = mode
  }

  /// Asks the system about a device file.
  init(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      self.init(path: path, user: "?", group: "?", mode: 0)
      return
    }
    let user = getpwuid(status.st_uid).map { String(cString: $0.pointee.pw_name) }
    let group = getgrgid(status.st_gid).map { String(cString: $0.pointee.gr_name) }
    self.init(
      path: path, user: user ?? "\(status.st_uid)", group: group ?? "\(status.st_gid)",
      mode: UInt32(status.st_mode) & 0o777)
  }

  var advice: String {
    let what = "no permission to open \(path), which belongs to user \(user) and group \(group)"
    guard mode & 0o060 == 0o060, group != "root" else {
      return what
        + " (mode \(String(mode, radix: 8))), and not even the group may: run as root, or give the device to a "
        + "group with a udev rule"
    }
    return what + ": join the group with \"sudo usermod -aG \(group) $USER\" and log in again"
  }
}
