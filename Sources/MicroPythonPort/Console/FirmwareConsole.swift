import MicroPython
import Timebase

/// The console that firmware prints to and reads from.
enum FirmwareConsole {
  /// A shell: output goes there as it is; standard input is a file, a pipe, or keys of a terminal, which are
  /// not echoed.
  case shell(keys: (any ByteStream)?, output: ([UInt8]) -> Void)
  /// The board's serial console.
  case serial(BoardConsole)

  /// Takes text that firmware prints.
  var write: ([UInt8]) -> Void {
    switch self {
    case .shell(_, let output): output
    case .serial(let console): { console.write(text: $0) }
    }
  }

  /// Takes bytes that firmware writes, which nothing may change.
  var writeBytes: ([UInt8]) -> Void {
    switch self {
    case .shell(_, let output): output
    case .serial(let console): { console.write(bytes: $0) }
    }
  }

  /// Echoes typed bytes for `input()`; nil where the terminal does that itself.
  var echo: (([UInt8]) -> Void)? {
    switch self {
    case .shell(nil, _): nil
    // The host's terminal makes carriage returns of its own.
    case .shell(_, let output): { output($0.filter { $0 != UInt8(ascii: "\r") }) }
    case .serial(let console): { console.gather($0) }
    }
  }

  func standardInput(clock: Clock) -> StandardInput {
    switch self {
    case .shell(let keys, _): StandardInput(keys ?? DescriptorInput(), clock: clock)
    case .serial(let console): StandardInput(console)
    }
  }
}
