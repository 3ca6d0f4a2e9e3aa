import MicroPython

/// Settings of `network` and `pyb.country`.
final class NetworkSettings {
  private var countryCode = "XX"
  private var hostName = "mpy-stm32"

  /// - Returns: the code, or nil when it was set.
  func country(_ code: String?) throws(PythonError) -> String? {
    guard let code else { return countryCode }
    guard code.utf8.count == 2 else { throw .value("") }
    countryCode = code
    return nil
  }

  /// - Returns: the name, or nil when it was set.
  func hostName(_ name: String?) throws(PythonError) -> String? {
    guard let name else { return hostName }
    guard name.utf8.count <= 32 else { throw .value("") }
    hostName = name
    return nil
  }
}

/// `network` of a board without an interface (extmod/modnetwork.c): its settings and no class of an interface.
enum NetworkModule: PythonModule {
  static let name = "network"

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    let settings = module.host.network
    module.function("country", .optional("code", .string)) { _, code in try settings.country(code) }
    module.function("hostname", .optional("name", .string)) { _, name in try settings.hostName(name) }
    module.function("route") { _ in PythonList([]) }
    module.constants(["STA_IF": 0, "AP_IF": 1])
  }
}
