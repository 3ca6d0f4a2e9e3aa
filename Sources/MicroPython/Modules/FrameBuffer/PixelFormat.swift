/// How `framebuf` lays pixels out in bytes; raw values are those of the module's constants.
enum PixelFormat: Int {
  /// One bit; a byte holds eight pixels below each other, the topmost in bit 0.
  case monoVerticalLSB = 0
  /// 16 bits, in the processor's byte order.
  case rgb565 = 1
  /// Four bits, the left pixel of a byte in the upper half.
  case gray4 = 2
  /// One bit; a byte holds eight pixels side by side, the leftmost in bit 7.
  case monoHorizontalLSB = 3
  /// The same with the leftmost in bit 0.
  case monoHorizontalMSB = 4
  /// Two bits, the leftmost pixel of a byte in the lowest two.
  case gray2 = 5
  case gray8 = 6

  var bitsPerPixel: Int {
    switch self {
    case .monoVerticalLSB, .monoHorizontalLSB, .monoHorizontalMSB: 1
    case .gray2: 2
    case .gray4: 4
    case .gray8: 8
    case .rgb565: 16
    }
  }

  /// Rows of a horizontal format start at a byte.
  var pixelsPerUnit: Int { self == .monoVerticalLSB ? 1 : max(1, 8 / bitsPerPixel) }

  /// The bytes that a picture of this size takes.
  func byteCount(width: Int, height: Int, stride: Int) -> Int {
    let unit = pixelsPerUnit
    let lastRow = (width + unit - 1) / unit * unit
    if self == .monoVerticalLSB {
      let bands = (height + 7) / 8
      return (bands - 1) * stride + lastRow
    }
    return ((height - 1) * stride + lastRow) * bitsPerPixel / 8
  }

  /// The byte (for `rgb565` the first of two) that holds a pixel, and where in it the pixel's bits begin.
  func position(x: Int, y: Int, stride: Int) -> (byte: Int, shift: Int) {
    switch self {
    case .monoVerticalLSB: ((y >> 3) * stride + x, y & 7)
    case .monoHorizontalLSB: ((y * stride + x) >> 3, 7 - x & 7)
    case .monoHorizontalMSB: ((y * stride + x) >> 3, x & 7)
    case .gray2: ((y * stride + x) >> 2, (x & 3) * 2)
    case .gray4: ((y * stride + x) >> 1, x & 1 == 0 ? 4 : 0)
    case .gray8: (y * stride + x, 0)
    case .rgb565: ((y * stride + x) * 2, 0)
    }
  }
}
