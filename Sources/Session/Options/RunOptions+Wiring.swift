import Devices
import Machine

extension RunOptions {
  /// What the options wire to the board.
  func wiring() throws(UsageError) -> Wiring {
    var wiring = Wiring()
    do throws(WiringError) {
      for text in devices { try wiring.addDevice(text, place: "--device \(text)") }
      for text in wires { try wiring.addWire(text, place: "--wire \(text)") }
      for text in pulls { try wiring.addPull(text, place: "--pull \(text)") }
      for stimulus in stimuli { wiring.addEvent(stimulus, place: "--at") }
    } catch { throw UsageError(error.description) }
    return wiring
  }

  /// Real lines have real things wired to them.
  func refuseVirtualWiring() throws(UsageError) {
    let options = [("--wire", wires), ("--device", devices), ("--pull", pulls)]
    guard let (name, text) = options.lazy.compactMap({ name, texts in texts.first.map { (name, $0) } }).first
    else { return }
    let instead = name == "--wire" ? "put a wire between them" : "wire a real one to them"
    throw UsageError(option: "\(name) \(text)", "the pins are real ones: \(instead)")
  }
}
