/// The instructions of the register machine. `R[n]` is a register of the running frame, `K[n]` a constant
/// of its code, `N[n]` a name of its code (an interned string), `cache` an inline cache of its code.
/// A, B and C are the operands; "jump sC" adds the signed operand C to the address of the *next* instruction,
/// "jump sBC" the signed 32-bit operand made of B and C.
enum Opcode: UInt8, CaseIterable, Sendable {
  // Registers and constants
  case nop
  /// R[A] = R[B]
  case move
  /// R[A] = K[B]
  case loadConstant
  /// R[A] = the small integer sBC
  case loadInt
  /// R[A] = None
  case loadNone
  /// R[A] becomes unbound (reads of it are guarded by `checkBound`)
  case unbind
  /// NameError "local variable referenced before assignment" if R[A] is unbound
  case checkBound

  // Names
  /// R[A] = module global (then built-in) N[B]; cache C
  case loadGlobal
  /// module global N[B] = R[A]; cache C
  case storeGlobal
  /// delete module global N[B]
  case deleteGlobal
  /// class bodies, exec: R[A] = N[B] in the frame's locals dictionary, then globals, then built-ins
  case loadName
  case storeName
  case deleteName

  // Closures. A cell is a heap object that holds one value.
  /// R[A] = new cell that holds the present R[A] (unbound allowed)
  case makeCell
  /// R[A] = cell B of the running function's closure
  case loadClosureCell
  /// R[A] = content of cell R[B]; NameError if unbound
  case loadCell
  /// content of cell R[A] = R[B]
  case storeCell
  /// unbind content of cell R[A]; NameError if it was unbound
  case deleteCell

  // Arithmetic: R[A] = R[B] op R[C]. Same order as `BinaryOperator`.
  case add, subtract, multiply, floorDivide, modulo, trueDivide, power
  case bitAnd, bitOr, bitXor, shiftLeft, shiftRight, matrixMultiply
  // The same for `op=`: R[A] = R[B] op= R[C] (`__iadd__` and friends first).
  case inplaceAdd, inplaceSubtract, inplaceMultiply, inplaceFloorDivide, inplaceModulo, inplaceTrueDivide
  case inplacePower, inplaceBitAnd, inplaceBitOr, inplaceBitXor, inplaceShiftLeft, inplaceShiftRight
  case inplaceMatrixMultiply
  /// R[A] = R[B] + the small integer sC
  case addInt
  /// R[A] = R[B] - sC
  case subtractInt
  /// the same as `+=` and `-=`
  case inplaceAddInt, inplaceSubtractInt
  /// R[A] = op R[B]
  case negate, positive, invert, not

  // Comparison: R[A] = R[B] op R[C] as a bool. Same order as `ComparisonOperator`.
  case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual, `is`, isNot, contains, notContains

  // Jumps. Every taken jump is a safe point (interrupts, collection, Ctrl-C).
  /// jump sBC
  case jump
  /// jump sBC if R[A] is true / false
  case jumpIfTrue, jumpIfFalse
  /// jump sC if (R[A] op R[B])
  case jumpIfLess, jumpIfLessOrEqual, jumpIfGreater, jumpIfGreaterOrEqual, jumpIfEqual, jumpIfNotEqual
  /// jump sC if not (R[A] op R[B])  (not the same as the opposite test for NaN and user classes)
  case jumpUnlessLess, jumpUnlessLessOrEqual, jumpUnlessGreater, jumpUnlessGreaterOrEqual
  case jumpUnlessEqual, jumpUnlessNotEqual
  /// jump sC if (R[A] op the small integer sB)
  case jumpIfLessInt, jumpIfLessOrEqualInt, jumpIfGreaterInt, jumpIfGreaterOrEqualInt
  case jumpIfEqualInt, jumpIfNotEqualInt
  /// jump sC if not (R[A] op sB)
  case jumpUnlessLessInt, jumpUnlessLessOrEqualInt, jumpUnlessGreaterInt, jumpUnlessGreaterOrEqualInt
  case jumpUnlessEqualInt, jumpUnlessNotEqualInt
  /// jump sC if R[A] is R[B] / is not
  case jumpIfIs, jumpIfIsNot
  /// jump sBC if R[A] is None / is not None
  case jumpIfNone, jumpIfNotNone

  // Calls. R[A] is the callee and receives the result; arguments follow it. The callee's registers may lie on
  // its arguments, so that nothing of the caller lives in or above them.
  /// R[A] = R[A](R[A+1] … R[A+B])
  case call
  /// like `call`; of the B arguments the last ones are keywords, their names are the tuple K[C]
  case callKeywords
  /// R[A] = R[A](*R[A+1], **R[A+2]); R[A+1] is a list or tuple, R[A+2] a dict, or None if there are no keywords
  case callSpread
  /// R[A], R[A+1] = method and receiver of attribute `cache C` of R[B]; R[A+1] is unbound when the attribute
  /// is not a method to be bound (then R[A] is an ordinary callable); A may equal B
  case loadMethod
  /// `loadGlobal` that takes the `loadMethod` behind it along; put in its place when code is loaded (`joiningPairs`)
  case loadGlobalForMethod
  /// R[A] = method R[A] with receiver R[A+1] and arguments R[A+2] … R[A+1+B]
  case callMethod
  /// the same with keyword names K[C]; B counts all arguments without the receiver
  case callMethodKeywords
  /// R[A], R[A+1] = function and receiver for `super().name`, cache C, class cell content R[B],
  /// receiver R[B+1] (used for zero-argument super() directly followed by .name(…)); A may equal B
  case loadSuperMethod
  /// leave the frame with R[A]
  case returnValue
  /// leave the frame with None
  case returnNone

  // Attributes and items
  /// R[A] = R[B].name, cache C
  case getAttribute
  /// R[A].name = R[B], cache C
  case setAttribute
  /// del R[A].N[B]
  case deleteAttribute
  /// R[A] = R[B][R[C]]
  case getItem
  /// R[A] = R[B][sC]
  case getItemInt
  /// R[A][R[B]] = R[C]
  case setItem
  /// del R[A][R[B]]
  case deleteItem

  // Building
  /// R[A] = tuple / list / set of the C registers from R[B]
  case buildTuple, buildList, buildSet
  /// R[A] = dict of C key/value pairs in registers from R[B] (key, value, key, value …)
  case buildDict
  /// R[A] = empty dict for keyword arguments, which keeps their order
  case buildKeywords
  /// makes room in the empty set or dict R[A] for sBC entries; `buildSet` and `buildDict` do so themselves
  case reserve
  /// R[A] = slice(R[B], R[B+1], R[B+2]); C is 1 if only the next instruction uses it, 2 for other indices
  case buildSlice
  /// list R[A] append R[B]
  case listAppend
  /// list R[A] extend with iterable R[B]
  case listExtend
  /// set R[A] add R[B]
  case setAdd
  /// set R[A] update with iterable R[B]
  case setUpdate
  /// dict R[A][R[B]] = R[C]
  case dictSet
  /// dict R[A] update with mapping R[B]
  case dictUpdate
  /// as `dictUpdate`, for `**` in calls: keys must be strings, doubles raise TypeError
  case dictMergeKeywords
  /// R[A] = tuple(list R[A])
  case listToTuple
  /// R[A] … R[A+C-1] = the C items of iterable R[B]; ValueError when the count differs
  case unpack
  /// `a, *b, c = …`: (C & 0xff) items before, then a list, then (C >> 8) items, into registers from A
  case unpackStar

  // Iteration
  /// R[A] = iter(R[B])
  case getIterator
  /// R[A] = next value of iterator R[B], or jump sC when it is exhausted
  case forIterator
  /// counted loop, R[A] counter, R[A+1] stop, R[A+2] step (a non-zero integer constant): if the counter has
  /// not reached stop, R[B] = counter, counter += step; else jump sC
  case forRange
  /// `forRange` with a step of 1
  case forCount
  /// jump sBC to a `forIterator` / `forRange` / `forCount`, which is executed at once
  case repeatIterator, repeatRange, repeatCount

  // Generators and coroutines
  /// a generator's first instruction: a resume with a value other than None raises TypeError
  case generatorStart
  /// yields R[B] to the caller; R[A] = the value sent in
  case yieldValue
  /// delegates to the iterator R[A] until it ends; then R[A] = its result
  case yieldFrom
  /// `await`: R[A] = iter(R[A]) followed by `yieldFrom` (native awaitables park the task)
  case await

  // Exceptions. Handlers stand in the code's exception table.
  /// raise R[A]
  case raise
  /// raise R[A] from R[B]
  case raiseFrom
  /// raise the exception object R[A] again, its traceback continued (end of `finally`, unmatched `except`,
  /// bare `raise` in a handler)
  case reraise
  /// a bare `raise` outside every handler: RuntimeError "no active exception to reraise"
  case raiseNothing
  /// jump sC unless exception R[A] matches the class (or tuple of classes) R[B]
  case jumpUnlessMatch
  /// R[A], R[A+1], R[A+2] = type, value and None (traceback) of exception R[B], for `__exit__`
  case exceptionTriple

  // Imports
  /// R[A] = import of N[B]; R[C] = fromlist (tuple or None), R[C+1] = level
  case importName
  /// R[A] = attribute N[C] of module R[B] (ImportError if it has none)
  case importFrom
  /// all public names of module R[A] into the frame's names
  case importStar

  // Functions and classes
  /// R[A] = function of child code B; R[C] = tuple of defaults or None, R[C+1] = dict of keyword-only
  /// defaults or None, R[C+2] = tuple of closure cells or None
  case makeFunction
  /// R[A] = the class builder: called with (body function, name, *bases, **keywords) as `__build_class__`.
  /// The body function returns None or its `__class__` cell, whose content the builder sets to the new class.
  case loadBuildClass
  // Machine words (viper), kept as small integers: signed ones as such, unsigned ones and pointers without sign.
  /// R[A] = R[B] op R[C], wrapped around to a signed word of 32 bits
  case wordAdd, wordSubtract, wordMultiply, wordFloorDivide, wordModulo
  case wordBitAnd, wordBitOr, wordBitXor, wordShiftLeft, wordShiftRight
  /// R[A] = op R[B], signed
  case wordNegate, wordInvert
  /// R[A] = object or word R[B] as a word of that type
  case toWordBool, toWordInt, toWordUInt, toWordPointer
  /// R[A] = word R[B] as an object
  case wordToObject
  /// R[A] = the item at index R[C] from pointer R[B]
  case loadWord8, loadWord16, loadWord32
  /// the item at index R[B] from pointer R[A] = R[C]
  case storeWord8, storeWord16, storeWord32

  /// R[A] = what the function's machine code returns; its arguments are the first registers
  case runAssembly

  /// prints R[A] as the REPL does and binds `_` unless it is None
  case printExpression

  // Reported to an observer before the access itself; only in code that is compiled with
  // `watchesSharedState`.
  /// the global N[B] is read / becomes R[C]
  case watchGlobalRead, watchGlobalWrite
  /// the content of cell R[A] is read / becomes R[C]
  case watchCellRead, watchCellWrite
  /// R[A].N[B] is read / becomes R[C]
  case watchAttributeRead, watchAttributeWrite
  /// R[A][R[B]] is read / becomes R[C]
  case watchItemRead, watchItemWrite
  /// R[A][sC] is read
  case watchItemIntRead
  /// the contents of container R[A] are looked at / changed
  case watchContentRead, watchContentWrite
}
