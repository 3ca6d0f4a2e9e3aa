import Foundation
import Testing

/// A complete script in the text of Peter Hinch's asyncio tutorial, cut out by its lines.
struct TutorialScript: Sendable, CustomTestStringConvertible {
  var name: String
  /// The script's first line in the text, counted from 1.
  var line: Int
  var count: Int
  var options: [String] = []
  var status: Int32 = 0

  var testDescription: String { name }

  /// The text, in a checkout of the references beside this package; nil where there is none.
  static let text: [Substring]? = {
    let url = CommandLineTool.package.appending(path: "../shared/reference/micropython-asyncio-tutorial.txt")
    guard let data = try? Data(contentsOf: url) else { return nil }
    return String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
  }()

  var source: String? {
    Self.text.map { $0[(line - 1)..<(line - 1 + count)].joined(separator: "\n") + "\n" }
  }

  /// All but two: installing primitives needs WiFi, the HTU21D's needs that sensor.
  static let all = [
    TutorialScript(name: "import_aledflash", line: 166, count: 1),
    TutorialScript(name: "endless_counter", line: 186, count: 9, options: ["--for", "9.5s"]),
    TutorialScript(name: "three_instances", line: 198, count: 15),
    TutorialScript(name: "await_and_create", line: 233, count: 14),
    TutorialScript(name: "tasks_running", line: 259, count: 16),
    TutorialScript(name: "no_reference", line: 280, count: 15),
    TutorialScript(name: "callback_later", line: 314, count: 16),
    TutorialScript(name: "gather_results", line: 341, count: 15),
    TutorialScript(name: "global_handler_class", line: 371, count: 20),
    TutorialScript(name: "lock_context", line: 464, count: 17),
    TutorialScript(name: "lock_plain", line: 486, count: 18),
    TutorialScript(name: "event", line: 511, count: 20),
    TutorialScript(name: "gather_cancel_timeout", line: 608, count: 43),
    TutorialScript(name: "semaphore", line: 670, count: 17),
    TutorialScript(name: "queue", line: 719, count: 26),
    TutorialScript(name: "timer_flag", line: 767, count: 17, options: ["--for", "5.5s"]),
    TutorialScript(name: "pin_edge", line: 788, count: 23, options: ["--wire", "X1-X2", "--for", "5.2s"]),
    TutorialScript(name: "query_flag", line: 822, count: 34),
    TutorialScript(name: "barrier_uarts", line: 875, count: 35, options: ["--for", "2s"]),
    TutorialScript(name: "awaitable", line: 985, count: 16),
    TutorialScript(name: "awaitable_portable", line: 1019, count: 28),
    TutorialScript(name: "async_iterator", line: 1059, count: 29),
    TutorialScript(name: "async_context", line: 1112, count: 31),
    TutorialScript(name: "exception_in_task", line: 1158, count: 23, status: 1),
    TutorialScript(name: "global_handler", line: 1192, count: 22),
    TutorialScript(name: "shutdown", line: 1219, count: 28),
    TutorialScript(name: "cancel", line: 1262, count: 19),
    TutorialScript(name: "cancel_trapped", line: 1284, count: 22),
    TutorialScript(name: "timeout", line: 1321, count: 22),
    TutorialScript(name: "record_uart", line: 1408, count: 43, options: ["--wire", "X1-X2"]),
    TutorialScript(name: "uart_streams", line: 1460, count: 28, options: ["--wire", "X1-X2"]),
    TutorialScript(name: "millisecond_timer", line: 1588, count: 38),
    TutorialScript(name: "pin_call", line: 1631, count: 39),
    TutorialScript(name: "keyboard_interrupt", line: 1701, count: 12),
    TutorialScript(name: "forgotten_await", line: 1761, count: 9),
    TutorialScript(name: "led_flashable", line: 1873, count: 10),
    TutorialScript(name: "led_async", line: 1896, count: 27),
    TutorialScript(name: "leds_and_switch", line: 1928, count: 13, options: ["--at", "3s:press=USR"]),
  ]
}
