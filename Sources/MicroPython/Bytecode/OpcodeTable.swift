/// An opcode's description for all code but the loop: prices, the compiler's view of the flow and the
/// disassembly follow from it. The instruction's action stands in the loop.
struct OpcodeDescription {
  /// The meaning of an instruction's parts, in the order in which they are shown.
  enum Operand {
    /// Registers.
    case a, b, c
    /// Numbers.
    case numberB, numberC, signedB, signedC, signedBC
    /// Constants.
    case constantB, constantC
    /// Names, by themselves or by way of a cache.
    case nameB, nameC, cacheC
    /// The code of a function inside this one.
    case childB
    /// How many items come before and behind the list of `unpackStar`.
    case itemsAroundStar
    /// The target of a jump, by C alone or by B and C.
    case shortTarget, longTarget
  }

  /// The flow of execution after the instruction.
  enum Flow {
    case next
    /// The next instruction or the target of a jump.
    case branches
    /// The target of a jump.
    case jumps
    /// Nothing of this code.
    case ends
  }

  let operands: [Operand]
  var flow = Flow.next
  /// Whether the loop charges time here, for the instructions before too.
  var charges = false
  /// The instruction whose price it has, because the board has no such one as this; `nil` for its own.
  var pricedAs: Opcode?
  /// Whether it stores to where others may store too: a global, an attribute, an item, a variable of an enclosing function.
  var storesShared = false
  /// Whether it only reports to an observer; it takes no board time.
  var isWatch = false

  init(_ operands: Operand...) { self.operands = operands }

  /// Returns the description of one of the many that differ in their action alone.
  fileprivate func ending(_ flow: Flow, charges: Bool = false, pricedAs: Opcode? = nil) -> OpcodeDescription {
    var description = self
    description.flow = flow
    description.charges = charges
    description.pricedAs = pricedAs
    return description
  }

  fileprivate func priced(as opcode: Opcode) -> OpcodeDescription {
    var description = self
    description.pricedAs = opcode
    return description
  }

  fileprivate var charging: OpcodeDescription { ending(.next, charges: true) }

  fileprivate var storingShared: OpcodeDescription {
    var description = self
    description.storesShared = true
    return description
  }

  fileprivate var watching: OpcodeDescription {
    var description = self
    description.isWatch = true
    return description
  }
}

extension Opcode {
  /// By raw value.
  private static let table: [OpcodeDescription] = allCases.map(\.described)

  var entry: OpcodeDescription { Self.table[Int(rawValue)] }

  private var described: OpcodeDescription {
    switch self {
    // Registers, constants, names
    case .nop: OpcodeDescription()
    case .move: OpcodeDescription(.a, .b)
    case .loadConstant: OpcodeDescription(.a, .constantB)
    case .loadInt: OpcodeDescription(.a, .signedBC)
    case .loadNone, .unbind, .checkBound: OpcodeDescription(.a)
    case .loadGlobal, .loadName, .storeName: OpcodeDescription(.a, .nameB)
    case .loadGlobalForMethod: OpcodeDescription(.a, .nameB).priced(as: .loadGlobal)
    case .storeGlobal: OpcodeDescription(.a, .nameB).storingShared
    case .deleteGlobal, .deleteName: OpcodeDescription(.nameB)
    case .makeCell, .deleteCell: OpcodeDescription(.a)
    case .loadClosureCell: OpcodeDescription(.a, .numberB)
    case .loadCell: OpcodeDescription(.a, .b)
    case .storeCell: OpcodeDescription(.a, .b).storingShared

    // Operators
    case .add, .subtract, .multiply, .floorDivide, .modulo, .trueDivide, .power, .bitAnd, .bitOr, .bitXor,
      .shiftLeft,
      .shiftRight, .matrixMultiply, .inplaceAdd, .inplaceSubtract, .inplaceMultiply, .inplaceFloorDivide,
      .inplaceModulo, .inplaceTrueDivide, .inplacePower, .inplaceBitAnd, .inplaceBitOr, .inplaceBitXor,
      .inplaceShiftLeft, .inplaceShiftRight, .inplaceMatrixMultiply:
      OpcodeDescription(.a, .b, .c)
    case .addInt, .subtractInt, .inplaceAddInt, .inplaceSubtractInt: OpcodeDescription(.a, .b, .signedC)
    case .negate, .positive, .invert, .not: OpcodeDescription(.a, .b)
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .is, .isNot, .contains,
      .notContains:
      OpcodeDescription(.a, .b, .c)

    // Jumps
    case .jump: OpcodeDescription(.longTarget).ending(.jumps, charges: true)
    case .jumpIfTrue, .jumpIfFalse, .jumpIfNone, .jumpIfNotNone:
      OpcodeDescription(.a, .longTarget).ending(.branches, charges: true)
    case .jumpIfLess, .jumpIfLessOrEqual, .jumpIfGreater, .jumpIfGreaterOrEqual, .jumpIfEqual,
      .jumpIfNotEqual,
      .jumpUnlessLess, .jumpUnlessLessOrEqual, .jumpUnlessGreater, .jumpUnlessGreaterOrEqual,
      .jumpUnlessEqual,
      .jumpUnlessNotEqual, .jumpIfIs, .jumpIfIsNot:
      OpcodeDescription(.a, .b, .shortTarget).ending(.branches, charges: true)
    case .jumpIfLessInt, .jumpIfLessOrEqualInt, .jumpIfGreaterInt, .jumpIfGreaterOrEqualInt, .jumpIfEqualInt,
      .jumpIfNotEqualInt, .jumpUnlessLessInt, .jumpUnlessLessOrEqualInt, .jumpUnlessGreaterInt,
      .jumpUnlessGreaterOrEqualInt, .jumpUnlessEqualInt, .jumpUnlessNotEqualInt:
      OpcodeDescription(.a, .signedB, .shortTarget).ending(.branches, charges: true)

    // Calls
    case .call, .callMethod: OpcodeDescription(.a, .numberB).charging
    case .callKeywords, .callMethodKeywords: OpcodeDescription(.a, .numberB, .constantC).charging
    case .callSpread: OpcodeDescription(.a).charging
    case .loadMethod, .loadSuperMethod: OpcodeDescription(.a, .b, .cacheC)
    case .returnValue: OpcodeDescription(.a).ending(.ends, charges: true)
    case .returnNone: OpcodeDescription().ending(.ends, charges: true)

    // Attributes and items
    case .getAttribute: OpcodeDescription(.a, .b, .cacheC)
    case .setAttribute: OpcodeDescription(.a, .b, .cacheC).storingShared
    case .deleteAttribute: OpcodeDescription(.a, .nameB)
    case .getItem: OpcodeDescription(.a, .b, .c)
    case .getItemInt: OpcodeDescription(.a, .b, .signedC)
    case .setItem: OpcodeDescription(.a, .b, .c).storingShared
    case .deleteItem: OpcodeDescription(.a, .b)

    // Building
    case .buildTuple, .buildList, .buildSet, .buildDict, .unpack: OpcodeDescription(.a, .b, .numberC)
    case .buildKeywords, .listToTuple: OpcodeDescription(.a)
    case .reserve: OpcodeDescription(.a, .signedBC)
    case .buildSlice: OpcodeDescription(.a, .b)
    case .listAppend, .listExtend, .setAdd, .setUpdate, .dictUpdate, .dictMergeKeywords:
      OpcodeDescription(.a, .b)
    case .dictSet: OpcodeDescription(.a, .b, .c)
    case .unpackStar: OpcodeDescription(.a, .b, .itemsAroundStar)

    // Iteration
    case .getIterator: OpcodeDescription(.a, .b)
    case .forIterator, .forRange: OpcodeDescription(.a, .b, .shortTarget).ending(.branches, charges: true)
    case .forCount:
      OpcodeDescription(.a, .b, .shortTarget).ending(.branches, charges: true, pricedAs: .forRange)
    case .repeatIterator, .repeatRange, .repeatCount:
      OpcodeDescription(.longTarget).ending(.jumps, charges: true, pricedAs: .jump)

    // Generators and coroutines
    case .generatorStart: OpcodeDescription()
    case .yieldValue: OpcodeDescription(.a, .b).charging
    case .yieldFrom, .await: OpcodeDescription(.a).charging

    // Exceptions
    case .raise, .reraise: OpcodeDescription(.a).ending(.ends)
    case .raiseFrom: OpcodeDescription(.a, .b).ending(.ends)
    case .raiseNothing: OpcodeDescription().ending(.ends)
    case .jumpUnlessMatch: OpcodeDescription(.a, .b, .shortTarget).ending(.branches)
    case .exceptionTriple: OpcodeDescription(.a, .b)

    // Imports, functions, classes
    case .importName: OpcodeDescription(.a, .nameB, .c)
    case .importFrom: OpcodeDescription(.a, .b, .nameC)
    case .importStar, .loadBuildClass: OpcodeDescription(.a)
    case .makeFunction: OpcodeDescription(.a, .childB, .c)

    // Machine words
    case .wordAdd, .wordSubtract, .wordMultiply, .wordFloorDivide, .wordModulo, .wordBitAnd, .wordBitOr,
      .wordBitXor,
      .wordShiftLeft, .wordShiftRight, .loadWord8, .loadWord16, .loadWord32, .storeWord8, .storeWord16,
      .storeWord32:
      OpcodeDescription(.a, .b, .c)
    case .wordNegate, .wordInvert, .toWordBool, .toWordInt, .toWordUInt, .toWordPointer, .wordToObject:
      OpcodeDescription(.a, .b)

    case .runAssembly, .printExpression: OpcodeDescription(.a)

    // Observers
    case .watchGlobalRead: OpcodeDescription(.nameB).watching
    case .watchGlobalWrite: OpcodeDescription(.nameB, .c).watching
    case .watchCellRead, .watchContentRead: OpcodeDescription(.a).watching
    case .watchCellWrite: OpcodeDescription(.a, .c).watching
    case .watchAttributeRead: OpcodeDescription(.a, .nameB).watching
    case .watchAttributeWrite: OpcodeDescription(.a, .nameB, .c).watching
    case .watchItemRead: OpcodeDescription(.a, .b).watching
    case .watchItemWrite: OpcodeDescription(.a, .b, .c).watching
    case .watchItemIntRead: OpcodeDescription(.a, .signedC).watching
    case .watchContentWrite: OpcodeDescription(.a, .numberC).watching
    }
  }

  // MARK: Derived properties

  /// Whether it jumps by the operand C alone.
  var hasShortJump: Bool { entry.operands.last == .shortTarget }
  /// Whether it is a jump without a condition.
  var jumpsAlways: Bool { entry.flow == .jumps }
  /// Whether the next instruction never follows, because the code is left.
  var endsFlow: Bool { entry.flow == .ends }
  /// Whether the loop charges time at this instruction.
  var charges: Bool { entry.charges }
  var storesShared: Bool { entry.storesShared }
  /// Whether it only reports to an observer; it takes no board time.
  var isWatch: Bool { entry.isWatch }
  /// The instruction that costs as much on the board, which has no such one as this.
  var pricedAs: Opcode { entry.pricedAs ?? self }
}
