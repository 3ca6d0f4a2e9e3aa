/// Which pins stand 5 V.
///
/// STM32F405: STMicroelectronics DS8626, table 7: all pins but PA4 and PA5 are "FT", five-volt tolerant, except in analogue mode, where they
/// stand the supply and 0.3 V. RP2040 (data sheet, 5.5.3) and Raspberry Pi: none.
extension Net {
  /// Reports two supplies of different voltages on one net, which both drive high. A supply against ground is a conflict of levels.
  func reviewSupplies() {
    let supplies = Set(terminals.map(\.fullName)).intersection(["3V3", "5V"])
    guard supplies.count == 2 else { return }
    context.reporter.reportOnce(
      .netConflict, "5V and 3V3 are wired together: the one feeds back into the other's regulator",
      advice: "take the wire away")
  }
}

extension Pin {
  /// Why 5 V on the pin would destroy it; `nil` where it stands them.
  private var weaknessAtFiveVolts: String? {
    // Pins of a port with a letter are an STM32's.
    guard cpuName.first?.isLetter == true, cpuName.dropFirst().first?.isNumber == true else {
      return "pins of this processor stand 3.3 V"
    }
    if ["A4", "A5"].contains(cpuName) {
      return "P\(cpuName) stands 4 V, as it can be an output of the converter"
    }
    return mode == .analog ? "an analogue input stands 3.6 V" : nil
  }

  /// Reports 5 V on the pin if it is not 5 V tolerant.
  func reviewFiveVolts() {
    guard net.terminals.contains(where: { $0.fullName == "5V" }), let weakness = weaknessAtFiveVolts,
      context.pinsWithFiveVolts.insert(cpuName).inserted
    else {
      return
    }
    context.reporter.report(
      .fiveVolts, "\(name) is wired to 5 V, and \(weakness)",
      advice: "divide the voltage with two resistors, or use 3V3: --wire \(name)-3V3")
  }
}
