import Diagnostics

/// Writes the message of MicroPython's default exception handler, three lines on standard error.
func writeUnretrieved(task: String, error: any Error) {
  writeToStandardError("Task exception wasn't retrieved")
  writeToStandardError("future: \(task)")
  writeToStandardError("\(error)")
}
