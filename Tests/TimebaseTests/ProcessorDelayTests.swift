import Testing
import Timebase

/// What a busy host keeps from a thread.
@Suite struct ProcessorDelayTests {
  @Test("the time that a thread has waited for a processor only grows, and any thread can ask for it")
  func onlyGrows() throws {
    // Where the kernel does not count it, nothing is subtracted.
    guard let delay = ProcessorDelay() else { return }
    let before = delay.total
    let (asked, finished) = (HostSemaphore(), HostSemaphore())
    try startHostThread(name: "asks") {
      #expect(delay.total >= before)
      asked.signal()
      finished.wait()
    }
    asked.wait()
    finished.signal()
    #expect(delay.total >= before && before >= .zero)
  }
}
