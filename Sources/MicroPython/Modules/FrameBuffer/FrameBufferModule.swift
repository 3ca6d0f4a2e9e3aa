/// The state of a `framebuf.FrameBuffer`; its pixels are in the buffer that it was given.
final class FrameBuffer: ValueHolding {
  let buffer: Value
  let format: PixelFormat
  let width: Int
  let height: Int
  let stride: Int

  init(_ buffer: Value, _ format: PixelFormat, width: Int, height: Int, stride: Int) {
    self.buffer = buffer
    self.format = format
    self.width = width
    self.height = height
    self.stride = stride
  }

  func visitValues(_ visit: (Value) -> Void) { visit(buffer) }
}

/// `framebuf`: pictures in memory.
enum FrameBufferModule: PythonModule {
  static let name = "framebuf"

  static func define(_ module: PythonModuleBuilder<Interpreter>) {
    let objects = module.add(FrameBufferClass.self)
    // For firmware from before there were formats.
    module.function(
      "FrameBuffer1", .required("buffer", .value), .required("width", .value), .required("height", .value),
      .optional("stride", .value)
    ) { call, buffer, width, height, stride in
      let format = Value(smallInt: PixelFormat.monoVerticalLSB.rawValue)
      return objects.make(
        try call.vm.frameBuffer([buffer, width, height, format, stride ?? width], isWritable: true),
        boardBytes: 16)
    }
    for (name, format) in [
      ("MVLSB", PixelFormat.monoVerticalLSB), ("MONO_VLSB", .monoVerticalLSB), ("RGB565", .rgb565),
      ("GS2_HMSB", .gray2), ("GS4_HMSB", .gray4), ("GS8", .gray8), ("MONO_HLSB", .monoHorizontalLSB),
      ("MONO_HMSB", .monoHorizontalMSB),
    ] {
      module.constant(name, format.rawValue)
    }
  }
}

/// `framebuf.FrameBuffer`
private enum FrameBufferClass: PythonClass {
  static let name = "FrameBuffer"
  static let boardBytes = 32

  static func define(_ type: PythonClassBuilder<Interpreter, FrameBuffer>) {
    type.make(
      .required("buffer", .value), .required("width", .value), .required("height", .value),
      .required("format", .value), .optional("stride", .value)
    ) { call, buffer, width, height, format, stride in
      try call.vm.frameBuffer(
        [buffer, width, height, format] + (stride.map { [$0] } ?? []), isWritable: true)
    }
    let objects = type.objects
    type.slots.buffer = { vm, value in
      guard let frame = objects.receiver(ifAny: value) else { return nil }
      let part = vm.native(of: frame.buffer)
      return part.isObject ? vm.type(of: part).info.buffer?(vm, part) : nil
    }
    defineFilling(of: type)
    defineShapes(of: type)
    defineCopying(of: type)
  }

  // Arguments are converted before the buffer is looked up: making integers of them may run firmware, which may resize it.

  private static func defineFilling(of type: PythonClassBuilder<Interpreter, FrameBuffer>) {
    type.fastMethod("fill", "c") { (frame, vm, args) throws(Raised) in
      let color = try vm.integers(args, 0...0)[0]
      let grid = try vm.pixels(of: frame)
      vm.charge(pixels: grid.fill(x: 0, y: 0, width: grid.width, height: grid.height, color: color))
      return .none
    }
    type.fastMethod("pixel", "x", "y", optional: ["c"]) { (frame, vm, args) throws(Raised) in
      let n = try vm.integers(args, 0...args.count - 1)
      let grid = try vm.pixels(of: frame)
      guard grid.contains(n[0], n[1]) else { return .none }
      if args.count == 2 { return Value(smallInt: grid.color(n[0], n[1])) }
      grid.set(n[0], n[1], to: n[2])
      return .none
    }
    type.fastMethod("hline", "x", "y", "w", "c") { (frame, vm, args) throws(Raised) in
      let n = try vm.integers(args, 0...3)
      vm.charge(
        pixels: try vm.pixels(of: frame).fill(x: n[0], y: n[1], width: n[2], height: 1, color: n[3]))
      return .none
    }
    type.fastMethod("vline", "x", "y", "h", "c") { (frame, vm, args) throws(Raised) in
      let n = try vm.integers(args, 0...3)
      vm.charge(
        pixels: try vm.pixels(of: frame).fill(x: n[0], y: n[1], width: 1, height: n[2], color: n[3]))
      return .none
    }
    type.fastMethod("fill_rect", "x", "y", "w", "h", "c") { (frame, vm, args) throws(Raised) in
      let n = try vm.integers(args, 0...4)
      vm.charge(
        pixels: try vm.pixels(of: frame).fill(x: n[0], y: n[1], width: n[2], height: n[3], color: n[4]))
      return .none
    }
    type.fastMethod("rect", "x", "y", "w", "h", "c", optional: ["f"]) { (frame, vm, args) throws(Raised) in
      let n = try vm.integers(args, 0...4)
      let isFilled = try vm.flag(args, 5)
      let grid = try vm.pixels(of: frame)
      vm.charge(
        pixels: isFilled
          ? grid.fill(x: n[0], y: n[1], width: n[2], height: n[3], color: n[4])
          : grid.outline(x: n[0], y: n[1], width: n[2], height: n[3], color: n[4]))
      return .none
    }
  }

  private static func defineShapes(of type: PythonClassBuilder<Interpreter, FrameBuffer>) {
    type.fastMethod("line", "x1", "y1", "x2", "y2", "c") { (frame, vm, args) throws(Raised) in
      let n = try vm.integers(args, 0...4)
      vm.charge(
        pixels: try vm.pixels(of: frame).line(
          from: .init(x: n[0], y: n[1]), to: .init(x: n[2], y: n[3]), color: n[4]))
      return .none
    }
    type.fastMethod("ellipse", "x", "y", "xr", "yr", "c", optional: ["f", "m"]) {
      (frame, vm, args) throws(Raised) in
      let n = try vm.integers(args, 0...4)
      // A board's words do not hold the square of a larger one.
      guard max(n[2].magnitude, n[3].magnitude) <= 0x7fff else {
        throw vm.error(.valueError, "radius must be at most 32767")
      }
      let isFilled = try vm.flag(args, 5)
      let mask = args.count > 6 ? PixelGrid.Quarters(rawValue: try vm.int(args[6])) : .all
      vm.charge(
        pixels: try vm.pixels(of: frame).ellipse(
          center: .init(x: n[0], y: n[1]), radiusX: n[2], radiusY: n[3], color: n[4], isFilled: isFilled,
          quarters: mask.intersection(.all)))
      return .none
    }
    type.fastMethod("poly", "x", "y", "coords", "c", optional: ["f"]) { (frame, vm, args) throws(Raised) in
      let origin = try vm.integers(args, 0...1)
      let points = try vm.points(args[2])
      let color = try vm.integers(args, 3...3)[0]
      let corner = PixelGrid.Point(x: origin[0], y: origin[1])
      if try vm.flag(args, 4) {
        try vm.fillPolygon(points, origin: corner, color: color) { () throws(Raised) in
          try vm.pixels(of: frame)
        }
      } else {
        try PixelGrid.forEachEdge(of: points) { from, to throws(Raised) in
          // Time passes from edge to edge, in which the buffer may change.
          try vm.passTime(Interpreter.edgeCost)
          vm.charge(
            pixels: try vm.pixels(of: frame).line(
              from: .init(x: corner.x + from.x, y: corner.y + from.y),
              to: .init(x: corner.x + to.x, y: corner.y + to.y), color: color))
        }
      }
      return .none
    }
    type.fastMethod("text", "s", "x", "y", optional: ["c"]) { (frame, vm, args) throws(Raised) in
      let text = try vm.utf8(args[0])
      let at = try vm.integers(args, 1...2)
      let color = args.count > 3 ? try vm.integers(args, 3...3)[0] : 1
      // A C string ends at its first zero.
      vm.charge(
        pixels: try vm.pixels(of: frame).text(text.prefix { $0 != 0 }, x: at[0], y: at[1], color: color))
      return .none
    }
  }

  private static func defineCopying(of type: PythonClassBuilder<Interpreter, FrameBuffer>) {
    type.fastMethod("blit", "fbuf", "x", "y", optional: ["key", "palette"]) {
      (frame, vm, args) throws(Raised) in
      let at = try vm.integers(args, 1...2)
      let key = args.count > 3 ? try vm.integers(args, 3...3)[0] : -1
      _ = try vm.source(args[0])
      let (grid, source) = (try vm.pixels(of: frame), try vm.source(args[0]))
      let palette = args.count > 4 && !args[4].isNone ? try vm.source(args[4]) : nil
      vm.charge(pixels: grid.blit(source, x: at[0], y: at[1], key: key, palette: palette))
      return .none
    }
    type.fastMethod("scroll", "xstep", "ystep") { (frame, vm, args) throws(Raised) in
      let steps = try vm.integers(args, 0...1)
      vm.charge(pixels: try vm.pixels(of: frame).scroll(dx: steps[0], dy: steps[1]))
      return .none
    }
  }
}

extension Interpreter {
  /// A frame buffer from the constructor's arguments: buffer, width, height, format and perhaps stride.
  fileprivate func frameBuffer(_ arguments: [Value], isWritable: Bool) throws(Raised) -> FrameBuffer {
    let (width, height) = (try int(arguments[1]), try int(arguments[2]))
    let formatNumber = try int(arguments[3])
    var stride = arguments.count > 4 ? try int(arguments[4]) : width
    let limit = 0xffff
    guard (1...limit).contains(width), (1...limit).contains(height), (width...limit).contains(stride) else {
      throw error(.valueError, arguments: [])
    }
    guard let format = PixelFormat(rawValue: formatNumber) else { throw error(.valueError, "invalid format") }
    let unit = format.pixelsPerUnit
    stride = (stride + unit - 1) / unit * unit
    let memory = try pictureBuffer(arguments[0], writable: isWritable)
    guard format.byteCount(width: width, height: height, stride: stride) <= memory.byteCount else {
      throw error(.valueError, arguments: [])
    }
    return FrameBuffer(arguments[0], format, width: width, height: height, stride: stride)
  }

  fileprivate func pixels(of frame: FrameBuffer, isWritable: Bool = true) throws(Raised) -> PixelGrid {
    PixelGrid(
      format: frame.format, width: frame.width, height: frame.height, stride: frame.stride,
      memory: try pictureBuffer(frame.buffer, writable: isWritable).mutableBytes)
  }

  /// The memory of a picture. Its time is that of the pixels that are drawn, however large it is.
  private func pictureBuffer(_ value: Value, writable: Bool) throws(Raised) -> BufferView {
    if let view = bufferInPartIfAny(value, writable: writable) { return view }
    return try buffer(value, writable: writable)
  }

  /// Charges the time of so many pixels, each as that of a byte.
  fileprivate func charge(pixels count: Int) { charge(bytes: count) }

  /// Returns the source of `blit`: a frame buffer, or a tuple or list with a constructor's arguments.
  fileprivate func source(_ value: Value) throws(Raised) -> PixelGrid {
    if let frame = NativeHandle(native(of: value))?.payload as? FrameBuffer {
      return try pixels(of: frame, isWritable: false)
    }
    guard
      let items = TupleHandle(value).map({ Array($0.items) }) ?? ListHandle(value).map({ Array($0.items) })
    else { throw notSequence(value) }
    guard (4...5).contains(items.count) else { throw error(.valueError, arguments: []) }
    return try pixels(of: try frameBuffer(items, isWritable: false), isWritable: false)
  }

  /// Coordinates and colors, as wide as a board's integers.
  fileprivate func integers(_ arguments: Arguments, _ range: ClosedRange<Int>) throws(Raised) -> [Int] {
    var integers: [Int] = []
    for index in range { integers.append(try int(arguments[index])) }
    return integers
  }

  fileprivate func flag(_ arguments: Arguments, _ index: Int) throws(Raised) -> Bool {
    arguments.count > index ? try isTrue(arguments[index]) : false
  }

  /// Nanoseconds that looking at one edge takes: a polygon can have very many, and a picture very many rows.
  fileprivate static let edgeCost: Int64 = 1000

  /// Fills a polygon row by row. Time passes from row to row, in which the buffer may change, so it is looked up anew.
  fileprivate func fillPolygon(
    _ points: [PixelGrid.Point], origin: PixelGrid.Point, color: Int,
    on grid: () throws(Raised) -> PixelGrid
  ) throws(Raised) {
    guard let top = points.map(\.y).min(), let bottom = points.map(\.y).max() else { return }
    let first = max(top, -origin.y)
    let last = min(bottom, try grid().height - 1 - origin.y)
    guard first <= last else { return }
    for row in first...last {
      try passTime(Int64(points.count) * Interpreter.edgeCost)
      charge(pixels: try grid().fillRow(row, ofPolygon: points, origin: origin, color: color))
    }
  }

  /// The corners of a polygon, from an array of x and y in turn.
  fileprivate func points(_ value: Value) throws(Raised) -> [PixelGrid.Point] {
    let view = try buffer(value)
    guard let item = Typecode(code: view.typeCode, isBigEndian: false) else { throw wrongReceiver() }
    func coordinate(_ offset: Int) throws(Raised) -> Int {
      try int(item.load(from: view.bytes, at: offset, in: self))
    }
    return try (0..<view.byteCount / (2 * item.size)).map { (index) throws(Raised) in
      let offset = index * 2 * item.size
      return PixelGrid.Point(x: try coordinate(offset), y: try coordinate(offset + item.size))
    }
  }
}
