/// The processor's own name of a pin: `A0`, where pins are grouped in ports, or `GPIO17`, where they are only counted.
struct CPUPinName {
  static let summary = "A0–A15 to I0–I15, or GPIO0–GPIO99"

  /// 0 for port A, and for pins that are only counted.
  let port: Int
  let number: Int

  init?(_ text: String) {
    if text.hasPrefix(Self.countedPrefix) {
      guard let number = Self.number(text.dropFirst(Self.countedPrefix.count), upTo: 99) else { return nil }
      port = 0
      self.number = number
      return
    }
    guard let letter = text.utf8.first, (UInt8(ascii: "A")...UInt8(ascii: "I")).contains(letter),
      let number = Self.number(text.dropFirst(), upTo: 15)
    else { return nil }
    port = Int(letter - UInt8(ascii: "A"))
    self.number = number
  }

  /// The name of the pin that firmware asks for by its number, as in `Pin(17)`.
  static func counted(_ number: Int) -> String { "\(countedPrefix)\(number)" }

  private static let countedPrefix = "GPIO"

  private static func number(_ digits: Substring, upTo limit: Int) -> Int? {
    guard let number = Int(digits), (0...limit).contains(number), "\(number)" == digits else { return nil }
    return number
  }
}
