import Timebase

/// The bytecode loop: the hot path of the emulator.
///
/// `registers`, `pc` and `budget` live in machine registers; `sync` writes them back before anything that may look at
/// them (calls, built-ins, errors), and `reload` takes them up again. Every operand was produced by the compiler for a
/// code object with that many registers, constants, names and caches, so none is checked again.
extension Interpreter {
  /// Runs from the frame on top until the frame that was entered from Swift is left.
  ///
  /// - Returns: what it returned or, for a generator, yielded (`state.frame`'s generator then is `suspended`).
  func run() throws(Raised) -> Value {
    let state = self.state
    let account = self.account
    var at = Position(state.pointee.frame, account.pointee.remaining)
    while true {
      do throws(Raised) {
        while true {
          let instruction = at.pc.pointee
          at.pc += 1
          switch instruction.opcode {
          // MARK: Registers and constants
          case .nop: break
          case .move: at.registers[instruction.a] = at.registers[instruction.b]
          case .loadConstant: at.registers[instruction.a] = at.code.pointee.constants[instruction.b]
          case .loadInt: at.registers[instruction.a] = Value(smallInt: instruction.signedBC)
          case .loadNone: at.registers[instruction.a] = .none
          case .unbind: at.registers[instruction.a] = .unbound
          case .checkBound:
            if at.registers[instruction.a].isUnbound {
              at.sync(account)
              throw unboundLocalError()
            }

          // MARK: Names
          case .loadGlobal:
            let cache = at.code.pointee.caches + instruction.c
            let globals = at.frame.pointee.globals
            let slot = cache.pointee.slot
            if slot < globals.pointee.capacity && globals.pointee.slots[slot].key == cache.pointee.name {
              at.registers[instruction.a] = globals.pointee.slots[slot].value
            } else if cache.pointee.place == .builtin && cache.pointee.version == globals.pointee.keyVersion {
              at.registers[instruction.a] = cache.pointee.value
            } else {
              at.sync(account)
              let value = try loadGlobalSlowly(cache, globals)
              at.reload(state, account)
              at.registers[at.pc[-1].a] = value
              try attend(&at)
            }
          case .storeGlobal:
            let cache = at.code.pointee.caches + instruction.c
            let globals = at.frame.pointee.globals
            let slot = cache.pointee.slot
            if slot < globals.pointee.capacity && globals.pointee.slots[slot].key == cache.pointee.name {
              globals.pointee.slots[slot].value = at.registers[instruction.a]
            } else {
              storeGlobalSlowly(cache, globals, at.registers[instruction.a])
            }
          // MARK: Closures
          case .makeCell:
            at.registers[instruction.a] = heap.cell(at.registers[instruction.a])
            try attend(&at)
          case .loadClosureCell:
            at.registers[instruction.a] = TupleHandle(unchecked: at.frame.pointee.closure).base[instruction.b]
          case .loadCell:
            let content = at.registers[instruction.b].address(as: CellObject.self).pointee.content
            if content.isUnbound {
              at.sync(account)
              throw unboundLocalError()
            }
            at.registers[instruction.a] = content
          case .storeCell:
            at.registers[instruction.a].address(as: CellObject.self).pointee.content =
              at.registers[instruction.b]
          // MARK: Arithmetic
          case .add, .inplaceAdd:
            let left = at.registers[instruction.b]
            let right = at.registers[instruction.c]
            let (sum, overflow) = Int64(bitPattern: left.bits).addingReportingOverflow(
              Int64(bitPattern: right.bits &- 1))
            if left.bits & right.bits & 1 != 0 && !overflow && Int64(Int32(truncatingIfNeeded: sum)) == sum {
              at.registers[instruction.a] = Value(bits: UInt64(bitPattern: sum))
            } else if left.isImmediateFloat && right.isImmediateFloat {
              at.registers[instruction.a] = heap.float(left.immediateFloat + right.immediateFloat)
              try attend(&at)
            } else {
              try arithmeticSlowly(&at, instruction.opcode, left, right)
            }
          case .subtract, .inplaceSubtract:
            let left = at.registers[instruction.b]
            let right = at.registers[instruction.c]
            let (difference, overflow) = Int64(bitPattern: left.bits).subtractingReportingOverflow(
              Int64(bitPattern: right.bits &- 1))
            if left.bits & right.bits & 1 != 0 && !overflow
              && Int64(Int32(truncatingIfNeeded: difference)) == difference
            {
              at.registers[instruction.a] = Value(bits: UInt64(bitPattern: difference))
            } else if left.isImmediateFloat && right.isImmediateFloat {
              at.registers[instruction.a] = heap.float(left.immediateFloat - right.immediateFloat)
              try attend(&at)
            } else {
              try arithmeticSlowly(&at, instruction.opcode, left, right)
            }
          case .multiply, .inplaceMultiply:
            let left = at.registers[instruction.b]
            let right = at.registers[instruction.c]
            let (product, overflow) = left.smallInt.multipliedReportingOverflow(by: right.smallInt)
            if left.bits & right.bits & 1 != 0 && !overflow {
              at.registers[instruction.a] = heap.int(product)
              try attend(&at)
            } else if left.isImmediateFloat && right.isImmediateFloat {
              at.registers[instruction.a] = heap.float(left.immediateFloat * right.immediateFloat)
              try attend(&at)
            } else {
              try arithmeticSlowly(&at, instruction.opcode, left, right)
            }
          case .bitAnd, .inplaceBitAnd:
            let left = at.registers[instruction.b]
            let right = at.registers[instruction.c]
            let bits = left.bits & right.bits
            if bits & 1 != 0 {
              at.registers[instruction.a] = Value(bits: bits)
            } else {
              try arithmeticSlowly(&at, instruction.opcode, left, right)
            }
          case .bitOr, .inplaceBitOr:
            let left = at.registers[instruction.b]
            let right = at.registers[instruction.c]
            if left.bits & right.bits & 1 != 0 {
              at.registers[instruction.a] = Value(bits: left.bits | right.bits)
            } else {
              try arithmeticSlowly(&at, instruction.opcode, left, right)
            }
          case .bitXor, .inplaceBitXor:
            let left = at.registers[instruction.b]
            let right = at.registers[instruction.c]
            if left.bits & right.bits & 1 != 0 {
              at.registers[instruction.a] = Value(bits: (left.bits ^ right.bits) | 1)
            } else {
              try arithmeticSlowly(&at, instruction.opcode, left, right)
            }
          case .floorDivide, .inplaceFloorDivide, .modulo, .inplaceModulo, .trueDivide, .inplaceTrueDivide,
            .power, .inplacePower, .shiftLeft, .inplaceShiftLeft, .shiftRight, .inplaceShiftRight,
            .matrixMultiply, .inplaceMatrixMultiply:
            try arithmeticSlowly(
              &at, instruction.opcode, at.registers[instruction.b], at.registers[instruction.c])
          case .addInt:
            let left = at.registers[instruction.b]
            let sum = left.bits &+ UInt64(bitPattern: Int64(instruction.signedC) &<< 1)
            if left.isSmallInt && Value.fitsBoardWord(sum) {
              at.registers[instruction.a] = Value(bits: sum)
            } else {
              at.sync(account)
              let value = try binary(.add, left, Value(smallInt: instruction.signedC))
              at.reload(state, account)
              at.registers[at.pc[-1].a] = value
              try attend(&at)
            }
          case .subtractInt:
            let left = at.registers[instruction.b]
            let difference = left.bits &- UInt64(bitPattern: Int64(instruction.signedC) &<< 1)
            if left.isSmallInt && Value.fitsBoardWord(difference) {
              at.registers[instruction.a] = Value(bits: difference)
            } else {
              at.sync(account)
              let value = try binary(.subtract, left, Value(smallInt: instruction.signedC))
              at.reload(state, account)
              at.registers[at.pc[-1].a] = value
              try attend(&at)
            }
          // MARK: Comparison
          case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual:
            let left = at.registers[instruction.b]
            let right = at.registers[instruction.c]
            if left.bits & right.bits & 1 != 0 {
              at.registers[instruction.a] = Value(
                Interpreter.compareInts(instruction.opcode, from: .less, left, right))
            } else {
              at.sync(account)
              let value = try compare(
                Interpreter.comparison(instruction.opcode, from: .less), left, right)
              at.reload(state, account)
              at.registers[at.pc[-1].a] = value
              try attend(&at)
            }
          case .is:
            at.registers[instruction.a] = Value(at.registers[instruction.b] == at.registers[instruction.c])
          case .isNot:
            at.registers[instruction.a] = Value(at.registers[instruction.b] != at.registers[instruction.c])
          // MARK: Jumps
          case .jump:
            at.charge(instruction)
            try jump(&at, instruction.signedBC)
          case .jumpIfTrue:
            at.charge(instruction)
            let value = at.registers[instruction.a]
            if _fastPath(value.isBool || value.isNone || value.isSmallInt) {
              if value.isTriviallyTrue { try jump(&at, instruction.signedBC) }
            } else {
              try testSlowly(&at, value, if: true)
            }
          case .jumpIfFalse:
            at.charge(instruction)
            let value = at.registers[instruction.a]
            if _fastPath(value.isBool || value.isNone || value.isSmallInt) {
              if !value.isTriviallyTrue { try jump(&at, instruction.signedBC) }
            } else {
              try testSlowly(&at, value, if: false)
            }
          case .jumpIfLess: try jump(&at, instruction, if: true, .less, <, <)
          case .jumpIfLessOrEqual: try jump(&at, instruction, if: true, .lessOrEqual, <=, <=)
          case .jumpIfGreater: try jump(&at, instruction, if: true, .greater, >, >)
          case .jumpIfGreaterOrEqual: try jump(&at, instruction, if: true, .greaterOrEqual, >=, >=)
          case .jumpIfEqual: try jump(&at, instruction, if: true, .equal, ==, ==)
          case .jumpIfNotEqual: try jump(&at, instruction, if: true, .notEqual, !=, !=)
          case .jumpUnlessLess: try jump(&at, instruction, if: false, .less, <, <)
          case .jumpUnlessLessOrEqual: try jump(&at, instruction, if: false, .lessOrEqual, <=, <=)
          case .jumpUnlessGreater: try jump(&at, instruction, if: false, .greater, >, >)
          case .jumpUnlessGreaterOrEqual: try jump(&at, instruction, if: false, .greaterOrEqual, >=, >=)
          case .jumpUnlessEqual: try jump(&at, instruction, if: false, .equal, ==, ==)
          case .jumpUnlessNotEqual: try jump(&at, instruction, if: false, .notEqual, !=, !=)
          case .jumpIfLessInt: try jumpInt(&at, instruction, if: true, .less, <)
          case .jumpIfLessOrEqualInt: try jumpInt(&at, instruction, if: true, .lessOrEqual, <=)
          case .jumpIfGreaterInt: try jumpInt(&at, instruction, if: true, .greater, >)
          case .jumpIfGreaterOrEqualInt: try jumpInt(&at, instruction, if: true, .greaterOrEqual, >=)
          case .jumpIfEqualInt: try jumpInt(&at, instruction, if: true, .equal, ==)
          case .jumpIfNotEqualInt: try jumpInt(&at, instruction, if: true, .notEqual, !=)
          case .jumpUnlessLessInt: try jumpInt(&at, instruction, if: false, .less, <)
          case .jumpUnlessLessOrEqualInt: try jumpInt(&at, instruction, if: false, .lessOrEqual, <=)
          case .jumpUnlessGreaterInt: try jumpInt(&at, instruction, if: false, .greater, >)
          case .jumpUnlessGreaterOrEqualInt: try jumpInt(&at, instruction, if: false, .greaterOrEqual, >=)
          case .jumpUnlessEqualInt: try jumpInt(&at, instruction, if: false, .equal, ==)
          case .jumpUnlessNotEqualInt: try jumpInt(&at, instruction, if: false, .notEqual, !=)
          case .jumpIfIs:
            at.charge(instruction)
            if at.registers[instruction.a] == at.registers[instruction.b] {
              try jump(&at, instruction.signedC)
            }
          case .jumpIfIsNot:
            at.charge(instruction)
            if at.registers[instruction.a] != at.registers[instruction.b] {
              try jump(&at, instruction.signedC)
            }
          case .jumpIfNone:
            at.charge(instruction)
            if at.registers[instruction.a].isNone { try jump(&at, instruction.signedBC) }
          case .jumpIfNotNone:
            at.charge(instruction)
            if !at.registers[instruction.a].isNone { try jump(&at, instruction.signedBC) }

          // MARK: Calls
          case .call:
            at.charge(instruction)
            let callee = at.registers[instruction.a]
            let base = at.registers + (instruction.a + 1)
            if try enterAtOnce(&at, callee, base, instruction.b, result: base - 1) { continue }
            at.sync(account)
            try enter(callee, base, instruction.b, nil, result: base - 1)
            at.reload(state, account)
            try attend(&at)
          case .callKeywords:
            at.charge(instruction)
            let base = at.registers + (instruction.a + 1)
            let keywords = TupleHandle(unchecked: at.code.pointee.constants[instruction.c])
            at.sync(account)
            try enter(
              at.registers[instruction.a], base, instruction.b - keywords.count, keywords, result: base - 1)
            at.reload(state, account)
            try attend(&at)
          case .callSpread:
            at.charge(instruction)
            let base = at.registers + (instruction.a + 1)
            at.sync(account)
            try enterSpread(at.registers[instruction.a], base[0], base[1], result: base - 1)
            at.reload(state, account)
            try attend(&at)
          case .loadMethod:
            let object = at.registers[instruction.b]
            let cache = at.code.pointee.caches + instruction.c
            if object.isObject {
              let header = object.header
              if header.pointee.kind == .instance {
                let instance = object.address(as: InstanceObject.self)
                if UnsafeRawPointer(instance.pointee.shape.toOpaque()) == cache.pointee.shape {
                  if cache.pointee.place == .method && cache.pointee.version == heap.typeVersion {
                    at.registers[instruction.a] = cache.pointee.value
                    at.registers[instruction.a &+ 1] = object
                    continue
                  }
                  if cache.pointee.place == .slot {
                    at.registers[instruction.a] = instance.pointee.slots[cache.pointee.slot]
                    at.registers[instruction.a &+ 1] = .unbound
                    continue
                  }
                }
              } else if header.pointee.kind == .module {
                let globals = object.address(as: ModuleObject.self).pointee.globals
                let slot = cache.pointee.slot
                if slot < globals.pointee.capacity && globals.pointee.slots[slot].key == cache.pointee.name {
                  at.registers[instruction.a] = globals.pointee.slots[slot].value
                  at.registers[instruction.a &+ 1] = .unbound
                  continue
                }
              }
            }
            at.sync(account)
            try loadMethod(object, cache, into: at.registers + instruction.a)
            at.reload(state, account)
          case .callMethod:
            at.charge(instruction)
            let callee = at.registers[instruction.a]
            let result = at.registers + instruction.a
            let isBound = !result[1].isUnbound
            let base = isBound ? result + 1 : result + 2
            let count = isBound ? instruction.b &+ 1 : instruction.b
            if try enterAtOnce(&at, callee, base, count, result: result) { continue }
            at.sync(account)
            try enter(callee, base, count, nil, result: result)
            at.reload(state, account)
            try attend(&at)
          case .callMethodKeywords:
            at.charge(instruction)
            let callee = at.registers[instruction.a]
            let result = at.registers + instruction.a
            let isBound = !result[1].isUnbound
            let base = isBound ? result + 1 : result + 2
            let count = isBound ? instruction.b &+ 1 : instruction.b
            let keywords = TupleHandle(unchecked: at.code.pointee.constants[instruction.c])
            at.sync(account)
            try enter(callee, base, count - keywords.count, keywords, result: result)
            at.reload(state, account)
            try attend(&at)

          case .returnValue, .returnNone:
            at.charge(instruction)
            let value = instruction.opcode == .returnValue ? at.registers[instruction.a] : .none
            if at.frame.pointee.kind == .call && !at.frame.pointee.isEntry
              && at.frame.pointee.generator == nil
            {
              at.frame.pointee.result.pointee = value
              at.frame -= 1
              state.pointee.frame = at.frame
              at.take(at.frame)
            } else {
              at.sync(account)
              let isEntry = at.frame.pointee.isEntry
              let result = try leave(with: value)
              if isEntry { return result }
              at.reload(state, account)
            }

          // MARK: Attributes and items
          case .getAttribute:
            let object = at.registers[instruction.b]
            let cache = at.code.pointee.caches + instruction.c
            if object.isObject {
              let header = object.header
              if header.pointee.kind == .instance {
                let instance = object.address(as: InstanceObject.self)
                if UnsafeRawPointer(instance.pointee.shape.toOpaque()) == cache.pointee.shape {
                  if cache.pointee.place == .slot {
                    at.registers[instruction.a] = instance.pointee.slots[cache.pointee.slot]
                    continue
                  }
                  if cache.pointee.place == .classValue && cache.pointee.version == heap.typeVersion {
                    at.registers[instruction.a] = cache.pointee.value
                    continue
                  }
                }
              } else if header.pointee.kind == .module {
                let globals = object.address(as: ModuleObject.self).pointee.globals
                let slot = cache.pointee.slot
                if slot < globals.pointee.capacity && globals.pointee.slots[slot].key == cache.pointee.name {
                  at.registers[instruction.a] = globals.pointee.slots[slot].value
                  continue
                }
              }
            }
            at.sync(account)
            let value = try getAttribute(object, cache)
            at.reload(state, account)
            at.registers[at.pc[-1].a] = value
            try attend(&at)
          case .setAttribute:
            let object = at.registers[instruction.a]
            let cache = at.code.pointee.caches + instruction.c
            if object.isObject && object.header.pointee.kind == .instance {
              let instance = object.address(as: InstanceObject.self)
              if UnsafeRawPointer(instance.pointee.shape.toOpaque()) == cache.pointee.shape
                && cache.pointee.version == heap.typeVersion
              {
                let slot = cache.pointee.slot
                if cache.pointee.place == .slot {
                  instance.pointee.slots[slot] = at.registers[instruction.b]
                  continue
                }
                if cache.pointee.place == .newSlot && slot < instance.pointee.capacity {
                  instance.pointee.slots[slot] = at.registers[instruction.b]
                  instance.pointee.shape = .fromOpaque(cache.pointee.nextShape.unsafelyUnwrapped)
                  heap.resize(object, by: 2 * Heap.boardWord)
                  continue
                }
              }
            }
            at.sync(account)
            try setAttribute(object, cache, at.registers[instruction.b])
            at.reload(state, account)
          case .getItem:
            let object = at.registers[instruction.b]
            let index = at.registers[instruction.c]
            if object.isObject && index.isSmallInt && object.header.pointee.kind == .list {
              let list = object.address(as: ListObject.self)
              var position = index.smallInt
              if position < 0 { position &+= list.pointee.count }
              if UInt(bitPattern: position) < UInt(bitPattern: list.pointee.count) {
                at.registers[instruction.a] = list.pointee.items[position]
                continue
              }
            }
            at.sync(account)
            let value = try getItem(object, index)
            at.reload(state, account)
            at.registers[at.pc[-1].a] = value
            try attend(&at)
          case .getItemInt:
            let object = at.registers[instruction.b]
            var position = instruction.signedC
            if object.isObject {
              if object.header.pointee.kind == .list {
                let list = object.address(as: ListObject.self)
                if position < 0 { position &+= list.pointee.count }
                if UInt(bitPattern: position) < UInt(bitPattern: list.pointee.count) {
                  at.registers[instruction.a] = list.pointee.items[position]
                  continue
                }
              } else if object.header.pointee.kind == .tuple {
                let tuple = TupleHandle(unchecked: object)
                if position < 0 { position &+= tuple.count }
                if UInt(bitPattern: position) < UInt(bitPattern: tuple.count) {
                  at.registers[instruction.a] = tuple.base[position]
                  continue
                }
              }
            }
            at.sync(account)
            let value = try getItem(object, Value(smallInt: instruction.signedC))
            at.reload(state, account)
            at.registers[at.pc[-1].a] = value
            try attend(&at)
          case .setItem:
            let object = at.registers[instruction.a]
            let index = at.registers[instruction.b]
            if object.isObject && index.isSmallInt && object.header.pointee.kind == .list {
              let list = object.address(as: ListObject.self)
              var position = index.smallInt
              if position < 0 { position &+= list.pointee.count }
              if UInt(bitPattern: position) < UInt(bitPattern: list.pointee.count) {
                list.pointee.items[position] = at.registers[instruction.c]
                continue
              }
            }
            at.sync(account)
            try setItem(object, index, at.registers[instruction.c])
            at.reload(state, account)
          // MARK: Building
          case .buildTuple:
            at.registers[instruction.a] = heap.tuple(
              UnsafeBufferPointer(start: at.registers + instruction.b, count: instruction.c))
            try attend(&at)
          case .buildList:
            at.registers[instruction.a] = heap.list(
              UnsafeBufferPointer(start: at.registers + instruction.b, count: instruction.c))
            try attend(&at)
          case .unpack:
            at.sync(account)
            try unpack(at.registers[instruction.b], count: instruction.c, into: at.registers + instruction.a)
            at.reload(state, account)
          // MARK: Iteration
          case .getIterator:
            at.sync(account)
            let value = try iterateInLoop(at.registers[instruction.b])
            at.reload(state, account)
            at.registers[at.pc[-1].a] = value
            try attend(&at)
          case .forIterator:
            at.charge(instruction)
            let iterator = at.registers[instruction.b]
            if iterator.isObject {
              let kind = iterator.header.pointee.kind
              if kind == .rangeIterator {
                let range = iterator.address(as: RangeIteratorObject.self)
                let next = range.pointee.next
                if range.pointee.step > 0 ? next < range.pointee.stop : next > range.pointee.stop {
                  range.pointee.next = next &+ range.pointee.step
                  at.registers[instruction.a] = Value(smallInt: next)
                } else {
                  at.pc += instruction.signedC
                }
                continue
              }
              if kind == .sequenceIterator {
                let sequence = iterator.address(as: SequenceIteratorObject.self)
                if sequence.pointee.source.isKind(.list) {
                  let list = ListHandle(unchecked: sequence.pointee.source)
                  let index = sequence.pointee.index
                  if index < list.count {
                    sequence.pointee.index = index &+ 1
                    at.registers[instruction.a] = list.pointer.pointee.items[index]
                  } else {
                    at.pc += instruction.signedC
                  }
                  continue
                }
              }
              if kind == .generator {
                let generator = iterator.address(as: GeneratorObject.self)
                if generator.pointee.state == .suspended && !generator.pointee.isDelegating
                  && at.frame < state.pointee.lastFrame
                {
                  let registers = GeneratorHandle(pointer: generator).registers
                  let resumePoint = generator.pointee.resumePoint
                  registers[resumePoint[-1].a] = .none
                  generator.pointee.state = .running
                  at.frame.pointee.pc = at.pc
                  let stackTop = at.frame.pointee.stackTop
                  at.frame += 1
                  at.frame.pointee = Frame(
                    code: generator.pointee.code, registers: registers, pc: resumePoint,
                    globals: generator.pointee.globals, closure: generator.pointee.closure, locals: .unbound,
                    generator: generator, result: at.registers + instruction.a, stackTop: stackTop,
                    extra: .unbound, kind: .forIterator, isEntry: false)
                  state.pointee.frame = at.frame
                  at.code = generator.pointee.code
                  at.registers = registers
                  at.pc = resumePoint
                  continue
                }
                at.sync(account)
                if try resume(
                  generator, sending: .none, kind: .forIterator, isEntry: false,
                  result: at.registers + instruction.a)
                {
                  at.reload(state, account)
                } else {
                  at.pc += instruction.signedC
                }
                continue
              }
            }
            at.sync(account)
            let value = try nextOrUnbound(iterator)
            at.reload(state, account)
            if value.isUnbound {
              at.pc += instruction.signedC
            } else {
              at.registers[instruction.a] = value
            }
            try attend(&at)
          case .forRange:
            at.charge(instruction)
            let counter = at.registers + instruction.a
            let step = counter[2].smallInt
            if counter[0].isSmallInt && counter[1].isSmallInt {
              let position = counter[0].smallInt
              if step > 0 ? position < counter[1].smallInt : position > counter[1].smallInt {
                at.registers[instruction.b] = counter[0]
                counter[0] = Value(smallInt: position &+ step)
              } else {
                at.pc += instruction.signedC
              }
            } else {
              at.sync(account)
              let isInside = try compare(step > 0 ? .less : .greater, counter[0], counter[1])
              if try isTrue(isInside) {
                at.registers[instruction.b] = counter[0]
                counter[0] = try binary(.add, counter[0], counter[2])
              } else {
                at.pc += instruction.signedC
              }
              at.reload(state, account)
            }

          // MARK: Generators and coroutines
          case .generatorStart:
            if !state.pointee.sent.isNone {
              state.pointee.sent = .none
              at.sync(account)
              throw error(.typeError, "can't send non-None value to a just-started generator")
            }
          case .yieldValue:
            at.charge(instruction)
            if at.frame.pointee.kind == .forIterator {
              // Straight to the loop that steps this generator.
              let generator = at.frame.pointee.generator.unsafelyUnwrapped
              generator.pointee.state = .suspended
              generator.pointee.resumePoint = at.pc
              generator.pointee.isDelegating = false
              at.frame.pointee.result.pointee = at.registers[instruction.b]
              at.frame -= 1
              state.pointee.frame = at.frame
              at.take(at.frame)
              continue
            }
            at.sync(account)
            if let value = yield(at.registers[instruction.b]) { return value }
            at.reload(state, account)
          case .await, .yieldFrom:
            at.charge(instruction)
            at.sync(account)
            if state.pointee.continuesDelegation {
              state.pointee.continuesDelegation = false
            } else if at.registers[instruction.a].isKind(.native),
              let parking = at.registers[instruction.a].header.pointee.type.pointee.parking, parking.park()
            {
              at.registers[instruction.a] = .none
              if let value = yield(.none) { return value }
              at.reload(state, account)
              continue
            } else if instruction.opcode == .await && !at.registers[instruction.a].isKind(.generator) {
              let iterator = try iterate(at.registers[instruction.a])
              at.reload(state, account)
              at.registers[at.pc[-1].a] = iterator
            }
            let iterator = at.registers[at.pc[-1].a]
            let sent = state.pointee.sent
            state.pointee.sent = .none
            if iterator.isKind(.generator) {
              let generator = iterator.address(as: GeneratorObject.self)
              if try resume(
                generator, sending: sent, kind: .delegate, isEntry: false, result: at.registers + at.pc[-1].a)
              {
                // Meanwhile, and while parked, the delegating at.frame stands at this instruction.
                (state.pointee.frame - 1).pointee.pc -= 1
                at.reload(state, account)
              } else {
                at.reload(state, account)
                let generator = at.registers[at.pc[-1].a].address(as: GeneratorObject.self)
                at.registers[at.pc[-1].a] = generator.pointee.result
                generator.pointee.result = .none
              }
              continue
            }
            let step = try stepDelegate(iterator, sending: sent)
            at.reload(state, account)
            switch step {
            case .finished(let value):
              at.registers[at.pc[-1].a] = value
              try attend(&at)
            case .parked:
              at.registers[at.pc[-1].a] = .none
              if let value = yield(.none) { return value }
              at.reload(state, account)
            case .yielded(let value):
              at.frame.pointee.pc -= 1
              at.frame.pointee.isParkedAtDelegation = true
              if let value = yield(value) { return value }
              at.reload(state, account)
            }

          default:
            at.sync(account)
            try executeRare(instruction)
            at.reload(state, account)
            try attend(&at)
          }
        }
      } catch {
        // Everything that throws was preceded by `sync`, and has left its at.frame on top.
        try unwind(error.exception)
        at.reload(state, account)
      }
    }
  }

  // MARK: Slow halves

  @inline(__always) private func arithmeticSlowly(
    _ at: inout Position, _ opcode: Opcode, _ left: Value, _ right: Value
  ) throws(Raised) {
    at.sync(account)
    let value = try arithmetic(opcode, left, right)
    at.reload(state, account)
    at.registers[at.pc[-1].a] = value
    try attend(&at)
  }

  // MARK: Calls

  /// Pushes the frame of a Python function whose arguments stand where its registers will be. False for every other
  /// callee, and for callers whose registers are not on the stack.
  @inline(__always) private func enterAtOnce(
    _ at: inout Position, _ callee: Value, _ base: UnsafeMutablePointer<Value>, _ count: Int,
    result: UnsafeMutablePointer<Value>
  ) throws(Raised) -> Bool {
    guard callee.isObject, callee.header.pointee.kind == .function else { return false }
    let function = callee.address(as: FunctionObject.self)
    let target = function.pointee.code
    let stackTop = base + target.pointee.registerCount
    guard target.pointee.simpleArgumentCount == count, at.frame.pointee.generator == nil,
      at.frame < state.pointee.lastFrame, stackTop < state.pointee.stackEnd
    else { return false }
    at.frame.pointee.pc = at.pc
    at.frame += 1
    at.pc = UnsafePointer(target.pointee.instructions)
    at.frame.pointee = Frame(
      code: target, registers: base, pc: at.pc, globals: function.pointee.globals,
      closure: function.pointee.closure, locals: .unbound, generator: nil, result: result, stackTop: stackTop,
      extra: .unbound, kind: .call, isEntry: false)
    state.pointee.frame = at.frame
    if stackTop > state.pointee.highWater { state.pointee.highWater = stackTop }
    at.code = target
    at.registers = base
    if _slowPath(at.budget <= 0) {
      at.sync(account)
      try safePoint()
      at.reload(state, account)
    }
    return true
  }

  // MARK: Jumps

  /// Stands behind everything that can allocate or call.
  @inline(__always) private func attend(_ at: inout Position) throws(Raised) {
    if _slowPath(state.pointee.needsAttention) {
      at.sync(account)
      try safePoint()
      at.reload(state, account)
    }
  }

  /// Every taken jump is a safe point.
  @inline(__always) private func jump(_ at: inout Position, _ offset: Int) throws(Raised) {
    at.pc += offset
    if _slowPath(at.budget <= 0) { try safePoint(&at, after: offset) }
  }

  @inline(never) private func safePoint(_ at: inout Position, after offset: Int) throws(Raised) {
    at.sync(account)
    do throws(Raised) {
      try safePoint()
    } catch {
      // The jump raised it, not what stands before its target, which may lie outside of its `try`.
      at.frame.pointee.pc -= offset
      throw error
    }
    at.reload(state, account)
  }

  /// Jumps if a comparison of two registers has the wanted outcome.
  @inline(__always) private func jump(
    _ at: inout Position, _ instruction: Instruction, if wanted: Bool, _ operation: BinaryOperation,
    _ ints: (Int64, Int64) -> Bool, _ floats: (Double, Double) -> Bool
  ) throws(Raised) {
    at.charge(instruction)
    let left = at.registers[instruction.a]
    let right = at.registers[instruction.b]
    if _fastPath(left.bits & right.bits & 1 != 0) {
      // The tags are equal, so the tagged words compare as the integers do.
      if ints(Int64(bitPattern: left.bits), Int64(bitPattern: right.bits)) == wanted {
        try jump(&at, instruction.signedC)
      }
    } else if left.isImmediateFloat && right.isImmediateFloat {
      if floats(left.immediateFloat, right.immediateFloat) == wanted { try jump(&at, instruction.signedC) }
    } else {
      try jumpSlowly(&at, operation, left, right, if: wanted)
    }
  }

  /// The same with the small integer in operand B on the right.
  @inline(__always) private func jumpInt(
    _ at: inout Position, _ instruction: Instruction, if wanted: Bool, _ operation: BinaryOperation,
    _ ints: (Int64, Int64) -> Bool
  ) throws(Raised) {
    at.charge(instruction)
    let left = at.registers[instruction.a]
    if _fastPath(left.isSmallInt) {
      if ints(Int64(bitPattern: left.bits), Int64(instruction.signedB &<< 1 | 1)) == wanted {
        try jump(&at, instruction.signedC)
      }
    } else {
      try jumpSlowly(&at, operation, left, Value(smallInt: instruction.signedB), if: wanted)
    }
  }

  @inline(__always) private func jumpSlowly(
    _ at: inout Position, _ operation: BinaryOperation, _ left: Value, _ right: Value, if wanted: Bool
  ) throws(Raised) {
    at.sync(account)
    let holds = try isTrue(compare(operation, left, right))
    at.reload(state, account)
    try attend(&at)
    if holds == wanted { try jump(&at, at.pc[-1].signedC) }
  }

  @inline(__always) private func testSlowly(_ at: inout Position, _ value: Value, if wanted: Bool)
    throws(Raised)
  {
    at.sync(account)
    let holds = try isTrue(value)
    at.reload(state, account)
    try attend(&at)
    if holds == wanted { try jump(&at, at.pc[-1].signedBC) }
  }
}

/// Where the loop is. Its members live in machine registers between `reload` and `sync`.
private struct Position {
  var frame: UnsafeMutablePointer<Frame>
  var code: UnsafeMutablePointer<CodeObject>
  var registers: UnsafeMutablePointer<Value>
  var pc: UnsafePointer<Instruction>
  var budget: Int64

  @inline(__always) init(_ frame: UnsafeMutablePointer<Frame>, _ budget: Int64) {
    self.frame = frame
    code = frame.pointee.code
    registers = frame.pointee.registers
    pc = frame.pointee.pc
    self.budget = budget
  }

  /// Charges the board time of the instructions since the last charge, this one included.
  @inline(__always) mutating func charge(_ instruction: Instruction) { budget &-= instruction.nanoseconds }

  /// Goes on in a frame.
  @inline(__always) mutating func take(_ frame: UnsafeMutablePointer<Frame>) {
    code = frame.pointee.code
    registers = frame.pointee.registers
    pc = frame.pointee.pc
  }

  /// Writes back what others may look at.
  @inline(__always) func sync(_ account: UnsafeMutablePointer<Clock.Account>) {
    frame.pointee.pc = pc
    account.pointee.remaining = budget
  }

  /// Takes up what others may have changed.
  @inline(__always) mutating func reload(
    _ state: UnsafeMutablePointer<MachineState>, _ account: UnsafeMutablePointer<Clock.Account>
  ) {
    self = Position(state.pointee.frame, account.pointee.remaining)
  }
}
