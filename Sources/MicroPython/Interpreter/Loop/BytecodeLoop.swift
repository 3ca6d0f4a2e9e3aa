/// The bytecode loop: the hot path of the emulator.
///
/// The members of `at` live in machine registers; `sync` writes them back before anything that may look at
/// them (calls, built-ins, errors), and `reload` takes them up again. The loop's part of an instruction
/// stands in the files `Loop…`, as functions that are all inlined here; none of them may be called, or `at`
/// would live in memory. They return false, with nothing done but the charge, for work that `execute` then
/// does instead. Every operand was produced by the compiler for a code object with that many registers,
/// constants, names and caches, so none is checked again.
extension Interpreter {
  /// Runs from the frame on top until the frame that was entered from Swift is left.
  ///
  /// - Returns: its result or, for a generator, the yielded value (`state.frame`'s generator then is
  ///   `suspended`); `unbound` when a generator has ended.
  func run() throws(Raised) -> Value {
    var at = LoopPosition(state)
    while true {
      do throws(Raised) {
        while true {
          var instruction = at.pc.pointee
          at.pc += 1
          switch instruction.opcode {
          // MARK: Registers and constants
          case .nop: continue
          case .move:
            at.registers[instruction.a] = at.registers[instruction.b]
            continue
          case .loadConstant:
            at.registers[instruction.a] = at.code.pointee.constants[instruction.b]
            continue
          case .loadInt:
            at.registers[instruction.a] = Value(smallInt: instruction.signedBC)
            continue
          case .loadNone:
            at.registers[instruction.a] = .none
            continue
          case .unbind:
            at.registers[instruction.a] = .unbound
            continue
          case .checkBound: if !at.registers[instruction.a].isUnbound { continue }

          // MARK: Names and closures
          case .loadGlobal: if loadGlobal(&at, instruction) { continue }
          case .loadGlobalForMethod: if loadGlobalForMethod(&at, instruction) { continue }
          case .storeGlobal:
            try mayBeInterrupted(&at, before: instruction)
            if storeGlobal(&at, instruction) { continue }
          case .makeCell:
            at.registers[instruction.a] = heap.cell(at.registers[instruction.a])
            try attend(&at)
            continue
          case .loadClosureCell:
            at.registers[instruction.a] = TupleHandle(unchecked: at.frame.pointee.closure).base[instruction.b]
            continue
          case .loadCell:
            let content = at.registers[instruction.b].address(as: CellObject.self).pointee.content
            if !content.isUnbound {
              at.registers[instruction.a] = content
              continue
            }
          case .storeCell:
            try mayBeInterrupted(&at, before: instruction)
            at.registers[instruction.a].address(as: CellObject.self).pointee.content =
              at.registers[instruction.b]
            continue

          // MARK: Arithmetic and comparison
          case .add, .inplaceAdd: if try add(&at, instruction) { continue }
          case .subtract, .inplaceSubtract: if try subtract(&at, instruction) { continue }
          case .multiply, .inplaceMultiply: if try multiply(&at, instruction) { continue }
          case .trueDivide, .inplaceTrueDivide: if try trueDivide(&at, instruction) { continue }
          case .floorDivide, .inplaceFloorDivide: if floorDivide(&at, instruction) { continue }
          case .modulo, .inplaceModulo: if modulo(&at, instruction) { continue }
          case .shiftLeft, .inplaceShiftLeft: if shiftLeft(&at, instruction) { continue }
          case .shiftRight, .inplaceShiftRight: if shiftRight(&at, instruction) { continue }
          case .bitAnd, .inplaceBitAnd: if bitwise(&at, instruction, &) { continue }
          case .bitOr, .inplaceBitOr: if bitwise(&at, instruction, |) { continue }
          case .bitXor, .inplaceBitXor: if bitwise(&at, instruction, ^) { continue }
          case .addInt, .inplaceAddInt: if addInt(&at, instruction) { continue }
          case .subtractInt, .inplaceSubtractInt: if subtractInt(&at, instruction) { continue }
          case .less: if compare(&at, instruction, <) { continue }
          case .lessOrEqual: if compare(&at, instruction, <=) { continue }
          case .greater: if compare(&at, instruction, >) { continue }
          case .greaterOrEqual: if compare(&at, instruction, >=) { continue }
          case .equal: if compare(&at, instruction, ==) { continue }
          case .notEqual: if compare(&at, instruction, !=) { continue }
          case .is:
            at.registers[instruction.a] = Value(at.registers[instruction.b] == at.registers[instruction.c])
            continue
          case .isNot:
            at.registers[instruction.a] = Value(at.registers[instruction.b] != at.registers[instruction.c])
            continue

          // MARK: Jumps
          case .jump:
            at.charge(instruction)
            if jump(&at, instruction.signedBC) { continue }
          case .jumpIfTrue: if jump(&at, instruction, ifTruthIs: true) { continue }
          case .jumpIfFalse: if jump(&at, instruction, ifTruthIs: false) { continue }
          case .jumpIfLess: if jump(&at, instruction, if: true, <, <) { continue }
          case .jumpIfLessOrEqual: if jump(&at, instruction, if: true, <=, <=) { continue }
          case .jumpIfGreater: if jump(&at, instruction, if: true, >, >) { continue }
          case .jumpIfGreaterOrEqual: if jump(&at, instruction, if: true, >=, >=) { continue }
          case .jumpIfEqual: if jump(&at, instruction, if: true, ==, ==) { continue }
          case .jumpIfNotEqual: if jump(&at, instruction, if: true, !=, !=) { continue }
          case .jumpUnlessLess: if jump(&at, instruction, if: false, <, <) { continue }
          case .jumpUnlessLessOrEqual: if jump(&at, instruction, if: false, <=, <=) { continue }
          case .jumpUnlessGreater: if jump(&at, instruction, if: false, >, >) { continue }
          case .jumpUnlessGreaterOrEqual: if jump(&at, instruction, if: false, >=, >=) { continue }
          case .jumpUnlessEqual: if jump(&at, instruction, if: false, ==, ==) { continue }
          case .jumpUnlessNotEqual: if jump(&at, instruction, if: false, !=, !=) { continue }
          case .jumpIfLessInt: if jumpInt(&at, instruction, if: true, <) { continue }
          case .jumpIfLessOrEqualInt: if jumpInt(&at, instruction, if: true, <=) { continue }
          case .jumpIfGreaterInt: if jumpInt(&at, instruction, if: true, >) { continue }
          case .jumpIfGreaterOrEqualInt: if jumpInt(&at, instruction, if: true, >=) { continue }
          case .jumpIfEqualInt: if jumpInt(&at, instruction, if: true, ==) { continue }
          case .jumpIfNotEqualInt: if jumpInt(&at, instruction, if: true, !=) { continue }
          case .jumpUnlessLessInt: if jumpInt(&at, instruction, if: false, <) { continue }
          case .jumpUnlessLessOrEqualInt: if jumpInt(&at, instruction, if: false, <=) { continue }
          case .jumpUnlessGreaterInt: if jumpInt(&at, instruction, if: false, >) { continue }
          case .jumpUnlessGreaterOrEqualInt: if jumpInt(&at, instruction, if: false, >=) { continue }
          case .jumpUnlessEqualInt: if jumpInt(&at, instruction, if: false, ==) { continue }
          case .jumpUnlessNotEqualInt: if jumpInt(&at, instruction, if: false, !=) { continue }
          case .jumpIfIs:
            let isSame = at.registers[instruction.a] == at.registers[instruction.b]
            if jump(&at, instruction, if: isSame) { continue }
          case .jumpIfIsNot:
            let isSame = at.registers[instruction.a] == at.registers[instruction.b]
            if jump(&at, instruction, if: !isSame) { continue }
          case .jumpIfNone:
            at.charge(instruction)
            if !at.registers[instruction.a].isNone || jump(&at, instruction.signedBC) { continue }
          case .jumpIfNotNone:
            at.charge(instruction)
            if at.registers[instruction.a].isNone || jump(&at, instruction.signedBC) { continue }

          // MARK: Calls
          case .call:
            if isBuiltInFunction(at.registers[instruction.a]) {
              if callLength(&at, instruction) { continue }
              if let goesOn = callAndSwitch(&at, instruction, arguments: 1) {
                if goesOn { continue }
                return .none
              }
            }
            if try call(&at, instruction) { continue }
          case .callMethod:
            if isBuiltInFunction(at.registers[instruction.a]), at.registers[instruction.a + 1].isUnbound,
              let goesOn = callAndSwitch(&at, instruction, arguments: 2)
            {
              if goesOn { continue }
              return .none
            }
            if try callMethod(&at, instruction) { continue }
          case .callKeywords, .callMethodKeywords, .callSpread: at.charge(instruction)
          case .loadMethod: if loadMethod(&at, instruction) { continue }
          case .returnValue, .returnNone:
            at.charge(instruction)
            let value = instruction.opcode == .returnValue ? at.registers[instruction.a] : .none
            if leaveFrame(&at, value) { continue }
            at.sync()
            let isEntry = at.frame.pointee.isEntry
            let result = try leave(with: value)
            if isEntry { return result }
            at.reload()
            continue

          // MARK: Attributes, items and containers
          case .getAttribute: if getAttribute(&at, instruction) { continue }
          case .setAttribute:
            try mayBeInterrupted(&at, before: instruction)
            if setAttribute(&at, instruction) { continue }
          case .getItem: if getItem(&at, instruction) { continue }
          case .getItemInt: if getItemInt(&at, instruction) { continue }
          case .setItem:
            try mayBeInterrupted(&at, before: instruction)
            if setItem(&at, instruction) { continue }
          case .buildTuple:
            at.registers[instruction.a] = heap.tuple(
              UnsafeBufferPointer(start: at.registers + instruction.b, count: instruction.c))
            try attend(&at)
            continue
          case .buildList:
            at.registers[instruction.a] = heap.list(
              UnsafeBufferPointer(start: at.registers + instruction.b, count: instruction.c))
            try attend(&at)
            continue

          // MARK: Iteration
          case .forIterator: if forIterator(&at, instruction) { continue }
          case .forRange: if forRange(&at, instruction) { continue }
          case .forCount: if forCount(&at, instruction) { continue }
          case .repeatCount:
            at.charge(instruction)
            if jump(&at, instruction.signedBC) {
              instruction = at.pc.pointee
              at.pc += 1
              if forCount(&at, instruction) { continue }
            }
          case .repeatIterator, .repeatRange:
            // The jump, and the instruction at its target at once.
            at.charge(instruction)
            if jump(&at, instruction.signedBC) {
              instruction = at.pc.pointee
              at.pc += 1
              let isDone =
                instruction.opcode == .forRange ? forRange(&at, instruction) : forIterator(&at, instruction)
              if isDone { continue }
            }

          // MARK: Generators and coroutines
          case .generatorStart: if at.state.pointee.sent.isNone { continue }
          case .yieldValue:
            at.charge(instruction)
            let value = at.registers[instruction.b]
            if yieldToLoop(&at, instruction, value) { continue }
            at.sync()
            if suspend(&at, value) { continue }
            return value
          case .await, .yieldFrom:
            at.charge(instruction)
            at.sync()
            if let goesOn = parkAndSwitch(&at, instruction) {
              if goesOn { continue }
              return .none
            }
            var value = Value.none
            if !parkAtOnce(&at, instruction) {
              let step = try delegate(instruction)
              at.reload()
              switch step {
              case .goesOn: continue
              case .finished:
                try attend(&at)
                continue
              case .suspends(let yielded): value = yielded
              }
            }
            if suspend(&at, value) { continue }
            return value

          // MARK: Instructions outside of the loop

          // All of them are named, so that no check of an opcode's range comes before each instruction.
          case .deleteGlobal, .loadName, .storeName, .deleteName, .deleteCell, .power, .matrixMultiply,
            .inplacePower, .inplaceMatrixMultiply, .negate, .positive, .invert, .not, .contains, .notContains,
            .loadSuperMethod, .deleteAttribute, .deleteItem, .buildSet, .buildDict, .buildKeywords, .reserve,
            .buildSlice, .listAppend, .listExtend, .setAdd, .setUpdate, .dictSet, .dictUpdate,
            .dictMergeKeywords, .listToTuple, .unpack, .unpackStar, .getIterator, .raise, .raiseFrom,
            .reraise, .raiseNothing, .jumpUnlessMatch, .exceptionTriple, .importName, .importFrom,
            .importStar, .makeFunction, .loadBuildClass, .wordAdd, .wordSubtract, .wordMultiply,
            .wordFloorDivide, .wordModulo, .wordBitAnd, .wordBitOr, .wordBitXor, .wordShiftLeft,
            .wordShiftRight, .wordNegate, .wordInvert, .toWordBool, .toWordInt, .toWordUInt, .toWordPointer,
            .wordToObject, .loadWord8, .loadWord16, .loadWord32, .storeWord8, .storeWord16, .storeWord32,
            .runAssembly, .printExpression, .watchGlobalRead, .watchGlobalWrite, .watchCellRead,
            .watchCellWrite,
            .watchAttributeRead, .watchAttributeWrite, .watchItemRead, .watchItemWrite, .watchItemIntRead,
            .watchContentRead, .watchContentWrite:
            break
          }
          at.sync()
          let frame = at.frame
          let offset = try execute(instruction)
          at.reload()
          at.pc += offset
          // Time is looked at where the board looks too: at jumps, calls and returns.
          if at.state.pointee.needsAttention || (at.budget <= 0 && (offset != 0 || at.frame != frame)) {
            at.sync()
            try safePoint(after: offset)
            at.reload()
          }
        }
      } catch {
        // Everything that throws was preceded by `sync`, and has left its frame on top.
        try unwind(error.exception)
        at.reload()
      }
    }
  }
}
