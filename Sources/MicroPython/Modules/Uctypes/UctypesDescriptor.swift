/// The scalar types of `uctypes`, by the numbers in its descriptors.
enum ScalarCode: Int {
  case uint8, int8, uint16, int16, uint32, int32, uint64, int64
  case bitUInt8, bitInt8, bitUInt16, bitInt16, bitUInt32, bitInt32
  case float32, float64

  /// Bytes.
  var size: Int { self == .float32 ? 4 : 1 << ((rawValue & 7) >> 1) }
  var isBitField: Bool { (ScalarCode.bitUInt8.rawValue...ScalarCode.bitInt32.rawValue).contains(rawValue) }

  fileprivate func item(isBigEndian: Bool) -> Typecode {
    switch self {
    case .float32: Typecode(.single, size: 4, isBigEndian: isBigEndian)
    case .float64: Typecode(.double, size: 8, isBigEndian: isBigEndian)
    case _ where isBitField: Typecode(.unsigned, size: size, isBigEndian: isBigEndian)
    default: Typecode(rawValue & 1 == 0 ? .unsigned : .signed, size: size, isBigEndian: isBigEndian)
    }
  }
}

/// The 31-bit numbers that descriptors are made of: type in the upper bits, offset in the lower.
enum UctypesConstants {
  static let scalarTypeShift = 27
  static let aggregateTypeShift = 29
  static let bitPositionShift = 17
  static let bitLengthShift = 22

  /// The constants of the module; types above the middle are negative, as on the board.
  static let all: [(String, Int)] = {
    let scalars: [(String, ScalarCode)] = [
      ("VOID", .uint8), ("UINT8", .uint8), ("INT8", .int8), ("UINT16", .uint16), ("INT16", .int16),
      ("UINT32", .uint32), ("INT32", .int32), ("UINT64", .uint64), ("INT64", .int64), ("BFUINT8", .bitUInt8),
      ("BFINT8", .bitInt8), ("BFUINT16", .bitUInt16), ("BFINT16", .bitInt16), ("BFUINT32", .bitUInt32),
      ("BFINT32", .bitInt32), ("FLOAT32", .float32), ("FLOAT64", .float64), ("SHORT", .int16),
      ("USHORT", .uint16), ("INT", .int32), ("UINT", .uint32), ("LONG", .int32), ("ULONG", .uint32),
      ("LONGLONG", .int64), ("ULONGLONG", .uint64),
    ]
    let layouts: [(String, UctypesStruct.Layout)] = [
      ("LITTLE_ENDIAN", .littleEndian), ("BIG_ENDIAN", .bigEndian), ("NATIVE", .native),
    ]
    return scalars.map { ($0, signed($1.rawValue << scalarTypeShift)) } + layouts.map { ($0, $1.rawValue) }
      + [
        ("BF_POS", bitPositionShift), ("BF_LEN", bitLengthShift),
        ("PTR", signed(AggregateDescriptor.Kind.pointer.rawValue << aggregateTypeShift)),
        ("ARRAY", signed(AggregateDescriptor.Kind.array.rawValue << aggregateTypeShift)),
      ]
  }()

  private static func signed(_ bits: Int) -> Int { bits >= 1 << 30 ? bits - 1 << 31 : bits }
}

/// A field that holds a number: `offset | type`, for bit fields with position and length.
struct ScalarDescriptor {
  let code: ScalarCode
  let offset: Int
  private var bitPosition = 0
  private var bitLength = 0

  init(_ code: ScalarCode, offset: Int) {
    self.code = code
    self.offset = offset
  }

  init(_ number: Int) {
    // Every four-bit number is a code.
    code = ScalarCode(rawValue: number >> UctypesConstants.scalarTypeShift & 15) ?? .uint8
    let rest = number & (1 << UctypesConstants.scalarTypeShift - 1)
    if code.isBitField {
      offset = rest & (1 << UctypesConstants.bitPositionShift - 1)
      bitPosition = rest >> UctypesConstants.bitPositionShift & 31
      bitLength = rest >> UctypesConstants.bitLengthShift & 31
    } else {
      offset = rest
    }
  }

  private var mask: Int { 1 << bitLength - 1 }

  func load(_ structure: UctypesStruct, _ vm: Interpreter) throws(Raised) -> Value {
    let place = try structure.memory.place(at: structure.address &+ offset, count: code.size, vm)
    let item = code.item(isBigEndian: structure.layout == .bigEndian)
    let value = try item.load(from: UnsafeRawBufferPointer(place), at: 0, in: vm)
    guard code.isBitField else { return value }
    return vm.heap.int(try vm.int(value) >> bitPosition & mask)
  }

  func store(_ value: Value, _ structure: UctypesStruct, _ vm: Interpreter) throws(Raised) {
    // Before the place is looked up: making a number of the value may run firmware, which may resize the memory.
    let item = code.item(isBigEndian: structure.layout == .bigEndian)
    // No item has more than eight bytes.
    var word: UInt64 = 0
    func store(_ value: Value) throws(Raised) {
      try withUnsafeMutableBytes(of: &word) { (bytes) throws(Raised) in
        try item.store(value, to: bytes, at: 0, in: vm)
      }
    }
    let bits = code.isBitField ? try vm.wideInt(value) & mask : 0
    if !code.isBitField { try store(value) }
    let place = try structure.memory.place(
      at: structure.address &+ offset, count: code.size, writable: true, vm)
    if code.isBitField {
      let old = try vm.wideInt(try item.load(from: UnsafeRawBufferPointer(place), at: 0, in: vm))
      try store(vm.heap.int(old & ~(mask << bitPosition) | bits << bitPosition))
    }
    withUnsafeBytes(of: word) { place.copyBytes(from: $0.prefix(code.size)) }
  }
}

/// A field that is a structure, an array or a pointer: `(offset | kind, …)`.
struct AggregateDescriptor {
  enum Kind: Int {
    case structure, pointer, array
    /// From the upper two bits of a descriptor's first number.
    init?(_ number: Int) { self.init(rawValue: number >> UctypesConstants.aggregateTypeShift & 3) }
  }

  let kind: Kind
  let offset: Int
  let items: TupleHandle
  /// Of an array: the code of its elements unless a third item describes them, and their number.
  private(set) var elementCode = ScalarCode.uint8
  private(set) var count = 0

  init(_ descriptor: Value, _ vm: Interpreter) throws(Raised) {
    guard let items = TupleHandle(descriptor), 2...3 ~= items.count, items[0].isSmallInt,
      let kind = Kind(items[0].smallInt)
    else { throw vm.uctypesSyntaxError() }
    self.items = items
    self.kind = kind
    offset = items[0].smallInt & (1 << UctypesConstants.aggregateTypeShift - 1)
    if kind == .array {
      guard items[1].isSmallInt else { throw vm.uctypesSyntaxError() }
      elementCode =
        ScalarCode(rawValue: items[1].smallInt >> UctypesConstants.scalarTypeShift & 15) ?? .uint8
      count = items[1].smallInt & (1 << UctypesConstants.scalarTypeShift - 1)
    } else if items.count != 2 {
      throw vm.uctypesSyntaxError()
    }
  }
}

/// The size of a whole descriptor.
struct UctypesDescriptor {
  /// Bytes; in the native layout a multiple of the largest field's size.
  private(set) var size = 0
  private var largestField = 1

  init(_ descriptor: Value, _ layout: UctypesStruct.Layout, _ vm: Interpreter) throws(Raised) {
    size = try measure(descriptor, layout, depth: 0, vm)
  }

  private mutating func measure(
    _ descriptor: Value, _ layout: UctypesStruct.Layout, depth: Int, _ vm: Interpreter
  ) throws(Raised) -> Int {
    if depth > 50 { throw vm.uctypesSyntaxError() }
    // A description that stands in another many times is measured as often.
    try vm.passTime(vm.costs.iteration)
    guard let fields = DictHandle(descriptor) else {
      return try measureAggregate(try AggregateDescriptor(descriptor, vm), layout, depth: depth, vm)
    }
    var total = 0
    for entry in fields.entries {
      if entry.value.isSmallInt {
        let scalar = ScalarDescriptor(entry.value.smallInt)
        largestField = max(largestField, scalar.code.size)
        total = max(total, scalar.offset + scalar.code.size)
      } else {
        let aggregate = try AggregateDescriptor(entry.value, vm)
        total = max(total, aggregate.offset + (try measureAggregate(aggregate, layout, depth: depth, vm)))
      }
    }
    return layout == .native ? (total + largestField - 1) / largestField * largestField : total
  }

  private mutating func measureAggregate(
    _ aggregate: AggregateDescriptor, _ layout: UctypesStruct.Layout, depth: Int, _ vm: Interpreter
  ) throws(Raised) -> Int {
    switch aggregate.kind {
    case .structure: return try measure(aggregate.items[1], layout, depth: depth + 1, vm)
    case .pointer:
      largestField = max(largestField, Heap.boardWord)
      return Heap.boardWord
    case .array where aggregate.items.count == 2:
      largestField = max(largestField, aggregate.elementCode.size)
      return aggregate.count * aggregate.elementCode.size
    case .array:
      // No structure is larger than the range of an address.
      let element = min(try measure(aggregate.items[2], layout, depth: depth + 1, vm), 1 << 32)
      return min(aggregate.count * element, 1 << 32)
    }
  }
}

extension Interpreter {
  func uctypesSyntaxError() -> Raised { error(.typeError, "syntax error in uctypes descriptor") }
}
