import Diagnostics

/// A place on the earth, in degrees of WGS 84; south and west are negative.
public struct Coordinates: Sendable, Hashable {
  public var latitude: Double
  public var longitude: Double

  public init(latitude: Double, longitude: Double) {
    self.latitude = latitude
    self.longitude = longitude
  }

  /// How an angle is written.
  public enum Style: Sendable {
    /// `48.117300°N`
    case degrees
    /// `48°07.0380'N`
    case minutes
    /// `48°07'02"N`
    case seconds
    /// `48.117300`, south and west negative, as KML and most programs take it.
    case signed
  }

  public func latitudeText(_ style: Style = .minutes) -> String { Self.text(latitude, style, "N", "S") }
  public func longitudeText(_ style: Style = .minutes) -> String { Self.text(longitude, style, "E", "W") }

  private static func text(_ angle: Double, _ style: Style, _ positive: String, _ negative: String) -> String
  {
    let side = angle < 0 ? negative : positive
    let size = abs(angle)
    switch style {
    case .signed: return (angle < 0 ? "-" : "") + decimals(size, 6)
    case .degrees: return "\(decimals(size, 6))°\(side)"
    case .minutes:
      // In ten-thousandths of a minute, so that no minute is rounded up to sixty.
      let parts = Int((size * 600_000).rounded())
      let minutes = (parts / 10_000 % 60).decimal(digits: 2)
      return "\(parts / 600_000)°\(minutes).\((parts % 10_000).decimal(digits: 4))'\(side)"
    case .seconds:
      let seconds = Int((size * 3600).rounded())
      let minutes = (seconds / 60 % 60).decimal(digits: 2)
      return "\(seconds / 3600)°\(minutes)'\((seconds % 60).decimal(digits: 2))\"\(side)"
    }
  }

  private static func decimals(_ number: Double, _ count: Int) -> String {
    let scale = (0..<count).reduce(1) { product, _ in product * 10 }
    let scaled = Int((number * Double(scale)).rounded())
    return "\(scaled / scale).\((scaled % scale).decimal(digits: count))"
  }
}
