import Testing
import Timebase

@Suite("Observers")
struct ObserversTests {
  @Test("hear in the order in which they began, each until it is let go of")
  func order() {
    let observers = Observers<(Int) -> Void>()
    var heard: [String] = []
    var first: Observation? = observers.add { heard.append("a\($0)") }
    let second = observers.add { heard.append("b\($0)") }
    observers.callEach { $0(1) }
    first = nil
    observers.callEach { $0(2) }
    second.end()
    observers.callEach { $0(3) }
    #expect(heard == ["a1", "b1", "b2"])
    #expect(observers.isEmpty)
    _ = first
  }

  @Test("may come and go while they are called")
  func changing() {
    let observers = Observers<() -> Void>()
    var calls = 0
    var kept: [Observation] = []
    kept.append(
      observers.add {
        calls += 1
        kept = [observers.add { calls += 10 }]
      })
    observers.callEach { $0() }
    #expect(calls == 1)
    observers.callEach { $0() }
    #expect(calls == 11)
  }

  @Test("end without whom they observed")
  func outliving() {
    var observers: Observers<() -> Void>? = Observers()
    let observation = observers?.add {}
    observers = nil
    observation?.end()
  }
}
