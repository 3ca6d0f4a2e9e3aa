import Glibc

/// Name and body of a new thread.
private final class Beginning: Sendable {
  let name: String
  let body: @Sendable () -> Void

  init(name: String, body: @escaping @Sendable () -> Void) {
    self.name = name
    self.body = body
  }
}

/// Starts a thread of the host that ends with `body`, which sees all that was done before: pthread_create orders the two.
/// - Parameters:
///   - name: at most 15 bytes, as `ps` and a debugger show it.
///   - stackBytes: room for its stack; nil for the host's default.
/// - Throws: `ThreadStartError` when the system has no thread to give.
package func startHostThread(
  name: String, stackBytes: Int? = nil, _ body: @escaping @Sendable () -> Void
) throws(ThreadStartError) {
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  if let stackBytes { pthread_attr_setstacksize(&attributes, stackBytes) }
  var thread = pthread_t()
  let context = Unmanaged.passRetained(Beginning(name: name, body: body)).toOpaque()
  let status = pthread_create(
    &thread, &attributes,
    { context in
      guard let context else { return nil }
      // Balances the passRetained above: from here on this thread owns that reference.
      let beginning = Unmanaged<Beginning>.fromOpaque(context).takeRetainedValue()
      nameThread(beginning.name)
      beginning.body()
      return nil
    }, context)
  guard status == 0 else {
    // The thread that would have taken the reference over does not exist.
    Unmanaged<Beginning>.fromOpaque(context).release()
    throw ThreadStartError(name: name, status: status)
  }
  pthread_detach(thread)
}

/// Through the file system: the C library's call is a GNU extension that Swift does not see. A thread without
/// its name works as well, so failure is ignored.
private func nameThread(_ name: String) {
  let descriptor = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return }
  _ = write(descriptor, name, name.utf8.count)
  close(descriptor)
}

/// The system refused to start a thread.
public struct ThreadStartError: Error, CustomStringConvertible {
  public let name: String
  /// The result of `pthread_create`.
  public let status: Int32

  public var description: String {
    "thread \"\(name)\" could not be started: \(String(cString: strerror(status)))"
  }
}
