import Machine

/// A board file as a person reads it: one section per kind of part, pins with everything that is wired to them.
struct BoardSummary {
  let board: BoardDescription

  var text: String {
    let processor = board.processor
    var lines = [
      "\(board.name): \(board.title)",
      "\(processor.name) at \(processor.clock / 1_000_000) MHz, \(board.memory.heap / 1024) KiB heap",
    ]
    section("Pins", pins, into: &lines)
    section("LEDs", leds, into: &lines)
    section(
      "Switches", board.switches.sorted { $0.key < $1.key }.map { [$0.key, $0.value.pin] }, into: &lines)
    section("UARTs", uarts, into: &lines)
    section("I2C buses", wiring(board.i2cs), into: &lines)
    section("SPI buses", wiring(board.spis), into: &lines)
    section("Timers", timers, into: &lines)
    if let accelerometer = board.accelerometer {
      section("Accelerometer", [[accelerometer.model]], into: &lines)
    }
    return lines.joined(separator: "\n")
  }

  private var pins: [[String]] {
    board.pins.map { pin in
      let functions = board.functions[pin.cpuName, default: []].map(\.signal)
      return [pin.name, pin.cpuName, functions.joined(separator: " ")]
    }
  }

  private var leds: [[String]] {
    board.leds.sorted { $0.key < $1.key }
      .map { ["\($0.key)", $0.value.colour, $0.value.pin, $0.value.isDimmable ? "dimmable" : ""] }
  }

  private var uarts: [[String]] {
    board.uarts.sorted { $0.key < $1.key }
      .map { ["\($0.key)", $0.value.name ?? "", "TX \($0.value.tx)", "RX \($0.value.rx)"] }
  }

  private var timers: [[String]] {
    board.timers.sorted { $0.key < $1.key }.map { number, timer in
      [
        "\(number)", "\(timer.bits) bits", "\(timer.sourceClock / 1_000_000) MHz",
        "\(timer.channels) channels",
      ]
    }
  }

  private func wiring(_ buses: [Int: BoardDescription.BusWiring]) -> [[String]] {
    buses.sorted { $0.key < $1.key }.map { number, bus in
      let pins = bus.pins.sorted { $0.key < $1.key }.map { "\($0.key.uppercased()) \($0.value)" }
      return ["\(number)", bus.name ?? "", pins.joined(separator: "  ")]
    }
  }

  /// Rows in columns, none of them ragged.
  private func section(_ title: String, _ rows: [[String]], into lines: inout [String]) {
    guard let count = rows.map(\.count).max() else { return }
    lines += ["", title]
    let widths = (0..<count).map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
      let padded = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      var line = "  " + padded.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      lines.append(line)
    }
  }
}
