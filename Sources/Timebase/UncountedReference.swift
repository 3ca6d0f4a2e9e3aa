/// A reference that is not counted, for objects on the path of a task switch or of a frequent call of a
/// built-in: counting would take a good part of its time.
///
/// Invariant: the object outlives every such reference to it. This holds for objects that belong to a
/// firmware as a whole, the heap and the object that binds modules to the board: they go when nothing of the
/// firmware runs or is looked at any more.
@usableFromInline
package struct UncountedReference<Object: AnyObject> {
  @usableFromInline let object: Unmanaged<Object>

  @inlinable package init(_ object: Object) { self.object = .passUnretained(object) }

  /// Calls `body` with the object, which is not counted meanwhile either.
  @inlinable @inline(__always)
  package func use<Result, Failure: Error>(
    _ body: (Object) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outcome = object._withUnsafeGuaranteedRef { object -> Swift.Result<Result, Failure> in
      do throws(Failure) { return .success(try body(object)) } catch { return .failure(error) }
    }
    return try outcome.get()
  }

  /// The object as others hold it.
  @inlinable package var counted: Object { object.takeUnretainedValue() }
}
