import Fonts

/// Lines, ellipses, polygons and text, pixel for pixel as MicroPython's `framebuf` draws them.
extension PixelGrid {
  struct Point {
    var x: Int
    var y: Int
  }

  /// A line with both ends. Each pixel is computed from the ends, so only the visible part costs time.
  func line(from start: Point, to end: Point, color: Int) -> Int {
    let (dx, dy) = (abs(end.x - start.x), abs(end.y - start.y))
    let isSteep = dy > dx
    let (long, short) = isSteep ? (dy, dx) : (dx, dy)
    let (first, limit) = isSteep ? (start.y, height) : (start.x, width)
    let longStep = (isSteep ? end.y > start.y : end.x > start.x) ? 1 : -1
    let shortStep = (isSteep ? end.x > start.x : end.y > start.y) ? 1 : -1
    // Steps at which the line is inside along its long direction.
    let entry = longStep > 0 ? -first : first - limit + 1
    let exit = longStep > 0 ? limit - 1 - first : first
    let steps = max(0, entry)..<max(max(0, entry), min(long - 1, exit) + 1)
    for step in steps {
      let along = first + longStep * step
      let aside = shortStep * PixelGrid.rounded(short, times: step, over: long)
      if isSteep { set(start.x + aside, along, to: color) } else { set(along, start.y + aside, to: color) }
    }
    set(end.x, end.y, to: color)
    return steps.count + 1
  }

  /// `factor * multiplier / divisor` to the nearest integer, halves up. Coordinates have 32 bits and origins are added to them,
  /// so that their products need more than a word.
  private static func rounded(_ factor: Int, times multiplier: Int, over divisor: Int) -> Int {
    let (product, overflows) = (2 * factor).multipliedReportingOverflow(by: multiplier)
    if !overflows && product < Int.max - divisor { return (product + divisor) / (2 * divisor) }
    return Int((2 * Int128(factor) * Int128(multiplier) + Int128(divisor)) / (2 * Int128(divisor)))
  }

  /// Which quarters of an ellipse are drawn, counted from the upper right one against the clock.
  struct Quarters: OptionSet {
    let rawValue: Int
    static let upperRight = Quarters(rawValue: 1)
    static let upperLeft = Quarters(rawValue: 2)
    static let lowerLeft = Quarters(rawValue: 4)
    static let lowerRight = Quarters(rawValue: 8)
    static let all: Quarters = [.upperRight, .upperLeft, .lowerLeft, .lowerRight]
  }

  func ellipse(
    center: Point, radiusX: Int, radiusY: Int, color: Int, isFilled: Bool, quarters: Quarters
  ) -> Int {
    var pixels = 0
    func plot(_ x: Int, _ y: Int) {
      let (left, right) = (center.x - x, center.x + x)
      let (upper, lower) = (center.y - y, center.y + y)
      pixels += 4
      for (quarter, column, row) in [
        (Quarters.upperRight, right, upper), (.upperLeft, left, upper), (.lowerLeft, left, lower),
        (.lowerRight, right, lower),
      ] where quarters.contains(quarter) {
        if isFilled {
          let isLeft = quarter == .upperLeft || quarter == .lowerLeft
          pixels += fill(x: isLeft ? left : center.x, y: row, width: x + 1, height: 1, color: color)
        } else {
          set(column, row, to: color)
        }
      }
    }
    if radiusX == 0 && radiusY == 0 {
      if !quarters.isEmpty { set(center.x, center.y, to: color) }
      return 1
    }
    // The flat and the steep part of an arc are the same walk with the axes exchanged.
    walkArc(from: radiusX, other: radiusY) { plot($0, $1) }
    walkArc(from: radiusY, other: radiusX) { plot($1, $0) }
    return pixels
  }

  /// The integer midpoint walk along a quarter arc, from where it crosses one axis to where its slope is one.
  private func walkArc(from radius: Int, other: Int, plot: (_ slow: Int, _ fast: Int) -> Void) {
    let (fastWeight, slowWeight) = (radius &* radius, other &* other)
    var (slow, fast) = (radius, 0)
    var error = 0
    var fastChange = fastWeight
    var slowChange = slowWeight &* (1 - 2 * radius)
    var fastSlope = 0
    var slowSlope = 2 &* slowWeight &* radius
    while slowSlope >= fastSlope {
      plot(slow, fast)
      fast += 1
      fastSlope &+= 2 &* fastWeight
      error &+= fastChange
      fastChange &+= 2 &* fastWeight
      if 2 &* error &+ slowChange > 0 {
        slow -= 1
        slowSlope &-= 2 &* slowWeight
        error &+= slowChange
        slowChange &+= 2 &* slowWeight
      }
    }
  }

  /// Fills one row of a polygon between pairs of edges, and draws the lowest pixels of edges, which that leaves out.
  func fillRow(_ row: Int, ofPolygon points: [Point], origin: Point, color: Int) -> Int {
    var crossings: [Int] = []
    var pixels = 0
    PixelGrid.forEachEdge(of: points) { from, to in
      if from.y != to.y && (from.y > row) != (to.y > row) {
        let distance = Int128(32) * Int128(to.x - from.x) * Int128(row - from.y) / Int128(to.y - from.y)
        crossings.append(Int((Int128(32) * Int128(from.x) + distance + 16) / 32))
      } else if row == max(from.y, to.y) {
        let lowest = from.y < to.y ? to : from
        if from.y != to.y {
          set(origin.x + lowest.x, origin.y + lowest.y, to: color)
        } else {
          pixels += line(
            from: Point(x: origin.x + from.x, y: origin.y + row),
            to: Point(x: origin.x + to.x, y: origin.y + row),
            color: color)
        }
      }
    }
    crossings.sort()
    for pair in Swift.stride(from: 0, to: crossings.count - 1, by: 2) {
      pixels += fill(
        x: origin.x + crossings[pair], y: origin.y + row, width: crossings[pair + 1] - crossings[pair] + 1,
        height: 1,
        color: color)
    }
    return pixels
  }

  /// Calls `body` with both ends of each edge: backwards from the first point, as MicroPython goes.
  static func forEachEdge<Failure>(
    of points: [Point], _ body: (Point, Point) throws(Failure) -> Void
  ) throws(Failure) {
    guard var from = points.first else { return }
    for to in points.reversed() {
      try body(from, to)
      from = to
    }
  }

  /// Text in a font of eight by eight pixels; `y` is its top.
  func text(_ bytes: some Sequence<UInt8>, x: Int, y: Int, color: Int) -> Int {
    var x = x
    var pixels = 0
    for byte in bytes {
      let glyph = FrameBufferFont.glyph(byte)
      for column in 0..<8 where x + column >= 0 && x + column < width {
        let bits = glyph >> UInt64(56 - 8 * column) & 0xff
        for row in 0..<8 where bits >> UInt64(row) & 1 != 0 { set(x + column, y + row, to: color) }
      }
      pixels += 64
      x += 8
      if x >= width { break }
    }
    return pixels
  }
}
