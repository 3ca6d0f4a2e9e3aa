/// Pixels in another object's memory, for the time of one call.
///
/// Every access is checked against the memory as it is at this moment, since firmware may have given a buffer
/// that has changed. What draws returns how many pixels it looked at, which is what its time is reckoned by.
struct PixelGrid {
  let format: PixelFormat
  let width: Int
  let height: Int
  let stride: Int
  let memory: UnsafeMutableRawBufferPointer

  func contains(_ x: Int, _ y: Int) -> Bool { x >= 0 && x < width && y >= 0 && y < height }

  /// The color of a pixel; 0 outside.
  func color(_ x: Int, _ y: Int) -> Int {
    guard contains(x, y) else { return 0 }
    let (byte, shift) = format.position(x: x, y: y, stride: stride)
    if format == .rgb565 {
      return byte + 1 < memory.count ? Int(memory[byte]) | Int(memory[byte + 1]) << 8 : 0
    }
    guard byte < memory.count else { return 0 }
    return Int(memory[byte]) >> shift & (1 << format.bitsPerPixel - 1)
  }

  /// Sets a pixel; does nothing outside.
  func set(_ x: Int, _ y: Int, to color: Int) {
    guard contains(x, y) else { return }
    let (byte, shift) = format.position(x: x, y: y, stride: stride)
    if format == .rgb565 {
      guard byte + 1 < memory.count else { return }
      memory[byte] = UInt8(truncatingIfNeeded: color)
      memory[byte + 1] = UInt8(truncatingIfNeeded: color >> 8)
      return
    }
    guard byte < memory.count else { return }
    let bits = format.bitsPerPixel
    let value = bits == 1 ? (color == 0 ? 0 : 1) : color & (1 << bits - 1)
    let mask = (1 << bits - 1) << shift
    memory[byte] = UInt8(Int(memory[byte]) & ~mask | value << shift)
  }

  /// Fills what lies inside of a rectangle.
  func fill(x: Int, y: Int, width: Int, height: Int, color: Int) -> Int {
    guard width > 0, height > 0 else { return 0 }
    let columns = max(0, x)..<max(max(0, x), min(self.width, x + width))
    let rows = max(0, y)..<max(max(0, y), min(self.height, y + height))
    for row in rows {
      for column in columns { set(column, row, to: color) }
    }
    return columns.count * rows.count
  }

  /// The outline of a rectangle. One that is narrower than a pixel has no sides.
  func outline(x: Int, y: Int, width: Int, height: Int, color: Int) -> Int {
    fill(x: x, y: y, width: width, height: 1, color: color)
      + fill(x: x, y: y + height - 1, width: width, height: 1, color: color)
      + fill(x: x, y: y, width: 1, height: height, color: color)
      + fill(x: x + width - 1, y: y, width: 1, height: height, color: color)
  }

  /// Moves the picture; pixels that nothing moves to keep their color.
  func scroll(dx: Int, dy: Int) -> Int {
    guard dx.magnitude < width, dy.magnitude < height else { return 0 }
    // From the side that the picture moves to, so that nothing is read after it was overwritten.
    for row in 0..<height - abs(dy) {
      let y = dy < 0 ? row : height - 1 - row
      for column in 0..<width - abs(dx) {
        let x = dx < 0 ? column : width - 1 - column
        set(x, y, to: color(x - dx, y - dy))
      }
    }
    return 2 * (width - abs(dx)) * (height - abs(dy))
  }

  /// Copies a picture, but for the pixels of color `key`.
  func blit(_ source: PixelGrid, x: Int, y: Int, key: Int, palette: PixelGrid?) -> Int {
    let columns = max(0, -x)..<max(max(0, -x), min(source.width, width - x))
    let rows = max(0, -y)..<max(max(0, -y), min(source.height, height - y))
    for row in rows {
      for column in columns {
        var color = source.color(column, row)
        if let palette { color = palette.color(color, 0) }
        if color != key { set(x + column, y + row, to: color) }
      }
    }
    return 2 * columns.count * rows.count
  }
}
