/// A name such as `A0`: port A to I, number 0 to 15.
struct CPUPinName {
  static let summary = "A0–A15 to I0–I15"

  /// 0 for port A.
  let port: Int
  let number: Int

  init?(_ text: String) {
    guard let letter = text.utf8.first, (UInt8(ascii: "A")...UInt8(ascii: "I")).contains(letter),
      let number = Int(text.dropFirst()), (0...15).contains(number), "\(number)" == text.dropFirst()
    else { return nil }
    port = Int(letter - UInt8(ascii: "A"))
    self.number = number
  }
}
