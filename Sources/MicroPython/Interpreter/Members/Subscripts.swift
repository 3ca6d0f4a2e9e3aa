/// Subscripts: `a[b]`, `a[b] = c`, `del a[b]`.
extension Interpreter {
  package func getItem(_ object: Value, _ index: Value) throws(Raised) -> Value {
    if let instance = InstanceHandle(object) {
      let method = classMember(names.getitem, of: instance.type)
      if !method.isUnbound && !(method.isKind(.nativeFunction) && !instance.native.isUnbound) {
        return try callSpecial(method, on: object, index)
      }
      if !instance.native.isUnbound, !instance.native.isKind(.exception) {
        return try getItem(instance.native, index)
      }
    } else if let slot = type(of: object).info.getItem {
      return try slot(self, object, index)
    }
    throw error(.typeError, "'\(type(of: object).name)' object isn't subscriptable")
  }

  package func setItem(_ object: Value, _ index: Value, _ value: Value) throws(Raised) {
    if let instance = InstanceHandle(object) {
      let method = classMember(names.setitem, of: instance.type)
      if !method.isUnbound && !(method.isKind(.nativeFunction) && !instance.native.isUnbound) {
        _ = try callSpecial(method, on: object, index, value)
        return
      }
      if !instance.native.isUnbound { return try setItem(instance.native, index, value) }
    } else if let slot = type(of: object).info.setItem {
      return try slot(self, object, index, value)
    }
    throw error(.typeError, "'\(type(of: object).name)' object doesn't support item assignment")
  }

  package func deleteItem(_ object: Value, _ index: Value) throws(Raised) {
    if let instance = InstanceHandle(object) {
      let method = classMember(names.delitem, of: instance.type)
      if !method.isUnbound && !(method.isKind(.nativeFunction) && !instance.native.isUnbound) {
        _ = try callSpecial(method, on: object, index)
        return
      }
      if !instance.native.isUnbound { return try deleteItem(instance.native, index) }
    } else if let slot = type(of: object).info.deleteItem {
      return try slot(self, object, index)
    }
    throw error(.typeError, "'\(type(of: object).name)' object doesn't support item deletion")
  }
}
