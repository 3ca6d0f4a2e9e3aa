/// Finds kinds of device that are no Swift types: those that files describe.
public protocol DeviceFinder: Sendable {
  /// - Parameter name: as a wiring has it, a path for example.
  /// - Returns: `nil` for a name that is not of the finder's sort.
  /// - Throws: an error in the device that the name stands for.
  func find(_ name: String) throws(DeviceError) -> FoundDevice?
}

/// A kind of device and how one is made.
public struct FoundDevice {
  public let kind: DeviceKind
  public let make: (DeviceSite) throws(DeviceError) -> any Device

  public init(_ kind: DeviceKind, make: @escaping (DeviceSite) throws(DeviceError) -> any Device) {
    self.kind = kind
    self.make = make
  }
}

extension DeviceRegistry {
  /// - Returns: `nil` when there is no such kind.
  /// - Throws: an error in the file that the name stands for.
  public func find(_ name: String) throws(DeviceError) -> FoundDevice? {
    if let type = type(named: name) {
      return FoundDevice(type.kind) { (site) throws(DeviceError) in try type.init(site) }
    }
    for finder in finders {
      if let found = try finder.find(name) { return found }
    }
    return nil
  }

  /// These kinds, and those that a finder knows.
  public func adding(_ finder: any DeviceFinder) -> DeviceRegistry {
    DeviceRegistry(types: types, finders: finders + [finder])
  }
}
