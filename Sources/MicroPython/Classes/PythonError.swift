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
  /// An operation that is not emulated; `docs/compatibility.md` has to say so.
  package static func notEmulated(_ what: String) -> PythonError {
    PythonError(.notImplementedError, "\(what) not emulated; see `vpyboard docs compatibility`")
  }
}

/// An `OSError` with the board's number for the failure.
package struct OSErrorNumber: Error, Hashable {
  package let number: Int

  package init(number: Int) { self.number = number }

  package static let ioError = OSErrorNumber(number: 5)
  package static let busy = OSErrorNumber(number: 16)
  package static let noDevice = OSErrorNumber(number: 19)
  package static let invalid = OSErrorNumber(number: 22)
  package static let timedOut = OSErrorNumber(number: 110)
}

extension Interpreter {
  /// Returns the exception that firmware sees for an error that a body of a class description has thrown: an
  /// exception as it is, a `PythonError` as it says, and an error of a part as the `ValueError` with its
  /// text.
  package func raised(_ error: any Error) -> Raised {
    switch error {
    case let raised as Raised: raised
    case let error as PythonError: self.error(error.kind, error.message)
    case let error as OSErrorNumber: osError(error.number)
    default: self.error(.valueError, "\(error)")
    }
  }
}
