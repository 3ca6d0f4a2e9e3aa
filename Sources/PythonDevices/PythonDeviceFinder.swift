import Devices
import Glibc
import Machine

/// Finds devices that are described in Python: a name that ends in `.py` is the path of a file with a class derived from
/// `device.Device`.
public struct PythonDeviceFinder: DeviceFinder {
  private let folders: [String]
  /// Whether their interpreters collect garbage at every allocation, to find faults of the emulator's own.
  private let collectsAlways: Bool

  /// - Parameter folders: in which a relative path is looked for first, in this order.
  public init(folders: [String] = [], collectsAlways: Bool = false) {
    self.folders = folders
    self.collectsAlways = collectsAlways
  }

  public func find(_ name: String) throws(DeviceError) -> FoundDevice? {
    guard name.hasSuffix(".py") else { return nil }
    let (name, collectsAlways) = (path(of: name), collectsAlways)
    var known: DeviceModel? = try DeviceModel(path: name, collectsAlways: collectsAlways)
    let kind = known?.description.kind ?? PythonDevice.kind
    return FoundDevice(kind) { (site) throws(DeviceError) in
      // Each device has an interpreter of its own, the first the one that has described the kind.
      let model =
        if let first = known.take() { first } else {
          try DeviceModel(path: name, collectsAlways: collectsAlways)
        }
      return kind.keys.isEmpty ? try PythonDevice(site, model) : try PythonI2CDevice(site, model)
    }
  }

  private func path(of name: String) -> String {
    guard !name.hasPrefix("/") else { return name }
    return folders.map { "\($0)/\(name)" }.first { access($0, F_OK) == 0 } ?? name
  }
}

extension DeviceRegistry {
  /// The kinds that there are, and devices in Python.
  public static let withPython = standard.adding(PythonDeviceFinder())

  /// The same; files are looked for in these folders first.
  public static func withPython(in folders: [String]) -> DeviceRegistry {
    standard.adding(PythonDeviceFinder(folders: folders))
  }

  /// The same, for a run that looks for faults of the collector's.
  public static let withPythonCollectingAlways = standard.adding(PythonDeviceFinder(collectsAlways: true))
}
