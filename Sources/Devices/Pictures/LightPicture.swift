import Machine

/// Pictures of lights: a disc for each, on a dark ground.
enum LightPicture {
  private static let (size, gap) = (24, 8)
  private static let ground: UInt32 = 0x202020
  private static let mostInRow = 64

  /// - Parameter colours: 0xRRGGBB, in rows of 64.
  static func picture(of colours: [UInt32]) -> Picture {
    let columns = min(colours.count, mostInRow)
    let rows = (colours.count + mostInRow - 1) / mostInRow
    let pitch = size + gap
    var picture = Picture(width: columns * pitch + gap, height: rows * pitch + gap, colour: ground)
    for (index, colour) in colours.enumerated() {
      picture.fillDisc(
        x: gap + index % mostInRow * pitch, y: gap + index / mostInRow * pitch, size: size, colour)
    }
    return picture
  }

  /// - Parameters:
  ///   - name: as board files and devices name colours; any other is white.
  ///   - brightness: 0 to 255.
  static func colour(_ name: String, brightness: Int) -> UInt32 {
    let full: UInt32 =
      switch name {
      case "red": 0xFF2020
      case "green": 0x20FF20
      case "blue": 0x3050FF
      case "yellow": 0xFFE020
      case "orange": 0xFF9020
      default: 0xFFFFFF
      }
    // A dark light stays visible.
    func part(_ shift: UInt32) -> UInt32 {
      UInt32(48 + (Int(full >> shift & 0xFF) - 48) * max(0, min(brightness, 255)) / 255) << shift
    }
    return part(16) | part(8) | part(0)
  }
}

extension Board {
  /// Returns the picture of a part: a display, a light. `board` is the board's own lights, unless a part is
  /// called so.
  /// - Throws: `PictureError` for a name that there is not, and for what shows nothing.
  public func picture(of name: String) throws(PictureError) -> Picture {
    guard let part = part(named: name) else {
      let lights = name == "board" ? parts.filter { !($0 is any Device) }.flatMap(Self.lights) : []
      guard lights.isEmpty else { return LightPicture.picture(of: lights) }
      throw PictureError(
        "no part \"\(name)\"\(didYouMean(name, pictured)) (\(pictured.joined(separator: ", ")))")
    }
    if let picture = (part as? any PictureDevice)?.picture { return picture }
    let lights = Self.lights(of: part)
    guard !lights.isEmpty else {
      throw PictureError(
        "\(name) is nothing to look at: displays and lights are (\(pictured.joined(separator: ", ")))")
    }
    return LightPicture.picture(of: lights)
  }

  private static func lights(of part: any Part) -> [UInt32] {
    part.signals.compactMap { signal in
      guard let colour = signal.lightColour else { return nil }
      if case .integer(let brightness) = signal.value {
        return LightPicture.colour(colour, brightness: brightness)
      }
      return LightPicture.colour(colour, brightness: 0)
    }
  }

  /// The names of what there are pictures of.
  private var pictured: [String] {
    ["board"]
      + parts.filter { ($0 as? any PictureDevice)?.picture != nil || !Self.lights(of: $0).isEmpty }.map(
        \.name)
  }
}

/// Why there is no picture of something.
public struct PictureError: Error, Hashable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
