import MicroPython

/// The mounted file systems by path. A path belongs to the first entry that it begins with; one mounted on
/// `/` comes last.
///
/// Everything is asked of the mounted objects through their methods, because firmware can mount objects of its own.
final class MountTable {
  final class Mount {
    let path: String
    var object: Value { root.value }
    private let root: RootedValue

    init(path: String, object: Value, in heap: Heap) {
      self.path = path
      root = RootedValue(object, in: heap)
    }
    var isRoot: Bool { path.utf8.count == 1 }
  }

  /// The destination of a path.
  enum Place {
    /// To `/` itself, which lists the mounts.
    case root
    /// To nothing that is mounted.
    case nowhere
    /// Into a file system, whose own path follows.
    case inside(Mount, String)
  }

  private(set) var mounts: [Mount] = []
  /// The file system with the current directory; nil at `/`.
  private(set) var current: Mount?

  func place(of path: String) -> Place {
    if !path.hasPrefix("/"), let current { return .inside(current, path) }
    let inner = path.hasPrefix("/") ? path.dropFirst() : path[...]
    if inner.isEmpty { return .root }
    for mount in mounts {
      if mount.isRoot { return .inside(mount, path) }
      let prefix = mount.path.dropFirst()
      guard inner.hasPrefix(prefix) else { continue }
      let rest = inner.dropFirst(prefix.count)
      if rest.isEmpty { return .inside(mount, "/") }
      if rest.hasPrefix("/") { return .inside(mount, String(rest)) }
    }
    return .nowhere
  }

  /// The file system that is mounted on `/` itself.
  var atRoot: Mount? { mounts.first { $0.isRoot } }

  func makeCurrent(_ mount: Mount?) { current = mount }

  /// Whether something can be mounted there: not over something else, but under a mount on `/`.
  func isFree(_ path: String) -> Bool {
    guard case .inside(let existing, _) = place(of: path) else { return true }
    return existing.isRoot && path.utf8.count != 1
  }

  func add(_ mount: Mount) {
    mounts.insert(mount, at: mounts.firstIndex { $0.isRoot } ?? mounts.count)
  }

  /// Takes out the mount at a path, or of this object.
  func remove(path: String?, object: Value) -> Mount? {
    guard let index = mounts.firstIndex(where: { $0.path == path || $0.object == object }) else { return nil }
    let mount = mounts.remove(at: index)
    if current === mount { current = nil }
    return mount
  }
}
