/// Globals and attributes of the bytecode loop where an inline cache hits. False stands for one that does not.
extension Interpreter {
  /// Returns the slot of the global that `cache` is for, if it is where it was found last.
  @inline(__always) private func cachedSlot(
    _ globals: UnsafeMutablePointer<DictObject>, _ cache: UnsafeMutablePointer<InlineCache>
  ) -> UnsafeMutablePointer<DictSlot>? {
    let index = cache.pointee.slot
    guard index < globals.pointee.capacity else { return nil }
    let slot = globals.pointee.slots + index
    return slot.pointee.key == cache.pointee.name ? slot : nil
  }

  @inline(__always) func loadGlobal(_ at: inout LoopPosition, _ instruction: Instruction) -> Bool {
    let cache = at.code.pointee.caches + instruction.c
    let globals = at.frame.pointee.globals
    if let slot = cachedSlot(globals, cache) {
      at.registers[instruction.a] = slot.pointee.value
      return true
    }
    guard cache.pointee.place == .builtin && cache.pointee.version == globals.pointee.keyVersion else {
      return false
    }
    at.registers[instruction.a] = cache.pointee.value
    return true
  }

  /// Takes the `loadMethod` behind the instruction along, where the global is a module.
  @inline(__always) func loadGlobalForMethod(_ at: inout LoopPosition, _ instruction: Instruction) -> Bool {
    let caches = at.code.pointee.caches
    guard let global = cachedSlot(at.frame.pointee.globals, caches + instruction.c) else { return false }
    let object = global.pointee.value
    if object.isOperandObject, object.header.pointee.kind == .module,
      let slot = cachedSlot(
        object.address(as: ModuleObject.self).pointee.globals, caches + at.pc.pointee.c)
    {
      at.registers[instruction.a] = slot.pointee.value
      at.registers[instruction.a &+ 1] = .unbound
      at.pc += 1
    } else {
      at.registers[instruction.a] = object
    }
    return true
  }

  @inline(__always) func storeGlobal(_ at: inout LoopPosition, _ instruction: Instruction) -> Bool {
    let cache = at.code.pointee.caches + instruction.c
    guard let slot = cachedSlot(at.frame.pointee.globals, cache) else { return false }
    slot.pointee.value = at.registers[instruction.a]
    return true
  }

  @inline(__always) func getAttribute(_ at: inout LoopPosition, _ instruction: Instruction) -> Bool {
    let object = at.registers[instruction.b]
    let cache = at.code.pointee.caches + instruction.c
    if object.isOperandObject {
      let kind = object.header.pointee.kind
      if kind == .instance {
        let instance = object.address(as: InstanceObject.self)
        let shape = UnsafeRawPointer(instance.pointee.shape.toOpaque())
        if shape == cache.pointee.slotShape {
          at.registers[instruction.a] = instance.pointee.slots[cache.pointee.slot]
          return true
        }
        if shape == cache.pointee.shape, cache.pointee.place == .classValue,
          cache.pointee.version == heap.typeVersion
        {
          at.registers[instruction.a] = cache.pointee.value
          return true
        }
      } else if kind == .module,
        let slot = cachedSlot(object.address(as: ModuleObject.self).pointee.globals, cache)
      {
        at.registers[instruction.a] = slot.pointee.value
        return true
      }
    }
    return false
  }

  @inline(__always) func loadMethod(_ at: inout LoopPosition, _ instruction: Instruction) -> Bool {
    let object = at.registers[instruction.b]
    let cache = at.code.pointee.caches + instruction.c
    if object.isOperandObject {
      let kind = object.header.pointee.kind
      if kind == .instance {
        let instance = object.address(as: InstanceObject.self)
        let shape = UnsafeRawPointer(instance.pointee.shape.toOpaque())
        if shape == cache.pointee.shape, cache.pointee.place == .method,
          cache.pointee.version == heap.typeVersion
        {
          at.registers[instruction.a] = cache.pointee.value
          at.registers[instruction.a &+ 1] = object
          return true
        }
        if shape == cache.pointee.slotShape {
          at.registers[instruction.a] = instance.pointee.slots[cache.pointee.slot]
          at.registers[instruction.a &+ 1] = .unbound
          return true
        }
      } else if kind == .module,
        let slot = cachedSlot(object.address(as: ModuleObject.self).pointee.globals, cache)
      {
        at.registers[instruction.a] = slot.pointee.value
        at.registers[instruction.a &+ 1] = .unbound
        return true
      } else if cache.pointee.shape == UnsafeRawPointer(object.header.pointee.type)
        && cache.pointee.place == .method && cache.pointee.version == heap.typeVersion
      {
        at.registers[instruction.a] = cache.pointee.value
        at.registers[instruction.a &+ 1] = object
        return true
      }
    }
    return false
  }

  @inline(__always) func setAttribute(_ at: inout LoopPosition, _ instruction: Instruction) -> Bool {
    let object = at.registers[instruction.a]
    let cache = at.code.pointee.caches + instruction.c
    if object.isOperandObject && object.header.pointee.kind == .instance {
      let instance = object.address(as: InstanceObject.self)
      let shape = UnsafeRawPointer(instance.pointee.shape.toOpaque())
      if cache.pointee.version == heap.typeVersion {
        let slot = cache.pointee.slot
        if shape == cache.pointee.slotShape {
          instance.pointee.slots[slot] = at.registers[instruction.b]
          return true
        }
        if shape == cache.pointee.shape, cache.pointee.place == .newSlot, slot < instance.pointee.capacity {
          instance.pointee.slots[slot] = at.registers[instruction.b]
          instance.pointee.shape = .fromOpaque(cache.pointee.nextShape.unsafelyUnwrapped)
          InstanceHandle.makeRoom(in: instance, besides: slot, heap)
          return true
        }
      }
    }
    return false
  }
}
