/// A module written in Python that comes with the firmware.
struct FrozenModule {
  /// How tracebacks name it: `asyncio/core.py`.
  var path: String
  var isPackage: Bool
  var source: () -> [UInt8]

  /// The value of a package's `__path__`.
  var folder: String { ".frozen/" + path.prefix { $0 != "/" } }
}

extension Interpreter {
  /// Adds a module that is written in Python and comes with the firmware; `path` is how tracebacks name it. The source
  /// is asked for when the module is imported.
  package func addFrozenModule(
    _ name: String, path: String, isPackage: Bool, source: @autoclosure @escaping () -> [UInt8]
  ) {
    frozenModules[name] = FrozenModule(path: path, isPackage: isPackage, source: source)
  }

  func frozenModule(_ name: String) -> FrozenModule? { frozenModules[moduleAliases[name] ?? name] }

  /// Whether an entry of `sys.path`, or the path of a package, stands for the modules that come with the
  /// firmware.
  func isFrozen(_ directory: String) -> Bool { directory == ".frozen" || directory.hasPrefix(".frozen/") }

  /// Returns the folder in which the board's files may add modules to a frozen package: the folder of its
  /// name.
  func folder(beside frozenFolder: String) -> String { String(frozenFolder.dropFirst(".frozen/".count)) }

  /// - Parameter insteadOfFrozen: whether a frozen module has the same name. Then a folder that is no package does not
  ///   count: it only adds to the frozen one.
  func findSource(_ path: String, insteadOfFrozen: Bool, onBoardOnly: Bool) throws(Raised) -> FoundSource? {
    guard let found = try sourceFinder?.find(path, onBoardOnly: onBoardOnly) else { return nil }
    if insteadOfFrozen, case .package(_, initFile: nil) = found {
      return nil
    }
    return found
  }
}
