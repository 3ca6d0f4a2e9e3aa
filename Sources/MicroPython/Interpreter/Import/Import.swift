/// Finds the source of modules that firmware imports, on the board's file system.
package protocol SourceFinder: AnyObject {
  /// Returns the source at a path without suffix.
  /// - Parameter onBoardOnly: not in folders that only stand in for the board's files.
  func find(_ path: String, onBoardOnly: Bool) throws(Raised) -> FoundSource?
  /// The contents of a file, for `execfile`.
  func read(_ path: String) throws(Raised) -> [UInt8]
}

package enum FoundSource {
  case file(path: String, source: [UInt8])
  case package(path: String, initFile: (path: String, source: [UInt8])?)
  /// A `.mpy` file, which cannot run here.
  case precompiled(path: String)
}

/// `import`: names, search path, built-in, frozen and file modules.
extension Interpreter {
  func importModule(_ name: Value, fromList: Value, level: Int) throws(Raised) -> Value {
    let wanted = StringHandle(unchecked: name).text
    let importer = builtins.get(interned: heap.intern("__import__"))
    if importer != defaultImporter && !importer.isUnbound {
      let frame = state.pointee.frame
      return try call(
        importer, name, DictHandle(pointer: frame.pointee.globals).value, .none, fromList,
        Value(smallInt: level))
    }
    return try importModule(
      wanted, globals: DictHandle(pointer: state.pointee.frame.pointee.globals),
      hasFromList: !fromList.isNone,
      level: level)
  }

  /// `import` and `__import__`: the top-level package, or with a from-list the module itself.
  package func importModule(
    _ name: String, globals: DictHandle, hasFromList: Bool, level: Int
  ) throws(Raised) -> Value {
    let absolute = try absoluteName(name, globals: globals, level: level)
    _ = try self.name(absolute.utf8)
    let parts = absolute.split(separator: ".").map(String.init)
    guard !parts.isEmpty else { throw error(.valueError) }
    var current = ""
    var parent: ModuleHandle?
    var top = Value.unbound
    for part in parts {
      current = current.isEmpty ? part : current + "." + part
      let module = try load(current, part, parent: parent)
      if top.isUnbound { top = module }
      parent = ModuleHandle(module)
      if parent == nil && current != absolute { throw importError(absolute) }
      if current == absolute { return hasFromList || level > 0 && name.isEmpty ? module : top }
    }
    return top
  }

  private func absoluteName(_ name: String, globals: DictHandle, level: Int) throws(Raised) -> String {
    guard level > 0 else { return name }
    // A module that runs as the main module keeps its own name beside.
    let real = globals.get(interned: heap.intern("__main__"))
    let own = real.isUnbound ? globals.get(interned: names.name) : real
    var parts = (StringHandle(own)?.text ?? "").split(separator: ".").map(String.init)
    let isPackage = !globals.get(interned: heap.intern("__path__")).isUnbound
    let drop = isPackage ? level - 1 : level
    guard drop < parts.count || (drop == parts.count && isPackage), !parts.isEmpty, parts != ["__main__"]
    else {
      throw error(.importError, "can't perform relative import")
    }
    parts.removeLast(drop)
    guard !parts.isEmpty else { throw error(.importError, "can't perform relative import") }
    return (parts + (name.isEmpty ? [] : [name])).joined(separator: ".")
  }

  private func importError(_ name: String) -> Raised { error(.importError, "no module named '\(name)'") }

  private func load(_ fullName: String, _ part: String, parent: ModuleHandle?) throws(Raised) -> Value {
    let key = heap.intern(fullName)
    // An empty search path means the built-in module, whatever was loaded by that name.
    let known = loadedModule(interned: key)
    if !known.isUnbound, searchPathValue.flatMap({ TupleHandle($0)?.count ?? ListHandle($0)?.count }) != 0 {
      return known
    }
    let isExtensible = parent == nil && isExtensibleModule(fullName)
    if parent == nil, !isExtensible, frozenModule(fullName) == nil, let module = try loadNative(fullName) {
      attach(module, part, to: parent)
      return module
    }
    let directories: [String]
    if let parent {
      let path = parent.globals.get(interned: heap.intern("__path__"))
      guard let text = StringHandle(path)?.text else { throw importError(fullName) }
      directories = isFrozen(text) ? [text, folder(beside: text)] : [text]
    } else {
      directories = searchPath()
    }
    for directory in directories {
      if isFrozen(directory) {
        guard !isExtensible, let module = try loadNative(fullName) else { continue }
        attach(module, part, to: parent)
        return module
      }
      let path = directory.isEmpty ? part : directory + "/" + part
      try passTime(importTime.search())
      guard
        let found = try findSource(
          path, insteadOfFrozen: frozenModule(fullName) != nil, onBoardOnly: isExtensible)
      else { continue }
      let module = try load(found, named: fullName)
      attach(module, part, to: parent)
      return module
    }
    if isExtensible, let module = try loadNative(fullName) { return module }
    if !known.isUnbound { return known }
    throw importError(fullName)
  }

  /// Built-in modules for which the board looks at its files first, so that firmware can put one of its own in front.
  /// The others, and those with a `u` before their name, are always the built-in ones.
  private func isExtensibleModule(_ name: String) -> Bool {
    switch name {
    case "array", "binascii", "collections", "errno", "hashlib", "heapq", "io", "json", "machine", "os",
      "platform", "random", "re", "select", "socket", "struct", "time":
      return moduleBuilders[name] != nil
    default: return false
    }
  }

  /// A module that stands in `sys.modules`, or else a built-in one that was imported.
  private func loadedModule(interned name: Value) -> Value {
    let loaded = modules.get(interned: name)
    return loaded.isUnbound ? builtInModules.get(interned: name) : loaded
  }

  private func attach(_ module: Value, _ name: String, to parent: ModuleHandle?) {
    parent?.globals.set(interned: heap.intern(name), to: module, in: heap)
  }

  private func searchPath() -> [String] {
    guard let path = searchPathValue else { return [""] }
    let items = TupleHandle(path).map { Array($0.items) } ?? ListHandle(path).map { Array($0.items) }
    return items?.compactMap { StringHandle($0)?.text } ?? [""]
  }

  /// `sys.path`, which firmware may have replaced by anything.
  private var searchPathValue: Value? {
    ModuleHandle(builtInModules.get(interned: heap.intern("sys")))?.globals.get(interned: heap.intern("path"))
  }

  private func loadNative(_ name: String) throws(Raised) -> Value? {
    let actual = moduleAliases[name] ?? name
    if let build = moduleBuilders[actual] {
      if let known = nativeModules[actual] { return known }
      // On the board it is in flash, so that a handler can import it.
      let depth = heap.lockDepth
      heap.lockDepth = 0
      defer { heap.lockDepth = depth }
      let module = heap.module(actual, isOrdered: true)
      nativeModules[actual] = module.value
      heap.permanentRoots.append(module.value)
      // Modules that are Python on a board stand in `sys.modules` there.
      let isPython = actual.hasPrefix("asyncio")
      (isPython ? modules : builtInModules).set(interned: heap.intern(name), to: module.value, in: heap)
      let origin = heap.nameOrigin
      heap.nameOrigin = .builtIn
      build(ModuleBuilder(vm: self, globals: module.globals))
      heap.nameOrigin = origin
      // Built-in modules are in flash.
      module.globals.isLocked = !isPython
      return module.value
    }
    let known = loadedModule(interned: heap.intern(actual))
    if !known.isUnbound { return known }
    guard let frozen = frozenModules[actual] else { return nil }
    return try execute(
      frozen.source(), path: frozen.path, as: actual, packagePath: frozen.isPackage ? frozen.folder : nil,
      isFrozen: true)
  }

  private func load(_ found: FoundSource, named name: String) throws(Raised) -> Value {
    switch found {
    case .precompiled(let path):
      throw error(
        .valueError,
        "\(path): .mpy files hold machine or byte code for a board and can't run here; use the .py file")
    case .file(let path, let source): return try execute(source, path: path, as: name, packagePath: nil)
    case .package(let path, let initFile):
      return try execute(initFile?.source ?? [], path: initFile?.path, as: name, packagePath: path)
    }
  }

  /// Compiles and runs a module's source. A module whose code fails is not kept.
  private func execute(
    _ source: [UInt8], path: String?, as name: String, packagePath: String?, isFrozen: Bool = false
  ) throws(Raised) -> Value {
    try passTime(importTime.compilation(bytes: source.count))
    let module = heap.module(name)
    if let packagePath {
      module.globals.set(interned: heap.intern("__path__"), to: heap.string(packagePath), in: heap)
    }
    // A package without an __init__.py has no file.
    if let path { module.globals.set(interned: names.file, to: heap.string(path), in: heap) }
    if name == mainModuleName {
      module.globals.set(interned: names.name, to: heap.intern("__main__"), in: heap)
      module.globals.set(interned: heap.intern("__main__"), to: heap.intern(name), in: heap)
    }
    modules.set(interned: heap.intern(name), to: module.value, in: heap)
    do throws(Raised) {
      isLoadingFrozenCode = isFrozen
      defer { isLoadingFrozenCode = false }
      let code = try compile(source, file: path ?? name)
      isLoadingFrozenCode = false
      _ = try callUnpinned(function(code, globals: module.globals), arguments: [])
    } catch {
      modules.remove(interned: heap.intern(name))
      throw error
    }
    return modules.get(interned: heap.intern(name))
  }

  func importAttribute(of module: Value, _ name: Value) throws(Raised) -> Value {
    if let value = try findAttribute(module, name) { return value }
    // `from package import submodule`: an error in the submodule is reported unchanged.
    if let handle = ModuleHandle(module), !handle.globals.get(interned: heap.intern("__path__")).isUnbound,
      let package = StringHandle(handle.globals.get(interned: names.name))?.text
    {
      let submodule = package + "." + StringHandle(unchecked: name).text
      return try importModule(heap.intern(submodule), fromList: .true, level: 0)
    }
    throw error(.importError, "can't import name \(StringHandle(unchecked: name).text)")
  }

  /// `from module import *`: names in `__all__`, otherwise every name that does not begin with an underscore.
  /// An entry of `sys.modules` need not be a module.
  func importAll(from module: Value) throws(Raised) {
    if let listed = try attributeIfAny(module, names.all) {
      for item in try collect(listed) {
        guard let name = StringHandle(item) else { throw error(.typeError) }
        let interned = heap.intern(name.bytes)
        try storeName(interned, getAttribute(module, interned))
      }
      return
    }
    guard let members = DictHandle(try getAttribute(module, names.attributes)) else { return }
    for entry in members.entries {
      guard let name = StringHandle(entry.key), name.utf8.first != UInt8(ascii: "_") else { continue }
      try storeName(name.isInterned ? entry.key : heap.intern(name.bytes), entry.value)
    }
  }
}
