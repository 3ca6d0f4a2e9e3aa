import Devices
import Glibc
import Machine
import Timebase

/// A picture that `--screenshot` asks for: `oled@2s=oled.png`, `lcd=end.png`.
public struct ScreenshotRequest: Sendable, Hashable {
  /// A display, a light, or `board` for the board's own lights.
  public let part: String
  /// `nil` for the end of the run.
  public let time: Interval?
  public let path: String
  /// As it was given, for messages about it.
  let option: String

  init(argument: String) throws(UsageError) {
    guard let equals = argument.firstIndex(of: "=") else { throw Self.malformed }
    let words = argument[..<equals].split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    part = String(words[0])
    path = String(argument[argument.index(after: equals)...])
    guard !part.isEmpty, !path.isEmpty else { throw Self.malformed }
    if words.count == 2 {
      guard let time = Interval(text: words[1]) else {
        throw UsageError("\"\(words[1])\" is not a time (2s, 500ms)")
      }
      self.time = time
    } else {
      time = nil
    }
    option = "--screenshot \(argument)"
  }

  private static var malformed: UsageError {
    UsageError("give NAME@TIME=FILE.png, or NAME=FILE.png for the end of the run, as in oled@2s=oled.png")
  }
}

/// Takes the pictures of `--screenshot` at their times. Pictures for times that the run does not reach are
/// taken at its end.
final class Screenshots {
  private struct Order {
    let request: ScreenshotRequest
    let board: Board
    let part: String
  }

  /// Called with a message about each picture that could not be taken as requested.
  private let report: (String) -> Void
  private var waiting: [Order] = []
  /// Whether a picture could not be written.
  private(set) var hasFailed = false

  /// - Throws: for a part that there is no picture of, and a folder that there is not.
  init(
    _ requests: [ScreenshotRequest], boards: [SessionBoard], report: @escaping (String) -> Void
  ) throws(UsageError) {
    self.report = report
    for request in requests {
      let (board, part) = try boards.find(request.part, option: request.option)
      do { _ = try board.picture(of: part) } catch {
        throw UsageError(option: request.option, error.description)
      }
      let folder = request.path.lastIndex(of: "/").map { String(request.path[...$0]) } ?? "."
      guard access(folder, W_OK) == 0 else {
        throw UsageError(option: request.option, "\(folder): \(String(cString: strerror(errno)))")
      }
      guard Picture.mayTake(the: request.path) else {
        throw UsageError(
          option: request.option,
          "\(request.path) is there and is no PNG file: give another name, or delete it")
      }
      waiting.append(Order(request: request, board: board, part: part))
      if let time = request.time {
        board.clock.schedule(at: max(board.clock.now, .powerOn + time)) { [weak self] in self?.take(request) }
      }
    }
  }

  /// The run has ended.
  func finish() {
    for order in waiting {
      if let time = order.request.time {
        report(
          "\(order.request.option): the run ended before \(time.milliseconds) ms; the picture is of its end")
      }
      take(order.request)
    }
  }

  private func take(_ request: ScreenshotRequest) {
    guard let index = waiting.firstIndex(where: { $0.request == request }) else { return }
    let order = waiting.remove(at: index)
    guard let picture = try? order.board.picture(of: order.part),
      let problem = picture.write(to: request.path)
    else { return }
    hasFailed = true
    report("\(request.option): could not be written: \(problem)")
  }
}

extension Picture {
  /// Whether a picture may take the place of what is at a path: nothing, an empty file, another picture.
  static func mayTake(the path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
      return true
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    // What cannot be read cannot be written either, as a rule; writing says why.
    guard descriptor >= 0 else { return true }
    defer { close(descriptor) }
    var start = [UInt8](repeating: 0, count: PNG.signature.count)
    return read(descriptor, &start, start.count) == start.count && start == PNG.signature
  }

  /// Writes a PNG file.
  /// - Returns: why it could not be written; `nil` when it was.
  func write(to path: String) -> String? {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { return String(cString: strerror(errno)) }
    defer { close(descriptor) }
    return HostDescriptor.write(png, to: descriptor).map { String(cString: strerror($0)) }
  }
}
