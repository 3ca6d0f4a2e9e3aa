/// Points of colour: the look of a display or lights.
public struct Picture: Sendable, Hashable {
  public let width: Int
  public let height: Int
  /// 0xRRGGBB, row by row from the top left.
  public private(set) var points: [UInt32]

  /// One colour everywhere.
  public init(width: Int, height: Int, colour: UInt32 = 0) {
    self.width = max(1, width)
    self.height = max(1, height)
    points = [UInt32](repeating: colour, count: self.width * self.height)
  }

  /// The colour of a point inside of the picture; a point outside is black, and cannot be set.
  public subscript(x: Int, y: Int) -> UInt32 {
    get { isInside(x, y) ? points[y * width + x] : 0 }
    set { if isInside(x, y) { points[y * width + x] = newValue } }
  }

  private func isInside(_ x: Int, _ y: Int) -> Bool { x >= 0 && x < width && y >= 0 && y < height }

  mutating func fill(x: Int, y: Int, width: Int, height: Int, _ colour: UInt32) {
    for row in y..<y + height {
      for column in x..<x + width { self[column, row] = colour }
    }
  }

  /// A disc as large as a square.
  mutating func fillDisc(x: Int, y: Int, size: Int, _ colour: UInt32) {
    for row in 0..<size {
      for column in 0..<size {
        let (dx, dy) = (2 * column + 1 - size, 2 * row + 1 - size)
        if dx * dx + dy * dy <= size * size { self[x + column, y + row] = colour }
      }
    }
  }

  /// Each point a square of so many.
  public func scaled(by factor: Int) -> Picture {
    var picture = Picture(width: width * factor, height: height * factor)
    for y in 0..<picture.height {
      for x in 0..<picture.width { picture.points[y * picture.width + x] = self[x / factor, y / factor] }
    }
    return picture
  }
}

/// A device that shows a picture, which `--screenshot` writes.
public protocol PictureDevice: Device {
  /// `nil` while it shows nothing.
  var picture: Picture? { get }
}
