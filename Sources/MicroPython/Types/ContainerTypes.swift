extension Interpreter {
  /// Fills in lists, tuples, dicts, sets, ranges, slices and the iterators over them.
  func installContainerTypes() {
    ListType.install(in: self)
    TupleType.install(in: self)
    DictType.install(in: self)
    SetType.install(in: self)
    RangeType.install(in: self)
    SliceType.install(in: self)
    installSequenceIterators()
    IteratorTypes.install(in: self)
  }
}
