/// Parks the running task at an `await`.
package final class Parking {
  /// Makes the running task wait; false when it can't, and the ordinary way shall be gone.
  let park: () -> Bool

  package init(_ park: @escaping () -> Bool) { self.park = park }
}
