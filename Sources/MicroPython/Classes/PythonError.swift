/// An exception that Swift code without an interpreter at hand lets firmware see: a kind and the board's text.
package struct PythonError: Error {
  package let kind: StandardException
  package let message: String

  package init(_ kind: StandardException, _ message: String) {
    self.kind = kind
    self.message = message
  }
}

extension PythonError {
  package static func value(_ message: String) -> PythonError { PythonError(.valueError, message) }
  package static func type(_ message: String) -> PythonError { PythonError(.typeError, message) }
  /// What the emulator does not do; `docs/compatibility.md` has to say so.
  package static func notEmulated(_ what: String) -> PythonError {
    PythonError(.notImplementedError, "\(what) not emulated; see docs/compatibility.md")
  }
}

extension Interpreter {
  /// What firmware sees of an error that a body of a class description has thrown: an exception as it is, a `PythonError` as it
  /// says, and an error of a part as the `ValueError` with its text.
  package func raised(_ error: any Error) -> Raised {
    switch error {
    case let raised as Raised: raised
    case let error as PythonError: self.error(error.kind, error.message)
    default: self.error(.valueError, "\(error)")
    }
  }
}
