import Glibc

/// Standard input, output and error of a process that was started without some of them.
enum StandardDescriptors {
  /// Gives the numbers of those that are closed to `/dev/null`, before a file of the run gets one of them: a
  /// trace would be read as input, a message land in it. Input is at its end then; a write to such an output
  /// is an error.
  static func open() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      // The lowest free number is the missing one: those below it are open by now.
      _ = Glibc.open("/dev/null", O_RDONLY)
    }
  }
}
