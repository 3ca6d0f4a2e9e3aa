import Machine

/// A sentence of NMEA 0183, `$GPRMC,…*4A`, whose check sum is right.
public struct NMEASentence: Sendable, Hashable {
  /// Talker identifier: `GP`, `GN`, `GL`.
  public let talker: String
  /// Sentence type: `RMC`; of a maker's own sentences all of its first field, `PMTK001`.
  public let type: String
  /// Fields after the type.
  public let fields: [String]

  /// An error in a line.
  public enum Failure: Error, Hashable {
    /// No sentence: cut off, or not text.
    case malformed
    case checksum
  }

  /// Reads a line, with its line end or without.
  public init(_ line: some BidirectionalCollection<UInt8>) throws(Failure) {
    guard let start = line.firstIndex(of: UInt8(ascii: "$")),
      let star = line.lastIndex(of: UInt8(ascii: "*")),
      start < star, line[start..<star].allSatisfy({ (0x20..<0x7F).contains($0) })
    else { throw .malformed }
    let body = line[line.index(after: start)..<star]
    let digits = String(decoding: line[line.index(after: star)...].prefix(2), as: UTF8.self)
    guard let sum = UInt8(digits, radix: 16) else { throw .malformed }
    guard sum == body.reduce(UInt8(0), ^) else { throw .checksum }
    let fields = body.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    let name = fields[0]
    let isMakersOwn = name.hasPrefix("P") || name.count < 5
    talker = isMakersOwn ? "" : String(name.prefix(2))
    type = isMakersOwn ? name : String(name.dropFirst(2))
    self.fields = Array(fields.dropFirst())
  }

  /// The line of a sentence, with its check sum and line end.
  /// - Parameter body: text between `$` and `*`.
  public static func line(_ body: String) -> [UInt8] {
    let sum = body.utf8.reduce(UInt8(0), ^)
    let digits = String(UInt16(sum) | 0x100, radix: 16, uppercase: true).dropFirst()
    return Array("$\(body)*\(digits)\r\n".utf8)
  }

  /// A field as text; `nil` for one that is empty or not there.
  func text(_ index: Int) -> String? {
    fields.indices.contains(index) && !fields[index].isEmpty ? fields[index] : nil
  }

  func number(_ index: Int) -> Double? { text(index).flatMap { Double($0) } }
  func integer(_ index: Int) -> Int? { text(index).flatMap { Int($0) } }

  /// Degrees of two fields, `4807.038` and `N`; south and west are negative.
  func angle(_ index: Int) -> Double? {
    guard let number = number(index), let side = text(index + 1) else { return nil }
    let degrees = (number / 100).rounded(.down)
    let angle = degrees + (number - degrees * 100) / 60
    switch side {
    case "N", "E": return angle
    case "S", "W": return -angle
    default: return nil
    }
  }

  func position(_ index: Int) -> Coordinates? {
    guard let latitude = angle(index), let longitude = angle(index + 2) else { return nil }
    return Coordinates(latitude: latitude, longitude: longitude)
  }

  /// Of the fields of a time, `123519.00`, and of a date, `230394`.
  func moment(time: Int, date: Int) -> DateTime? {
    guard let time = number(time).map({ Int($0) }), let date = integer(date) else { return nil }
    return DateTime(
      year: 2000 + date % 100, month: date / 100 % 100, day: date / 10_000, hour: time / 10_000,
      minute: time / 100 % 100, second: time % 100)
  }
}
