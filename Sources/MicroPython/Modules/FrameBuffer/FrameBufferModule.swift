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
extension Interpreter {
  func addFrameBufferModule() {
    addModule("framebuf") { [unowned self] module in
      let type = makeFrameBufferType()
      module.attribute("FrameBuffer", type.value)
      // For firmware from before there were formats.
      module.function("FrameBuffer1", 3...4) { (vm, args) throws(Raised) in
        let format = PixelFormat.monoVerticalLSB
        let stride = args.count > 3 ? args[3] : args[1]
        return vm.heap.native(
          type,
          try vm.frameBuffer(
            [args[0], args[1], args[2], Value(smallInt: format.rawValue), stride], isWritable: true))
      }
      for (name, format) in [
        ("MVLSB", PixelFormat.monoVerticalLSB), ("MONO_VLSB", .monoVerticalLSB), ("RGB565", .rgb565),
        ("GS2_HMSB", .gray2), ("GS4_HMSB", .gray4), ("GS8", .gray8), ("MONO_HLSB", .monoHorizontalLSB),
        ("MONO_HMSB", .monoHorizontalMSB),
      ] {
        module.attribute(name, Value(smallInt: format.rawValue))
      }
    }
  }

  /// A frame buffer from the constructor's arguments: buffer, width, height, format and perhaps stride.
  private func frameBuffer(_ arguments: [Value], isWritable: Bool) throws(Raised) -> FrameBuffer {
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
    let memory = try buffer(arguments[0], writable: isWritable)
    guard format.byteCount(width: width, height: height, stride: stride) <= memory.byteCount else {
      throw error(.valueError, arguments: [])
    }
    return FrameBuffer(arguments[0], format, width: width, height: height, stride: stride)
  }

  private func pixels(of frame: FrameBuffer, isWritable: Bool = true) throws(Raised) -> PixelGrid {
    PixelGrid(
      format: frame.format, width: frame.width, height: frame.height, stride: frame.stride,
      memory: try buffer(frame.buffer, writable: isWritable).mutableBytes)
  }

  private func target(_ arguments: Arguments) throws(Raised) -> PixelGrid {
    guard let frame = NativeHandle(native(of: arguments[0]))?.payload as? FrameBuffer else {
      throw wrongReceiver()
    }
    return try pixels(of: frame)
  }

  /// Returns the source of `blit`: a frame buffer, or a tuple or list with a constructor's arguments.
  private func source(_ value: Value) throws(Raised) -> PixelGrid {
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
  private func integers(_ arguments: Arguments, _ range: ClosedRange<Int>) throws(Raised) -> [Int] {
    var integers: [Int] = []
    for index in range { integers.append(try int(arguments[index])) }
    return integers
  }

  private func flag(_ arguments: Arguments, _ index: Int) throws(Raised) -> Bool {
    arguments.count > index ? try isTrue(arguments[index]) : false
  }

  private func makeFrameBufferType() -> TypeHandle {
    let type = heap.type("FrameBuffer")
    type.info.make = { (vm, type, args) throws(Raised) in
      try vm.require(args, 4...5)
      return vm.heap.native(
        type, try vm.frameBuffer(Array(args.positional), isWritable: true), boardBytes: 32)
    }
    type.info.buffer = { vm, value in
      guard let frame = NativeHandle(value)?.payload as? FrameBuffer else { return nil }
      let part = vm.native(of: frame.buffer)
      return part.isObject ? vm.type(of: part).info.buffer?(vm, part) : nil
    }
    define(type) { builder in
      defineFilling(on: builder)
      defineShapes(on: builder)
      defineCopying(on: builder)
    }
    return type
  }

  private func defineFilling(on builder: TypeBuilder) {
    builder.method("fill", 1...1) { (vm, args) throws(Raised) in
      let color = try vm.integers(args, 1...1)[0]
      let grid = try vm.target(args)
      grid.fill(x: 0, y: 0, width: grid.width, height: grid.height, color: color)
      return .none
    }
    builder.method("pixel", 2...3) { (vm, args) throws(Raised) in
      // Arguments first here and below: making integers of them may run firmware, which may resize the buffer.
      let n = try vm.integers(args, 1...args.count - 1)
      let grid = try vm.target(args)
      guard grid.contains(n[0], n[1]) else { return .none }
      if args.count == 3 { return Value(smallInt: grid.color(n[0], n[1])) }
      grid.set(n[0], n[1], to: n[2])
      return .none
    }
    builder.method("hline", 4...4) { (vm, args) throws(Raised) in
      let n = try vm.integers(args, 1...4)
      try vm.target(args).fill(x: n[0], y: n[1], width: n[2], height: 1, color: n[3])
      return .none
    }
    builder.method("vline", 4...4) { (vm, args) throws(Raised) in
      let n = try vm.integers(args, 1...4)
      try vm.target(args).fill(x: n[0], y: n[1], width: 1, height: n[2], color: n[3])
      return .none
    }
    builder.method("fill_rect", 5...5) { (vm, args) throws(Raised) in
      let n = try vm.integers(args, 1...5)
      try vm.target(args).fill(x: n[0], y: n[1], width: n[2], height: n[3], color: n[4])
      return .none
    }
    builder.method("rect", 5...6) { (vm, args) throws(Raised) in
      let n = try vm.integers(args, 1...5)
      let isFilled = try vm.flag(args, 6)
      let grid = try vm.target(args)
      if isFilled {
        grid.fill(x: n[0], y: n[1], width: n[2], height: n[3], color: n[4])
      } else {
        grid.outline(x: n[0], y: n[1], width: n[2], height: n[3], color: n[4])
      }
      return .none
    }
  }

  private func defineShapes(on builder: TypeBuilder) {
    builder.method("line", 5...5) { (vm, args) throws(Raised) in
      let n = try vm.integers(args, 1...5)
      try vm.target(args).line(from: .init(x: n[0], y: n[1]), to: .init(x: n[2], y: n[3]), color: n[4])
      return .none
    }
    builder.method("ellipse", 5...7) { (vm, args) throws(Raised) in
      let n = try vm.integers(args, 1...5)
      // A board's words do not hold the square of a larger one.
      guard max(n[2].magnitude, n[3].magnitude) <= 0x7fff else {
        throw vm.error(.valueError, "radius must be at most 32767")
      }
      let isFilled = try vm.flag(args, 6)
      let mask = args.count > 7 ? PixelGrid.Quarters(rawValue: try vm.int(args[7])) : .all
      try vm.target(args).ellipse(
        center: .init(x: n[0], y: n[1]), radiusX: n[2], radiusY: n[3], color: n[4], isFilled: isFilled,
        quarters: mask.intersection(.all))
      return .none
    }
    builder.method("poly", 4...5) { (vm, args) throws(Raised) in
      let origin = try vm.integers(args, 1...2)
      let points = try vm.points(args[3])
      let color = try vm.integers(args, 4...4)[0]
      let corner = PixelGrid.Point(x: origin[0], y: origin[1])
      if try vm.flag(args, 5) {
        try vm.fillPolygon(points, origin: corner, color: color) { () throws(Raised) in try vm.target(args) }
      } else {
        try PixelGrid.forEachEdge(of: points) { from, to throws(Raised) in
          // Time passes from edge to edge, in which the buffer may change.
          try vm.passTime(Interpreter.edgeCost)
          try vm.target(args).line(
            from: .init(x: corner.x + from.x, y: corner.y + from.y),
            to: .init(x: corner.x + to.x, y: corner.y + to.y), color: color)
        }
      }
      return .none
    }
    builder.method("text", 3...4) { (vm, args) throws(Raised) in
      let text = try vm.utf8(args[1])
      let at = try vm.integers(args, 2...3)
      let color = args.count > 4 ? try vm.integers(args, 4...4)[0] : 1
      // A C string ends at its first zero.
      try vm.target(args).text(text.prefix { $0 != 0 }, x: at[0], y: at[1], color: color)
      return .none
    }
  }

  /// Nanoseconds that looking at one edge takes: a polygon can have very many, and a picture very many rows.
  private static let edgeCost: Int64 = 1000

  /// Fills a polygon row by row. Time passes from row to row, in which the buffer may change, so it is looked up anew.
  private func fillPolygon(
    _ points: [PixelGrid.Point], origin: PixelGrid.Point, color: Int,
    on grid: () throws(Raised) -> PixelGrid
  ) throws(Raised) {
    guard let top = points.map(\.y).min(), let bottom = points.map(\.y).max() else { return }
    let first = max(top, -origin.y)
    let last = min(bottom, try grid().height - 1 - origin.y)
    guard first <= last else { return }
    for row in first...last {
      try passTime(Int64(points.count) * Interpreter.edgeCost)
      try grid().fillRow(row, ofPolygon: points, origin: origin, color: color)
    }
  }

  /// The corners of a polygon, from an array of x and y in turn.
  private func points(_ value: Value) throws(Raised) -> [PixelGrid.Point] {
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

  private func defineCopying(on builder: TypeBuilder) {
    builder.method("blit", 3...5) { (vm, args) throws(Raised) in
      let at = try vm.integers(args, 2...3)
      let key = args.count > 4 ? try vm.integers(args, 4...4)[0] : -1
      _ = try vm.source(args[1])
      let (grid, source) = (try vm.target(args), try vm.source(args[1]))
      let palette = args.count > 5 && !args[5].isNone ? try vm.source(args[5]) : nil
      let columns = max(0, -at[0])..<max(max(0, -at[0]), min(source.width, grid.width - at[0]))
      for row in max(0, -at[1])..<max(max(0, -at[1]), min(source.height, grid.height - at[1])) {
        for column in columns {
          var color = source.color(column, row)
          if let palette { color = palette.color(color, 0) }
          if color != key { grid.set(at[0] + column, at[1] + row, to: color) }
        }
      }
      return .none
    }
    builder.method("scroll", 2...2) { (vm, args) throws(Raised) in
      let steps = try vm.integers(args, 1...2)
      try vm.target(args).scroll(dx: steps[0], dy: steps[1])
      return .none
    }
  }
}
