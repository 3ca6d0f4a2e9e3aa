/// The outcome of one step of a native awaitable or iterator that is delegated to (`await`, `yield from`).
package enum AwaitStep {
  /// It is over; the value of the `await` expression.
  case finished(Value)
  /// The task parks; when it goes on, the `await` is over and its value is None. (One step for each `await`.)
  case parked
  /// The task parks (asyncio) or the generator yields this value; when it goes on, the awaitable is stepped again.
  case yielded(Value)
}
