import Diagnostics
import Machine

/// How NMEA sentences write numbers.
enum NMEA {
  /// With so many decimals.
  static func fixed(_ number: Double, _ decimals: Int) -> String {
    let scale = (0..<decimals).reduce(1) { product, _ in product * 10 }
    let scaled = Int((abs(number) * Double(scale)).rounded())
    let text = "\(scaled / scale).\((scaled % scale).decimal(digits: decimals))"
    return number < 0 && scaled != 0 ? "-" + text : text
  }

  /// Degrees and minutes: `5212.0000,N`.
  static func latitude(_ degrees: Double) -> String { angle(degrees, width: 2) + (degrees < 0 ? ",S" : ",N") }
  static func longitude(_ degrees: Double) -> String {
    angle(degrees, width: 3) + (degrees < 0 ? ",W" : ",E")
  }

  private static func angle(_ degrees: Double, width: Int) -> String {
    // In ten-thousandths of a minute, so that no minute is rounded up to sixty.
    let parts = Int((abs(degrees) * 600_000).rounded())
    return (parts / 600_000).decimal(digits: width) + (parts / 10_000 % 60).decimal(digits: 2) + "."
      + (parts % 10_000).decimal(digits: 4)
  }

  static func time(_ date: DateTime) -> String {
    date.hour.decimal(digits: 2) + date.minute.decimal(digits: 2) + date.second.decimal(digits: 2)
  }
  static func date(_ date: DateTime) -> String {
    date.day.decimal(digits: 2) + date.month.decimal(digits: 2) + (date.year % 100).decimal(digits: 2)
  }

  /// A sentence with its check sum, without the end of its line.
  static func line(_ body: String) -> String {
    "$\(body)*\(body.utf8.reduce(UInt8(0), ^).hexadecimal(digits: 2).uppercased())"
  }

  /// Returns the text between `$` and a correct check sum.
  static func body(of line: String) -> String? {
    guard line.hasPrefix("$"), let star = line.lastIndex(of: "*") else { return nil }
    let body = line[line.index(after: line.startIndex)..<star]
    guard UInt8(line[line.index(after: star)...], radix: 16) == body.utf8.reduce(UInt8(0), ^) else {
      return nil
    }
    return String(body)
  }
}

/// Sentences that a receiver has once sent, as a file with one a line has them; other lines are comments.
struct NMEALog {
  /// Sentences of one time together.
  private var fixes: [[String]] = []
  private var position = 0

  init(file: String) throws(DeviceError) {
    let text: [UInt8]
    do { text = try BoardFileText.read(file) } catch { throw DeviceError("file \(error)") }
    var time: Substring?
    for line in String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline)
    where line.hasPrefix("$") {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      let new = Self.timeField(fields[0]).flatMap { $0 < fields.count ? fields[$0] : nil }
      if fixes.isEmpty || new != nil && time != nil && new != time { fixes.append([]) }
      time = new ?? time
      fixes[fixes.count - 1].append(String(line))
    }
    guard !fixes.isEmpty else { throw DeviceError("file \(file): has no sentence, as in $GPRMC,…") }
  }

  /// Which field of a sentence is its time; `nil` for one that has none.
  private static func timeField(_ address: Substring) -> Int? {
    ["GGA": 1, "RMC": 1, "ZDA": 1, "GNS": 1, "GLL": 5][String(address.suffix(3))]
  }

  /// The sentences of the next time; none after the last.
  mutating func next() -> [String] {
    guard position < fixes.count else { return [] }
    position += 1
    return fixes[position - 1]
  }
}
