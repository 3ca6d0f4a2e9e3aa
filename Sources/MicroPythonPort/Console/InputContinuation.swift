/// Whether a prompt has to ask for more before its input can be compiled (`mp_repl_continue_with_input`,
/// py/repl.c).
enum InputContinuation {
  private static let compoundKeywords = ["if", "while", "for", "try", "with", "def", "class", "async"]

  /// - Parameter input: all lines so far, without the line feed that ended the last one.
  static func isNeeded(_ input: [UInt8]) -> Bool {
    guard let last = input.last else { return false }
    var quote: Quote?
    var open: [UInt8: Int] = [:]
    var index = 0
    while index < input.count {
      let byte = input[index]
      switch byte {
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        let isTriple = input[index...].prefix(3).elementsEqual([byte, byte, byte])
        let triple = Quote(byte: byte, isTriple: true)
        let single = Quote(byte: byte, isTriple: false)
        if isTriple, quote == nil || quote == triple {
          quote = quote == nil ? triple : nil
          index += 2
        } else if quote == nil || quote == single {
          quote = quote == nil ? single : nil
        }
      case UInt8(ascii: "\\"):
        let next = index + 1 < input.count ? input[index + 1] : 0
        if quote != nil, [UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "\\")].contains(next) {
          index += 1
        }
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
        if quote == nil { open[byte, default: 0] += 1 }
      case UInt8(ascii: ")"): if quote == nil { open[UInt8(ascii: "("), default: 0] -= 1 }
      case UInt8(ascii: "]"): if quote == nil { open[UInt8(ascii: "["), default: 0] -= 1 }
      case UInt8(ascii: "}"): if quote == nil { open[UInt8(ascii: "{"), default: 0] -= 1 }
      default: break
      }
      index += 1
    }
    if quote?.isTriple == true { return true }
    if quote == nil, open.values.contains(where: { $0 > 0 }) { return true }
    if last == UInt8(ascii: "\\") { return true }
    return beginsCompound(input) && last != UInt8(ascii: "\n")
  }

  private struct Quote: Equatable {
    var byte: UInt8
    var isTriple: Bool
  }

  private static func beginsCompound(_ input: [UInt8]) -> Bool {
    if input.first == UInt8(ascii: "@") { return true }
    let word = String(decoding: input.prefix { isIdentifier($0) }, as: UTF8.self)
    return compoundKeywords.contains(word)
  }

  static func isIdentifier(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
