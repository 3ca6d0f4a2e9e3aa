/// Something that firmware asked for and that did not answer, for explaining the error that the firmware got.
package struct SilentDevice: Equatable, Sendable {
  /// The requested device, as in `I2C address 0x38`.
  package let name: String
  /// Pins of the bus, in the order in which `--device` takes them.
  package let pins: [String]

  package init(_ name: String, pins: [String]) {
    self.name = name
    self.pins = pins
  }
}
