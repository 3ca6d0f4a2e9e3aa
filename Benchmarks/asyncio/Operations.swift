import Asyncio
import CAllocationCount
import Timebase

/// Measures operations that nobody else competes for: in one task, without a switch.
@Firmware func measureOperations() async throws {
  let event = Event()
  try await measure("Event set, wait, clear") {
    event.set()
    try await event.wait()
    event.clear()
  }
  let lock = Lock()
  try await measure("Lock acquire, release") {
    try await lock.acquire()
    try lock.release()
  }
  try await measure("Lock withLock") { try await lock.withLock {} }
  let semaphore = Semaphore(1)
  try await measure("Semaphore acquire, release") {
    try await semaphore.acquire()
    semaphore.release()
  }
  let bounded = BoundedSemaphore(1)
  try await measure("BoundedSemaphore acquire, release") {
    try await bounded.acquire()
    try bounded.release()
  }
  let condition = Condition()
  try await measure("Condition acquire, notify, release") {
    try await condition.acquire()
    try condition.notify()
    try condition.release()
  }
  let queue = Queue<Int>(maxSize: 10)
  try await measure("Queue put, get") {
    try await queue.put(1)
    _ = try await queue.get()
  }
  let ring = RingbufQueue<Int>(size: 10)
  try await measure("RingbufQueue put, get") {
    try await ring.put(1)
    _ = try await ring.get()
  }
  let threadSafe = ThreadSafeQueue<Int>(size: 10)
  try await measure("ThreadSafeQueue put, get") {
    try await threadSafe.put(1)
    _ = try await threadSafe.get()
  }
  let flag = ThreadSafeFlag()
  try await measure("ThreadSafeFlag set, wait") {
    flag.set()
    try await flag.wait()
  }
}

@Firmware private func measure(_ name: String, _ operation: @Firmware () async throws -> Void) async throws {
  let count = 100_000
  var bestTime = Double.infinity
  var fewestAllocations = Double.infinity
  for _ in 0..<5 {
    try await operation()
    let before = allocation_count()
    let start = ContinuousClock.now
    for _ in 0..<count { try await operation() }
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    fewestAllocations = min(fewestAllocations, Double(allocation_count() - before) / Double(count))
    bestTime = min(bestTime, (Double(seconds) * 1e9 + Double(attoseconds) / 1e9) / Double(count))
  }
  let roundedTime = (bestTime * 10).rounded() / 10
  print(name, 1, roundedTime, (fewestAllocations * 1000).rounded() / 1000, separator: "\t")
}
