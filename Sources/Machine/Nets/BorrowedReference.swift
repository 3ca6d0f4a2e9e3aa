/// A reference to an object that is borrowed for a call, where an ordinary one would be retained before it
/// and released after it. A write of a pin on a real line is little else than the kernel's own work, and one
/// such pair costs a twenty-fifth of that.
///
/// The holder may not assign it anew during a call with the object; debug builds check that, as for any
/// exclusive access. So the called code has to be the emulator's own, never an observer's or the firmware's.
struct BorrowedReference<Object: AnyObject>: ~Copyable {
  let object: Object

  @inline(__always) borrowing func lend<Result, Failure: Error>(
    _ body: (Object) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(object)
  }
}
