import Diagnostics
import Glibc
import Machine

/// The files of `--trace`, and what became of them.
final class TraceFiles {
  /// For the trace in words.
  let textOutputs: [TraceOutput]
  /// The first that went wrong.
  var failure: TraceFileError? { files.lazy.compactMap(\.failure).first }

  private let files: [File]
  private let dumpOutputs: [TraceOutput]
  private var dumps: [VCDTrace] = []
  private let options: RunOptions

  /// Opens the files. With `-` among them, output for standard output goes to standard error from now on.
  /// - Parameter readerLeft: called when standard output, as a trace, takes no more; `EPIPE` says that its reader has gone.
  init(
    _ options: RunOptions, _ diagnostics: DiagnosticSink, readerLeft: @escaping (_ errorNumber: Int32) -> Void
  ) throws(UsageError) {
    self.options = options
    var files: [File] = []
    var textOutputs: [TraceOutput] = []
    var dumpOutputs: [TraceOutput] = []
    for path in options.traces {
      let file = try File(path: path, readerLeft: readerLeft)
      files.append(file)
      let output = TraceOutput(diagnostics: diagnostics) { try file.write($0) }
      if path.hasSuffix(".vcd") { dumpOutputs.append(output) } else { textOutputs.append(output) }
    }
    self.files = files
    self.textOutputs = textOutputs
    self.dumpOutputs = dumpOutputs
  }

  /// The boards are wired up: value change dumps begin.
  func begin(on boards: [SessionBoard]) {
    dumps = dumpOutputs.map { output in
      guard boards.count > 1 || boards[0].name != nil else {
        return VCDTrace(of: boards[0].board, step: options.traceStep, output: output)
      }
      return VCDTrace(
        ofBoards: boards.map { (name: $0.name ?? "", board: $0.board) }, step: options.traceStep,
        output: output)
    }
  }

  func finish() { for dump in dumps { dump.finish() } }

  private final class File {
    private let file: TraceFile
    private let readerLeft: ((Int32) -> Void)?
    private(set) var failure: TraceFileError?

    init(path: String, readerLeft: @escaping (Int32) -> Void) throws(UsageError) {
      let reader = TracePipe.awaitReader(of: path)
      defer { if reader >= 0 { close(reader) } }
      do {
        file =
          path == "-"
          ? try TraceFile(takingOver: STDOUT_FILENO, for: STDERR_FILENO) : try TraceFile(path: path)
      } catch {
        throw UsageError(option: "--trace", error.description)
      }
      self.readerLeft = path == "-" ? readerLeft : nil
    }

    func write(_ bytes: [UInt8]) throws(TraceFileError) {
      do { try file.write(bytes) } catch {
        if error.code == EPIPE, let readerLeft {
          readerLeft(error.code)
          return
        }
        failure = error
        throw error
      }
    }
  }
}
