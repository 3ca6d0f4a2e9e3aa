import Diagnostics

/// What MicroPython's default exception handler prints, in three lines on standard error.
func writeUnretrieved(task: String, error: any Error) {
  writeToStandardError("Task exception wasn't retrieved")
  writeToStandardError("future: \(task)")
  writeToStandardError("\(error)")
}
